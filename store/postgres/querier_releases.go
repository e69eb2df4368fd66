package postgres

import (
	"context"

	"github.com/tidegate-io/tidegate/store/internal/postgresdb"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

func (q querier) ChangeInsert(ctx context.Context, arg db.ChangeInsertParams) error {
	return q.Queries.ChangeInsert(ctx, postgresdb.ChangeInsertParams(arg))
}

func (q querier) ChangeList(ctx context.Context, arg db.ChangeListParams) ([]db.Change, error) {
	rows, err := q.Queries.ChangeList(ctx, postgresdb.ChangeListParams(arg))
	return convert(rows, func(r postgresdb.Change) db.Change { return db.Change(r) }), err
}

func (q querier) ChangeListByKey(ctx context.Context, arg db.ChangeListByKeyParams) ([]db.Change, error) {
	rows, err := q.Queries.ChangeListByKey(ctx, postgresdb.ChangeListByKeyParams(arg))
	return convert(rows, func(r postgresdb.Change) db.Change { return db.Change(r) }), err
}

func (q querier) ChangeListSubjects(
	ctx context.Context,
	arg db.ChangeListSubjectsParams,
) ([]db.ChangeListSubjectsRow, error) {
	rows, err := q.Queries.ChangeListSubjects(ctx, postgresdb.ChangeListSubjectsParams(arg))
	return convert(
		rows,
		func(r postgresdb.ChangeListSubjectsRow) db.ChangeListSubjectsRow { return db.ChangeListSubjectsRow(r) },
	), err
}

func (q querier) DeploymentGet(ctx context.Context, arg db.DeploymentGetParams) (db.Deployment, error) {
	row, err := q.Queries.DeploymentGet(ctx, postgresdb.DeploymentGetParams(arg))
	return db.Deployment(row), err
}

func (q querier) DeploymentGetByExternalID(
	ctx context.Context,
	arg db.DeploymentGetByExternalIDParams,
) (db.Deployment, error) {
	row, err := q.Queries.DeploymentGetByExternalID(ctx, postgresdb.DeploymentGetByExternalIDParams(arg))
	return db.Deployment(row), err
}

func (q querier) DeploymentInsert(ctx context.Context, arg db.DeploymentInsertParams) error {
	return q.Queries.DeploymentInsert(ctx, postgresdb.DeploymentInsertParams(arg))
}

func (q querier) DeploymentList(ctx context.Context, arg db.DeploymentListParams) ([]db.Deployment, error) {
	rows, err := q.Queries.DeploymentList(ctx, postgresdb.DeploymentListParams(arg))
	return convert(rows, func(r postgresdb.Deployment) db.Deployment { return db.Deployment(r) }), err
}

func (q querier) DeploymentUpdate(ctx context.Context, arg db.DeploymentUpdateParams) error {
	return q.Queries.DeploymentUpdate(ctx, postgresdb.DeploymentUpdateParams(arg))
}

func (q querier) InstanceList(ctx context.Context, arg db.InstanceListParams) ([]db.Instance, error) {
	rows, err := q.Queries.InstanceList(ctx, postgresdb.InstanceListParams(arg))
	return convert(rows, func(r postgresdb.Instance) db.Instance { return db.Instance(r) }), err
}

func (q querier) InstancePut(ctx context.Context, arg db.InstancePutParams) error {
	return q.Queries.InstancePut(ctx, postgresdb.InstancePutParams(arg))
}

func (q querier) LeaseInsert(ctx context.Context, arg db.LeaseInsertParams) (int64, error) {
	return q.Queries.LeaseInsert(ctx, postgresdb.LeaseInsertParams(arg))
}

func (q querier) LeaseRelease(ctx context.Context, arg db.LeaseReleaseParams) error {
	return q.Queries.LeaseRelease(ctx, postgresdb.LeaseReleaseParams(arg))
}

func (q querier) LeaseRenew(ctx context.Context, arg db.LeaseRenewParams) (int64, error) {
	return q.Queries.LeaseRenew(ctx, postgresdb.LeaseRenewParams(arg))
}

func (q querier) ReleaseGet(ctx context.Context, arg db.ReleaseGetParams) (db.Release, error) {
	row, err := q.Queries.ReleaseGet(ctx, postgresdb.ReleaseGetParams(arg))
	return db.Release(row), err
}

func (q querier) ReleaseListByEnvironment(
	ctx context.Context,
	arg db.ReleaseListByEnvironmentParams,
) ([]db.Release, error) {
	rows, err := q.Queries.ReleaseListByEnvironment(ctx, postgresdb.ReleaseListByEnvironmentParams(arg))
	return convert(rows, func(r postgresdb.Release) db.Release { return db.Release(r) }), err
}

func (q querier) ReleaseListOpen(ctx context.Context) ([]db.Release, error) {
	rows, err := q.Queries.ReleaseListOpen(ctx)
	return convert(rows, func(r postgresdb.Release) db.Release { return db.Release(r) }), err
}

func (q querier) ReleasePut(ctx context.Context, arg db.ReleasePutParams) error {
	return q.Queries.ReleasePut(ctx, postgresdb.ReleasePutParams(arg))
}
