package postgres

import (
	"context"

	"github.com/tidegate-io/tidegate/store/internal/postgresdb"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

func (q querier) FlagConfigKill(ctx context.Context, arg db.FlagConfigKillParams) error {
	return q.Queries.FlagConfigKill(ctx, postgresdb.FlagConfigKillParams(arg))
}

func (q querier) ReleasePolicyGet(ctx context.Context, arg db.ReleasePolicyGetParams) (db.ReleasePolicy, error) {
	row, err := q.Queries.ReleasePolicyGet(ctx, postgresdb.ReleasePolicyGetParams(arg))
	return db.ReleasePolicy(row), err
}

func (q querier) ReleasePolicyList(ctx context.Context, project string) ([]db.ReleasePolicy, error) {
	rows, err := q.Queries.ReleasePolicyList(ctx, project)
	return convert(rows, func(r postgresdb.ReleasePolicy) db.ReleasePolicy { return db.ReleasePolicy(r) }), err
}

func (q querier) ReleasePolicyPut(ctx context.Context, arg db.ReleasePolicyPutParams) error {
	return q.Queries.ReleasePolicyPut(ctx, postgresdb.ReleasePolicyPutParams(arg))
}
