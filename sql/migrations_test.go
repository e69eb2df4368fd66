package sql_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/sql"
)

var engines = []string{"postgres", "sqlite"}

// firstMigration makes the schema. Before it there is nothing that could be locked or read.
const firstMigration = "00001_initial.sql"

func TestMigrationsKeepServersAtWork(t *testing.T) {
	t.Parallel()
	for _, engine := range engines {
		checked := 0
		for _, name := range migrationNames(t, engine) {
			if name == firstMigration {
				continue
			}
			migration, err := fs.ReadFile(sql.Migrations, path.Join("migrations", engine, name))
			require.NoError(t, err)
			assert.Empty(t, lint(engine, string(migration), previousQueries(t)), "%s/%s", engine, name)
			checked++
		}
		require.NotZero(t, checked)
	}
}

func TestLintRefusesWhatLocksOrBreaksThePreviousRelease(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ statement, why string }{
		{`CREATE INDEX flags_by_owner ON flags (owner);`, "quick"},
		{`CREATE UNIQUE INDEX flags_by_owner ON flags (owner);`, "quick"},
		{`CREATE INDEX CONCURRENTLY flags_by_owner ON flags (owner);`, "NO TRANSACTION"},
		{`ALTER TABLE flags ALTER COLUMN version TYPE numeric;`, "quick"},
		{`ALTER TABLE flags ALTER COLUMN owner SET NOT NULL;`, "quick"},
		{`ALTER TABLE flags ADD COLUMN team text NOT NULL;`, "default"},
		{`ALTER TABLE flags ADD COLUMN seen timestamptz DEFAULT clock_timestamp();`, "quick"},
		{`ALTER TABLE flags ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY;`, "quick"},
		{`ALTER TABLE flags ADD CONSTRAINT named CHECK (name <> '');`, "quick"},
		{`ALTER TABLE flags ADD FOREIGN KEY (owner) REFERENCES users (id);`, "quick"},
		{`ALTER TABLE flags ADD PRIMARY KEY (owner);`, "quick"},
		{`ALTER TABLE flags RENAME COLUMN owner TO team;`, "old name"},
		{`ALTER TABLE flags RENAME TO features;`, "old name"},
		{`ALTER TABLE flags DROP COLUMN owner;`, "previous release reads"},
		{"ALTER TABLE\n  flags -- not any more\n  DROP COLUMN owner;", "previous release reads"},
		{`DROP TABLE leases;`, "previous release reads"},
		{`TRUNCATE leases;`, "quick"},
		{`LOCK TABLE flags;`, "quick"},
		{`UPDATE flags SET owner = '';`, "quick"},
		{`DELETE FROM changes;`, "quick"},
		{`VACUUM FULL flags;`, "quick"},
		{"CREATE TABLE teams (id text);\n-- +goose Down\nDROP TABLE teams;", "forward"},
	} {
		problems := lint("postgres", "-- +goose Up\n"+c.statement, previousQueries(t))
		require.NotEmpty(t, problems, c.statement)
		assert.Contains(t, problems[0], c.why)
	}
	for _, statement := range []string{
		`ALTER TABLE flags RENAME COLUMN owner TO team;`, `ALTER TABLE flags DROP COLUMN owner;`, `DROP TABLE leases;`,
		`ALTER TABLE flags ADD COLUMN team text NOT NULL;`,
	} {
		assert.NotEmpty(t, lint("sqlite", statement, previousQueries(t)), statement)
	}
}

func TestLintAcceptsExpandAndContract(t *testing.T) {
	t.Parallel()
	for _, migration := range []string{
		"CREATE TABLE teams (id text NOT NULL PRIMARY KEY); CREATE INDEX teams_by_id ON teams (id);",
		"ALTER TABLE flags ADD COLUMN team text;",
		`ALTER TABLE flags ADD COLUMN team text COLLATE "C" NOT NULL DEFAULT '';`,
		"ALTER TABLE flags ADD CONSTRAINT named CHECK (name <> '') NOT VALID;",
		"ALTER TABLE flags VALIDATE CONSTRAINT named;",
		"-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX CONCURRENTLY flags_by_owner ON flags (owner);",
		"-- +goose NO TRANSACTION\n-- +goose Up\nDROP INDEX CONCURRENTLY IF EXISTS flags_by_owner;\nCREATE INDEX CONCURRENTLY flags_by_owner ON flags (owner);",
		"DROP TABLE what_no_release_reads;",
	} {
		assert.Empty(t, lint("postgres", migration, previousQueries(t)), migration)
	}
}

func TestEnginesHaveTheSameMigrations(t *testing.T) {
	t.Parallel()
	require.Equal(t, migrationNames(t, "postgres"), migrationNames(t, "sqlite"))
}

// A released migration has been applied somewhere, so it must never change.
func TestReleasedMigrationsStayAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, engine := range engines {
		released, err := filepath.Glob(filepath.Join("testdata/previous/migrations", engine, "*.sql"))
		require.NoError(t, err)
		require.NotEmpty(t, released)
		for _, name := range released {
			was, err := os.ReadFile(name)
			require.NoError(t, err)
			is, err := fs.ReadFile(sql.Migrations, path.Join("migrations", engine, filepath.Base(name)))
			require.NoError(t, err)
			require.Equal(t, string(was), string(is), name)
		}
	}
}

func migrationNames(t *testing.T, engine string) (names []string) {
	t.Helper()
	entries, err := fs.ReadDir(sql.Migrations, path.Join("migrations", engine))
	require.NoError(t, err)
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// previousQueries are all those of the previous release.
func previousQueries(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("testdata/previous/queries/*.sql")
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
