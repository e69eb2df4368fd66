package sql_test

import (
	"fmt"
	"regexp"
	"strings"
)

// A migration may hold only statements of known kinds: everything that is not in safeStatements is refused. A known
// statement is refused too if it would take away something that the previous release reads.
//
// In PostgreSQL, a statement that only changes the catalogue holds its lock for an instant. A statement that rewrites
// or scans a table holds the lock as long as that takes, and every server waits. SQLite has only one server, and it
// is not started yet when its database is migrated. So for SQLite only the rules about the previous release are
// checked.
var safeStatements = []*regexp.Regexp{
	regexp.MustCompile(`^CREATE TABLE \w+ \(`),
	// A constant default is kept in the catalogue. A default that is computed for each row rewrites the table.
	regexp.MustCompile(`^ALTER TABLE \w+ ADD COLUMN \w+ \w+( COLLATE "C")?( DEFAULT (NULL|TRUE|FALSE|-?\d+|'[^']*'))?$`),
	regexp.MustCompile(`^ALTER TABLE \w+ ADD COLUMN \w+ \w+( COLLATE "C")? NOT NULL DEFAULT (TRUE|FALSE|-?\d+|'[^']*')$`),
	regexp.MustCompile(`^ALTER TABLE \w+ ALTER COLUMN \w+ (SET DEFAULT .+|DROP DEFAULT|DROP NOT NULL)$`),
	// VALIDATE CONSTRAINT checks the existing rows, in a migration of its own. Others can write meanwhile.
	regexp.MustCompile(`^ALTER TABLE \w+ ADD CONSTRAINT \w+ (CHECK|FOREIGN KEY) .* NOT VALID$`),
	regexp.MustCompile(`^ALTER TABLE \w+ VALIDATE CONSTRAINT \w+$`),
	concurrentIndex,
	regexp.MustCompile(`^DROP INDEX CONCURRENTLY (IF EXISTS )?\w+$`),
	dropTable,
	dropColumn,
}

var (
	createTable     = regexp.MustCompile(`^CREATE TABLE (\w+)`)
	createIndex     = regexp.MustCompile(`^CREATE (?:UNIQUE )?INDEX \w+ ON (\w+)`)
	concurrentIndex = regexp.MustCompile(`^CREATE (UNIQUE )?INDEX CONCURRENTLY \w+ ON \w+`)
	concurrently    = regexp.MustCompile(`^(CREATE (UNIQUE )?|DROP )INDEX CONCURRENTLY`)
	dropTable       = regexp.MustCompile(`^DROP TABLE (\w+)$`)
	dropColumn      = regexp.MustCompile(`^ALTER TABLE (\w+) DROP COLUMN \w+$`)
	rename          = regexp.MustCompile(`^ALTER TABLE \w+ RENAME`)
	addRequired     = regexp.MustCompile(`^ALTER TABLE \w+ ADD COLUMN .*NOT NULL`)
	comment         = regexp.MustCompile(`--[^\n]*`)
	space           = regexp.MustCompile(`\s+`)
	noTransaction   = regexp.MustCompile(`(?m)^-- \+goose NO TRANSACTION$`)
	goesDown        = regexp.MustCompile(`(?m)^-- \+goose Down$`)
)

// lint gives the problems of a migration for an engine. Previous holds the queries of the previous release.
func lint(engine, migration, previous string) (problems []string) {
	refuse := func(statement, why string) {
		problems = append(problems, fmt.Sprintf("%s: %s", statement, why))
	}
	if goesDown.MatchString(migration) {
		refuse("-- +goose Down", "migrations only go forward: what is wrong is put right by the next one")
	}
	made := make(map[string]bool)
	for _, statement := range statements(migration) {
		if table := createTable.FindStringSubmatch(statement); table != nil {
			made[table[1]] = true
		}
		for _, drop := range []*regexp.Regexp{dropTable, dropColumn} {
			if table := drop.FindStringSubmatch(statement); table != nil && mentions(previous, table[1]) {
				refuse(statement, "the previous release reads this table, all of its columns; drop it a release later")
			}
		}
		if rename.MatchString(statement) {
			refuse(statement, "the previous release knows the old name: add, copy, and drop a release later")
			continue
		}
		if addRequired.MatchString(statement) && !strings.Contains(statement, " DEFAULT ") {
			refuse(statement, "the previous release does not fill this column: give it a default")
			continue
		}
		if engine == "postgres" {
			lintLocks(statement, migration, made, refuse)
		}
	}
	return problems
}

// lintLocks refuses statements that would block others for a long time.
func lintLocks(statement, migration string, made map[string]bool, refuse func(statement, why string)) {
	if index := createIndex.FindStringSubmatch(statement); index != nil && made[index[1]] {
		return
	}
	if concurrently.MatchString(statement) && !noTransaction.MatchString(migration) {
		refuse(statement, "needs -- +goose NO TRANSACTION at the top of a migration of its own")
	}
	for _, safe := range safeStatements {
		if safe.MatchString(statement) {
			return
		}
	}
	refuse(statement, "is not known to be quick on a large table that is in use; see docs/migrations.md for what to do instead")
}

// statements are the statements of a migration, each in one line. Words of SQL are in capitals, as they are written.
func statements(migration string) (list []string) {
	for statement := range strings.SplitSeq(comment.ReplaceAllString(migration, ""), ";") {
		statement = strings.TrimSpace(space.ReplaceAllString(statement, " "))
		if statement != "" {
			list = append(list, statement)
		}
	}
	return list
}

// mentions tells whether a table is named in queries.
func mentions(queries, table string) bool {
	return regexp.MustCompile(`\b` + table + `\b`).MatchString(comment.ReplaceAllString(queries, ""))
}
