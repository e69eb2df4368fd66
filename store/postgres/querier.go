package postgres

import (
	"github.com/tidegate-io/tidegate/store/internal/postgresdb"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

// querier wraps the queries generated for Postgres. It gives them the types of those generated for SQLite, which the
// shared logic uses. Both come from one copy of the SQL and have the same fields. If they ever differ, a conversion
// here does not compile. Methods that use only Go's own types need no conversion: they are those of Queries.
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
