package postgres

import (
	"context"

	"github.com/tidegate-io/tidegate/store/internal/postgresdb"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

func (q querier) EnvironmentCursor(
	ctx context.Context,
	arg db.EnvironmentCursorParams,
) (db.EnvironmentCursorRow, error) {
	row, err := q.Queries.EnvironmentCursor(ctx, postgresdb.EnvironmentCursorParams(arg))
	return db.EnvironmentCursorRow(row), err
}

func (q querier) EnvironmentGet(ctx context.Context, arg db.EnvironmentGetParams) (db.Environment, error) {
	row, err := q.Queries.EnvironmentGet(ctx, postgresdb.EnvironmentGetParams(arg))
	return db.Environment(row), err
}

func (q querier) EnvironmentInsert(ctx context.Context, arg db.EnvironmentInsertParams) error {
	return q.Queries.EnvironmentInsert(ctx, postgresdb.EnvironmentInsertParams(arg))
}

func (q querier) EnvironmentListAll(ctx context.Context) ([]db.Environment, error) {
	rows, err := q.Queries.EnvironmentListAll(ctx)
	return convert(rows, func(r postgresdb.Environment) db.Environment { return db.Environment(r) }), err
}

func (q querier) EnvironmentListByProject(ctx context.Context, project string) ([]db.Environment, error) {
	rows, err := q.Queries.EnvironmentListByProject(ctx, project)
	return convert(rows, func(r postgresdb.Environment) db.Environment { return db.Environment(r) }), err
}

func (q querier) EnvironmentRaise(ctx context.Context, arg db.EnvironmentRaiseParams) (int64, error) {
	return q.Queries.EnvironmentRaise(ctx, postgresdb.EnvironmentRaiseParams(arg))
}

func (q querier) EnvironmentUpdate(ctx context.Context, arg db.EnvironmentUpdateParams) error {
	return q.Queries.EnvironmentUpdate(ctx, postgresdb.EnvironmentUpdateParams(arg))
}

func (q querier) FlagConfigGet(ctx context.Context, arg db.FlagConfigGetParams) (db.FlagConfig, error) {
	row, err := q.Queries.FlagConfigGet(ctx, postgresdb.FlagConfigGetParams(arg))
	return db.FlagConfig(row), err
}

func (q querier) FlagConfigInsert(ctx context.Context, arg db.FlagConfigInsertParams) error {
	return q.Queries.FlagConfigInsert(ctx, postgresdb.FlagConfigInsertParams(arg))
}

func (q querier) FlagConfigListByEnvironment(
	ctx context.Context,
	arg db.FlagConfigListByEnvironmentParams,
) ([]db.FlagConfig, error) {
	rows, err := q.Queries.FlagConfigListByEnvironment(ctx, postgresdb.FlagConfigListByEnvironmentParams(arg))
	return convert(rows, func(r postgresdb.FlagConfig) db.FlagConfig { return db.FlagConfig(r) }), err
}

func (q querier) FlagConfigListByProject(ctx context.Context, project string) ([]db.FlagConfig, error) {
	rows, err := q.Queries.FlagConfigListByProject(ctx, project)
	return convert(rows, func(r postgresdb.FlagConfig) db.FlagConfig { return db.FlagConfig(r) }), err
}

func (q querier) FlagConfigListChanged(
	ctx context.Context,
	arg db.FlagConfigListChangedParams,
) ([]db.FlagConfigListChangedRow, error) {
	rows, err := q.Queries.FlagConfigListChanged(ctx, postgresdb.FlagConfigListChangedParams(arg))
	return convert(rows, func(r postgresdb.FlagConfigListChangedRow) db.FlagConfigListChangedRow {
		return db.FlagConfigListChangedRow(r)
	}), err
}

func (q querier) FlagConfigTouch(ctx context.Context, arg db.FlagConfigTouchParams) error {
	return q.Queries.FlagConfigTouch(ctx, postgresdb.FlagConfigTouchParams(arg))
}

func (q querier) FlagConfigUpdate(ctx context.Context, arg db.FlagConfigUpdateParams) error {
	return q.Queries.FlagConfigUpdate(ctx, postgresdb.FlagConfigUpdateParams(arg))
}

func (q querier) FlagGet(ctx context.Context, arg db.FlagGetParams) (db.Flag, error) {
	row, err := q.Queries.FlagGet(ctx, postgresdb.FlagGetParams(arg))
	return db.Flag(row), err
}

func (q querier) FlagInsert(ctx context.Context, arg db.FlagInsertParams) error {
	return q.Queries.FlagInsert(ctx, postgresdb.FlagInsertParams(arg))
}

func (q querier) FlagList(ctx context.Context, arg db.FlagListParams) ([]db.Flag, error) {
	rows, err := q.Queries.FlagList(ctx, postgresdb.FlagListParams(arg))
	return convert(rows, func(r postgresdb.Flag) db.Flag { return db.Flag(r) }), err
}

func (q querier) FlagUpdate(ctx context.Context, arg db.FlagUpdateParams) error {
	return q.Queries.FlagUpdate(ctx, postgresdb.FlagUpdateParams(arg))
}

func (q querier) ProjectGet(ctx context.Context, project string) (db.Project, error) {
	row, err := q.Queries.ProjectGet(ctx, project)
	return db.Project(row), err
}

func (q querier) ProjectInsert(ctx context.Context, arg db.ProjectInsertParams) error {
	return q.Queries.ProjectInsert(ctx, postgresdb.ProjectInsertParams(arg))
}

func (q querier) ProjectList(ctx context.Context) ([]db.Project, error) {
	rows, err := q.Queries.ProjectList(ctx)
	return convert(rows, func(r postgresdb.Project) db.Project { return db.Project(r) }), err
}

func (q querier) ProjectLock(ctx context.Context, project string) (db.Project, error) {
	row, err := q.Queries.ProjectLock(ctx, project)
	return db.Project(row), err
}

func (q querier) ProjectUpdate(ctx context.Context, arg db.ProjectUpdateParams) error {
	return q.Queries.ProjectUpdate(ctx, postgresdb.ProjectUpdateParams(arg))
}

func (q querier) SegmentGet(ctx context.Context, arg db.SegmentGetParams) (db.Segment, error) {
	row, err := q.Queries.SegmentGet(ctx, postgresdb.SegmentGetParams(arg))
	return db.Segment(row), err
}

func (q querier) SegmentInsert(ctx context.Context, arg db.SegmentInsertParams) error {
	return q.Queries.SegmentInsert(ctx, postgresdb.SegmentInsertParams(arg))
}

func (q querier) SegmentList(ctx context.Context, project string) ([]db.Segment, error) {
	rows, err := q.Queries.SegmentList(ctx, project)
	return convert(rows, func(r postgresdb.Segment) db.Segment { return db.Segment(r) }), err
}

func (q querier) SegmentListChanged(
	ctx context.Context,
	arg db.SegmentListChangedParams,
) ([]db.SegmentListChangedRow, error) {
	rows, err := q.Queries.SegmentListChanged(ctx, postgresdb.SegmentListChangedParams(arg))
	return convert(
		rows,
		func(r postgresdb.SegmentListChangedRow) db.SegmentListChangedRow { return db.SegmentListChangedRow(r) },
	), err
}

func (q querier) SegmentRevisionPut(ctx context.Context, arg db.SegmentRevisionPutParams) error {
	return q.Queries.SegmentRevisionPut(ctx, postgresdb.SegmentRevisionPutParams(arg))
}

func (q querier) SegmentUpdate(ctx context.Context, arg db.SegmentUpdateParams) error {
	return q.Queries.SegmentUpdate(ctx, postgresdb.SegmentUpdateParams(arg))
}

func (q querier) SettingInsert(ctx context.Context, arg db.SettingInsertParams) error {
	return q.Queries.SettingInsert(ctx, postgresdb.SettingInsertParams(arg))
}

func (q querier) SettingUpdate(ctx context.Context, arg db.SettingUpdateParams) (int64, error) {
	return q.Queries.SettingUpdate(ctx, postgresdb.SettingUpdateParams(arg))
}
