package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/tidegate-io/tidegate"

// mayImport says which top folders of the repository each top folder may import, in whichever module they are. Each
// may also import itself. Tests may import anything. So may loadtest, because nothing imports it.
var mayImport = map[string][]string{
	"cmd":       {"server", "client", "release", "store", "supervise", "evaluator", "openapi", "ui"},
	"server":    {"supervise", "client", "release", "store", "evaluator", "openapi", "ui"},
	"client":    {"openapi", "release", "evaluator"},
	"store":     {"supervise", "release", "evaluator", "sql"},
	"openapi":   {"release", "evaluator"},
	"release":   {"evaluator"},
	"sdk":       {"evaluator"},
	"examples":  {"sdk"},
	"evaluator": {},
	"supervise": {},
	"deploy":    {},
	"scripts":   {},
	"sql":       {},
	"ui":        {},
}

// serverLayers are the packages of the server from the bottom to the top. Each may import only packages of lower
// layers. So no protocol imports another, and the code that serves from memory imports none of them. Test support has
// no layer.
var serverLayers = [][]string{
	{"cors", "evalcontext", "importer", "invalid", "measure", "observe/internal/decorate", "optimistic", "stream"},
	{"control", "edit", "replica"},
	{"feed", "problem"},
	{"body"},
	{"auth", "doctor", "hooks/recipes", "observe", "presence", "web"},
	{"demo", "hooks"},
	{"api", "flagdrpc", "hooks/kubernetes", "ofrep", "sdkapi"},
}

// pureImports is what evaluator may import besides the standard library: only hashing and versions.
var pureImports = []string{
	"github.com/Masterminds/semver/v3",
	"github.com/twmb/murmur3",
	"golang.org/x/mod/semver",
}

// impureImports are the parts of the standard library that would give evaluator and release a clock of their own,
// I/O, randomness or a logger. (The package time is allowed for its types. Reviewers must look for uses of its
// clock.)
var impureImports = []string{
	"crypto/rand", "database/sql", "log", "log/slog", "math/rand", "math/rand/v2", "net", "net/http", "os", "os/exec", "sync",
}

func TestImportsPointOneWay(t *testing.T) {
	t.Parallel()
	for _, pkg := range listPackages(t) {
		folder := topFolder(pkg.ImportPath)
		allowed, known := mayImport[folder]
		if folder == "loadtest" {
			continue
		}
		require.True(t, known, "%s: the folder %q has no place in mayImport", pkg.ImportPath, folder)
		for _, imported := range pkg.Imports {
			if !strings.HasPrefix(imported, module+"/") || topFolder(imported) == folder {
				continue
			}
			require.Contains(t, allowed, topFolder(imported), "%s imports %s", pkg.ImportPath, imported)
		}
	}
}

func TestPackagesOfTheServerImportLowerLayers(t *testing.T) {
	t.Parallel()
	layers := make(map[string]int)
	for layer, packages := range serverLayers {
		for _, pkg := range packages {
			layers[module+"/server/"+pkg] = layer
		}
	}
	for _, pkg := range listPackages(t) {
		// Packages with only tests import nothing.
		if !inServer(pkg.ImportPath) || len(pkg.Imports) == 0 {
			continue
		}
		layer, known := layers[pkg.ImportPath]
		require.True(t, known, "%s has no place in serverLayers", pkg.ImportPath)
		for _, imported := range pkg.Imports {
			if inServer(imported) {
				require.Less(t, layers[imported], layer, "%s imports %s", pkg.ImportPath, imported)
			}
		}
	}
}

// inServer tells whether a package is a part of the server that has a layer. The server itself has none, because it
// knows all of them. Generated code and test support have none either.
func inServer(importPath string) bool {
	return strings.HasPrefix(importPath, module+"/server/") && !supportsTests(importPath) && !strings.Contains(importPath, "/gen/")
}

func TestOnlyTheCommandNamesAStoreImplementation(t *testing.T) {
	t.Parallel()
	implementations := []string{module + "/store/postgres", module + "/store/sqlite", module + "/store/redis"}
	for _, pkg := range listPackages(t) {
		folder := topFolder(pkg.ImportPath)
		if folder == "cmd" || folder == "loadtest" || supportsTests(pkg.ImportPath) {
			continue
		}
		for _, imported := range pkg.Imports {
			require.NotContains(t, implementations, imported, "%s imports %s", pkg.ImportPath, imported)
		}
	}
}

func TestNothingButTestsImportsTestSupport(t *testing.T) {
	t.Parallel()
	for _, pkg := range listPackages(t) {
		if supportsTests(pkg.ImportPath) {
			continue
		}
		for _, imported := range pkg.Imports {
			inModule := strings.HasPrefix(imported, module+"/")
			require.False(t, inModule && supportsTests(imported), "%s imports %s", pkg.ImportPath, imported)
		}
	}
}

func TestEvaluatorAndReleaseArePure(t *testing.T) {
	t.Parallel()
	for _, pkg := range listPackages(t) {
		folder := topFolder(pkg.ImportPath)
		if folder != "evaluator" && folder != "release" || supportsTests(pkg.ImportPath) {
			continue
		}
		for _, imported := range pkg.Imports {
			require.NotContains(t, impureImports, imported, "%s imports %s", pkg.ImportPath, imported)
			external := strings.Contains(strings.Split(imported, "/")[0], ".") && !strings.HasPrefix(imported, module)
			require.False(t, external && !slices.Contains(pureImports, imported), "%s imports %s", pkg.ImportPath, imported)
		}
	}
}

// TestEditsKnowNoTransport: an edit follows the same rules whether it comes from a request, a file or a draft.
func TestEditsKnowNoTransport(t *testing.T) {
	t.Parallel()
	found := 0
	for _, pkg := range listPackages(t) {
		if pkg.ImportPath != module+"/server/edit" && pkg.ImportPath != module+"/server/invalid" {
			continue
		}
		found++
		for _, imported := range pkg.Imports {
			require.False(t, strings.HasPrefix(imported, "net/http"), "%s imports %s", pkg.ImportPath, imported)
			require.NotContains(t, []string{module + "/openapi", module + "/server/api", module + "/server/problem", module + "/server/body"},
				imported, "%s imports %s", pkg.ImportPath, imported)
		}
	}
	require.Equal(t, 2, found)
}

// goPackage is the part of what `go list -json` prints that the rules need.
type goPackage struct {
	ImportPath string
	Imports    []string
}

// listPackages gives every package of every module, with the imports of its code but not of its tests.
func listPackages(t *testing.T) []goPackage {
	t.Helper()
	var packages []goPackage
	for _, folder := range moduleFolders(t) {
		command := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "./...")
		command.Dir = folder
		output, err := command.Output()
		require.NoError(t, err, "list the packages of the module in %s", folder)
		for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
			var pkg goPackage
			if err := decoder.Decode(&pkg); errors.Is(err, io.EOF) {
				break
			} else {
				require.NoError(t, err, "decode what go list printed")
			}
			packages = append(packages, pkg)
		}
	}
	require.NotEmpty(t, packages)
	return packages
}

// topFolder is the folder right under the root of the repository that holds the package.
func topFolder(importPath string) string {
	folder, _, _ := strings.Cut(strings.TrimPrefix(importPath, module+"/"), "/")
	return folder
}

// supportsTests tells by its name whether a package exists only for the tests of others: storetest, flagdtest, ….
func supportsTests(importPath string) bool {
	return strings.HasSuffix(importPath, "test") && topFolder(importPath) != "loadtest"
}
