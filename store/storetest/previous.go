package storetest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// previousRelease is the folder with the SQL of the previous release, relative to the tests of a store.
const previousRelease = "../../sql/testdata/previous"

var queryName = regexp.MustCompile(`(?m)^-- name: (\w+) :\w+$`)

// PreviousQueries gives the queries of the previous release by name. During an update, servers of both releases run
// at the same time. So each of these queries must work on the schema of this release.
func PreviousQueries(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(previousRelease, "queries", "*.sql"))
	require.NoError(t, err)
	queries := make(map[string]string)
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		names := queryName.FindAllStringSubmatchIndex(string(content), -1)
		for i, at := range names {
			end := len(content)
			if i+1 < len(names) {
				end = names[i+1][0]
			}
			queries[string(content[at[2]:at[3]])] = strings.TrimSpace(string(content[at[1]:end]))
		}
	}
	require.NotEmpty(t, queries)
	return queries
}

// PreviousSchema gives the statements that make the previous release's schema.
func PreviousSchema(t *testing.T, engine string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(previousRelease, "migrations", engine, "*.sql"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var all strings.Builder
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		all.Write(content)
	}
	return all.String()
}
