package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEveryGoroutineHasAnOwner: a panic in a goroutine that package supervise does not own would end the process.
func TestEveryGoroutineHasAnOwner(t *testing.T) {
	t.Parallel()
	files := 0
	for _, folder := range []string{"server", "store", "release", "client", "cmd"} {
		require.NoError(t, filepath.WalkDir(filepath.Join("..", "..", folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || runsInTests(path) {
				return err
			}
			files++
			requireOwners(t, path)
			return nil
		}))
	}
	require.Greater(t, files, 100)
}

// runsInTests tells whether a file is test support, or belongs to a program other than the server.
func runsInTests(path string) bool {
	folder := filepath.Base(filepath.Dir(path))
	return strings.HasSuffix(folder, "test") || strings.Contains(path, "testdata")
}

func requireOwners(t *testing.T, path string) {
	t.Helper()
	positions := token.NewFileSet()
	file, err := parser.ParseFile(positions, path, nil, 0)
	require.NoError(t, err)
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.GoStmt:
			require.Fail(t, "a go statement: use package supervise", positions.Position(node.Pos()))
		case *ast.CallExpr:
			called, is := node.Fun.(*ast.SelectorExpr)
			require.False(t, is && called.Sel.Name == "Go" && !owned(node), "%s: a goroutine without an owner: use supervise.Start", positions.Position(node.Pos()))
		}
		return true
	})
}

// owned tells whether package supervise runs what a group runs.
func owned(call *ast.CallExpr) (owned bool) {
	ast.Inspect(call, func(node ast.Node) bool {
		if selector, is := node.(*ast.SelectorExpr); is {
			name, is := selector.X.(*ast.Ident)
			owned = owned || is && name.Name == "supervise" && (selector.Sel.Name == "Try" || selector.Sel.Name == "Keep")
		}
		return true
	})
	return owned
}
