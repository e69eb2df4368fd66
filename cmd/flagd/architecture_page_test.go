package main_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// architecturePage is the page that describes the code, relative to this folder.
const architecturePage = "../../docs/architecture.md"

// unmapped are the packages that the page leaves out: generated code, programs, and support for tests.
var unmapped = regexp.MustCompile(`^(loadtest|examples|deploy|scripts)(/|$)|/gen/|db$|test$|/(e2e|faults|adversarial)$|conformance(/|$)|/e2e/providers`)

func TestArchitecturePageHasALineForEachPackage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(architecturePage)
	require.NoError(t, err)
	for _, pkg := range listPackages(t) {
		folder := strings.TrimPrefix(pkg.ImportPath, module+"/")
		if !unmapped.MatchString(folder) {
			require.Contains(t, string(page), "| `"+folder+"` |", "docs/architecture.md has no line for %s", folder)
		}
	}
}

func TestArchitecturePageNamesWhatExists(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(architecturePage)
	require.NoError(t, err)
	paths := regexp.MustCompile("`([a-z][A-Za-z0-9_.-]*/[A-Za-z0-9_./-]*)`").FindAllStringSubmatch(string(page), -1)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		_, err := os.Stat(filepath.Join("../..", path[1]))
		require.NoError(t, err, "docs/architecture.md names %s", path[1])
	}
}
