// Package flagdtest runs the real flagd, as a process of its own, for tests from end to end.
package flagdtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const (
	// binaryVariable names the flagd under test.
	binaryVariable = "FLAGD_TEST_BINARY"

	command = "github.com/tidegate-io/tidegate/cmd/flagd"
	// sources lists, for all packages of this module that the command is made of, the folders and the embedded files.
	sources = `{{if .Module}}{{if .Module.Main}}{{$dir := .Dir}}{{$dir}}{{"\n"}}{{range .EmbedFiles}}{{$dir}}/{{.}}{{"\n"}}{{end}}{{end}}{{end}}`
)

// Main runs the tests of a package that uses Start: its TestMain calls it and exits with what it gives. It builds flagd
// into a temporary folder first, unless FLAGD_TEST_BINARY names one.
func Main(m *testing.M) int {
	if os.Getenv(binaryVariable) != "" {
		return m.Run()
	}
	folder, err := os.MkdirTemp("", "flagdtest")
	if err != nil {
		return complain("make a folder for flagd", err)
	}
	defer os.RemoveAll(folder)
	if err := build(filepath.Join(folder, "flagd")); err != nil {
		return complain("build cmd/flagd", err)
	}
	if err := touchSources(); err != nil {
		return complain("look at the sources of cmd/flagd", err)
	}
	return m.Run()
}

func build(binary string) error {
	goBuild := exec.Command("go", "build", "-o", binary, command)
	goBuild.Stderr = os.Stderr
	if err := goBuild.Run(); err != nil {
		return err
	}
	return os.Setenv(binaryVariable, binary)
}

// touchSources looks at every source of flagd. The go command caches the outcome of a test together with the files
// that the test looked at. It does not see what the compiler read. Without touchSources it would reuse an outcome of
// an older flagd.
func touchSources() error {
	list, err := exec.Command("go", "list", "-deps", "-f", sources, command).Output()
	if err != nil {
		return err
	}
	for path := range strings.Lines(string(list)) {
		path = strings.TrimSpace(path)
		if path == "" {
			continue
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		if err := file.Close(); err != nil {
			return err
		}
	}
	return nil
}

func complain(what string, err error) int {
	fmt.Fprintf(os.Stderr, "flagdtest: %s: %v\n", what, err)
	return 1
}
