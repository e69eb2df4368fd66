// Package flagdtest runs the real flagd, as a process of its own, for tests from end to end.
package flagdtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// binaryVariable names the flagd under test.
const binaryVariable = "FLAGD_TEST_BINARY"

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

	binary := filepath.Join(folder, "flagd")
	build := exec.Command("go", "build", "-o", binary, "github.com/tidegate-io/tidegate/cmd/flagd")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return complain("build cmd/flagd", err)
	}
	if err := os.Setenv(binaryVariable, binary); err != nil {
		return complain("name the flagd under test", err)
	}
	return m.Run()
}

func complain(what string, err error) int {
	fmt.Fprintf(os.Stderr, "flagdtest: %s: %v\n", what, err)
	return 1
}
