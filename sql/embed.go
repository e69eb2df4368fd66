// Package sql holds the schema of the store: the migrations of each engine. The queries beside them are the source
// that sqlc generates store/internal/sqlitedb and store/internal/postgresdb from.
package sql

import "embed"

// Migrations holds migrations/sqlite and migrations/postgres, in goose's format. They are forward-only.
//
//go:embed migrations
var Migrations embed.FS
