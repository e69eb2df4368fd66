package postgres

import (
	"github.com/tidegate-io/tidegate/store/internal/postgresdb"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

// querier gives the queries generated for Postgres the types of those generated for SQLite, which the shared logic is
// written against. Both come from one copy of the SQL and have the same fields: where they ever differ, a conversion
// here does not compile. Methods whose types are Go's own need no conversion and are Queries' own.
type querier struct {
	*postgresdb.Queries
}

var _ db.Querier = querier{}

func newQuerier(conn postgresdb.DBTX) querier { return querier{postgresdb.New(conn)} }

func convert[P, T any](rows []P, f func(P) T) []T {
	list := make([]T, 0, len(rows))
	for _, row := range rows {
		list = append(list, f(row))
	}
	return list
}
