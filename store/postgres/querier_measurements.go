package postgres

import (
	"context"

	"github.com/tidegate-io/tidegate/store/internal/postgresdb"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

func (q querier) MeasurementInsert(ctx context.Context, arg db.MeasurementInsertParams) error {
	return q.Queries.MeasurementInsert(ctx, postgresdb.MeasurementInsertParams(arg))
}

func (q querier) MeasurementList(ctx context.Context, arg db.MeasurementListParams) ([]db.Measurement, error) {
	rows, err := q.Queries.MeasurementList(ctx, postgresdb.MeasurementListParams(arg))
	return convert(rows, func(r postgresdb.Measurement) db.Measurement { return db.Measurement(r) }), err
}

func (q querier) MeasurementListWritten(ctx context.Context, since int64) ([]db.Measurement, error) {
	rows, err := q.Queries.MeasurementListWritten(ctx, since)
	return convert(rows, func(r postgresdb.Measurement) db.Measurement { return db.Measurement(r) }), err
}
