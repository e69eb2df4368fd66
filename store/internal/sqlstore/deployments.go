package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"math"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

func deploymentOf(row db.Deployment) store.Deployment {
	return store.Deployment{
		EnvironmentRef: store.EnvironmentRef{Project: row.Project, Environment: row.Environment},
		Deployment: release.Deployment{
			ID:            row.ID,
			Service:       row.Service,
			Version:       row.Version,
			Status:        release.Status(row.Status),
			Source:        row.Source,
			ExternalID:    row.ExternalID,
			Commit:        row.GitCommit,
			Strategy:      release.Strategy(row.Strategy),
			Description:   row.Description,
			URL:           row.URL,
			TrafficWeight: int(row.TrafficWeight),
			StartedAt:     timeOf(row.StartedAt),
			FinishedAt:    timeOrNil(row.FinishedAt),
			UpdatedAt:     timeOf(row.UpdatedAt),
		},
	}
}

func deploymentRow(d store.Deployment) db.Deployment {
	return db.Deployment{
		Project:       d.Project,
		Environment:   d.Environment,
		ID:            d.ID,
		Service:       d.Service,
		Version:       d.Version,
		Status:        string(d.Status),
		Source:        d.Source,
		ExternalID:    d.ExternalID,
		GitCommit:     d.Commit,
		Strategy:      string(d.Strategy),
		Description:   d.Description,
		URL:           d.URL,
		StartedAt:     micros(d.StartedAt),
		FinishedAt:    microsOrNull(d.FinishedAt),
		UpdatedAt:     micros(d.UpdatedAt),
		TrafficWeight: int64(d.TrafficWeight),
	}
}

// PutDeployment stores a deployment or merges it into what is known of it.
func (s *Store) PutDeployment(
	ctx context.Context, d store.Deployment, by store.Attribution,
) (stored store.Deployment, changed bool, err error) {
	// The report is compared with the stored deployment, so its times must be rounded in the same way.
	report := deploymentOf(deploymentRow(d))
	err = s.write(ctx, by, func(tx *writeTx) error {
		revision, err := tx.raise(ctx, d.EnvironmentRef)
		if err != nil {
			return err
		}
		var before any
		if before, stored, changed, err = tx.mergeDeployment(ctx, report); err != nil {
			return err
		}
		if !changed {
			return errUnchanged
		}
		return tx.record(
			ctx,
			d.EnvironmentRef,
			revision,
			subject{store.ChangeDeployment, stored.ID},
			before,
			stored.Deployment,
		)
	})
	if err != nil {
		return store.Deployment{}, false, s.wrap(err, "put", "deployment %q of %q", d.ExternalID, d.Source)
	}
	return stored, changed, nil
}

// mergeDeployment writes the report. If the deployment is known already, it merges the report into it. Before is nil
// if it is not known.
func (tx *writeTx) mergeDeployment(
	ctx context.Context, report store.Deployment,
) (before any, stored store.Deployment, changed bool, err error) {
	row, err := tx.DeploymentGetByExternalID(ctx, db.DeploymentGetByExternalIDParams{
		Project: report.Project, Environment: report.Environment, Source: report.Source, ExternalID: report.ExternalID,
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, report, true, tx.DeploymentInsert(ctx, db.DeploymentInsertParams(deploymentRow(report)))
	}
	if err != nil {
		return nil, store.Deployment{}, false, err
	}
	known := deploymentOf(row)
	stored = known
	stored.Deployment, changed = release.Merge(known.Deployment, report.Deployment)
	if !changed {
		return known.Deployment, known, false, nil
	}
	return known.Deployment, stored, true, tx.updateDeployment(ctx, stored)
}

func (tx *writeTx) updateDeployment(ctx context.Context, d store.Deployment) error {
	row := deploymentRow(d)
	return tx.DeploymentUpdate(ctx, db.DeploymentUpdateParams{
		Service:       row.Service,
		Version:       row.Version,
		Status:        row.Status,
		GitCommit:     row.GitCommit,
		Strategy:      row.Strategy,
		Description:   row.Description,
		URL:           row.URL,
		StartedAt:     row.StartedAt,
		FinishedAt:    row.FinishedAt,
		UpdatedAt:     row.UpdatedAt,
		TrafficWeight: row.TrafficWeight,
		Project:       row.Project,
		Environment:   row.Environment,
		ID:            row.ID,
	})
}

// Deployment reads a deployment.
func (s *Store) Deployment(ctx context.Context, ref store.EnvironmentRef, id string) (store.Deployment, error) {
	row, err := s.queries().DeploymentGet(
		ctx,
		db.DeploymentGetParams{Project: ref.Project, Environment: ref.Environment, ID: id},
	)
	if err != nil {
		return store.Deployment{}, s.wrap(err, "read", "deployment %q", id)
	}
	return deploymentOf(row), nil
}

// ListDeployments gives ErrNotFound if there is no deployment filter.Before.
func (s *Store) ListDeployments(
	ctx context.Context, ref store.EnvironmentRef, filter store.DeploymentFilter,
) ([]store.Deployment, error) {
	page := db.DeploymentListParams{
		Project:     ref.Project,
		Environment: ref.Environment,
		Service:     filter.Service,
		Strategy:    string(filter.Strategy),
		BeforeStart: math.MaxInt64,
		N:           rowLimit(filter.Limit),
	}
	if filter.Before != "" {
		last, err := s.Deployment(ctx, ref, filter.Before)
		if err != nil {
			return nil, err
		}
		page.BeforeStart, page.BeforeID = micros(last.StartedAt), last.ID
	}
	rows, err := s.queries().DeploymentList(ctx, page)
	if err != nil {
		return nil, s.wrap(err, "list", "deployments of environment %s/%s", ref.Project, ref.Environment)
	}
	return convert(rows, deploymentOf), nil
}
