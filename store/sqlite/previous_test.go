package sqlite_test

import (
	"database/sql"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store/storetest"
)

// The previous release must run on a file from a newer release, because a user may go back to the previous release.
func TestThePreviousReleaseRunsOnThisSchema(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	open(t, path)
	present, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer func() { require.NoError(t, present.Close()) }()
	previous, err := sql.Open("sqlite", newPath(t))
	require.NoError(t, err)
	defer func() { require.NoError(t, previous.Close()) }()
	_, err = previous.ExecContext(t.Context(), storetest.PreviousSchema(t, "sqlite"))
	require.NoError(t, err)

	for name, query := range storetest.PreviousQueries(t) {
		requireCompiled(t, previous, query, name+" on its own schema")
		requireCompiled(t, present, query, name)
	}
	for column := range requiredColumns(t, present) {
		if requiredColumns(t, previous)[column] {
			continue
		}
		var known bool
		err := previous.QueryRowContext(t.Context(), "SELECT count(*) > 0 FROM sqlite_schema WHERE name = ?", column.table).Scan(&known)
		require.NoError(t, err)
		assert.False(t, known, "the previous release does not fill %s.%s", column.table, column.name)
	}
}

type column struct{ table, name string }

// requiredColumns are the columns that an INSERT has to name. They are not nullable and have no default.
func requiredColumns(t *testing.T, db *sql.DB) map[column]bool {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT s.name, c.name FROM sqlite_schema s JOIN pragma_table_info(s.name) c
		WHERE s.type = 'table' AND c."notnull" AND c.dflt_value IS NULL`)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	required := make(map[column]bool)
	for rows.Next() {
		var c column
		require.NoError(t, rows.Scan(&c.table, &c.name))
		required[c] = true
	}
	require.NoError(t, rows.Err())
	require.NotEmpty(t, required)
	return required
}

var parameter = regexp.MustCompile(`@(\w+)`)

// requireCompiled has SQLite compile a query without running it.
func requireCompiled(t *testing.T, db *sql.DB, query, what string) {
	t.Helper()
	var arguments []any
	for _, name := range parameter.FindAllStringSubmatch(query, -1) {
		arguments = append(arguments, sql.Named(name[1], nil))
	}
	_, err := db.ExecContext(t.Context(), "EXPLAIN "+query, arguments...)
	require.NoError(t, err, what)
}
