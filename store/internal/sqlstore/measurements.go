package sqlstore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

func measurementOf(row db.Measurement) (store.Measurement, error) {
	findings, err := decode[release.Findings](fmt.Sprintf("measurement of release %q", row.ReleaseID), row.Findings)
	return store.Measurement{
		EnvironmentRef: store.EnvironmentRef{Project: row.Project, Environment: row.Environment},
		Release:        row.ReleaseID,
		WrittenAt:      timeOf(row.WrittenAt),
		Measurement: release.Measurement{
			Observer: row.Observer, From: timeOf(row.StartsAt), Step: int(row.Step), Findings: findings,
		},
	}, err
}

// PutMeasurements stores all of them or none.
func (s *Store) PutMeasurements(ctx context.Context, measurements []store.Measurement) error {
	// All who write the same rows lock them in the same order.
	ordered := slices.SortedFunc(slices.Values(measurements), func(a, b store.Measurement) int {
		return cmp.Or(
			cmp.Compare(a.Project, b.Project),
			cmp.Compare(a.Environment, b.Environment),
			cmp.Compare(a.Release, b.Release),
			a.From.Compare(b.From),
			cmp.Compare(a.Step, b.Step),
			cmp.Compare(a.Observer, b.Observer),
		)
	})
	err := s.engine.Write(ctx, func(q db.Querier) error {
		for _, m := range ordered {
			findings, err := encode(m.Findings)
			if err != nil {
				return err
			}
			err = q.MeasurementInsert(ctx, db.MeasurementInsertParams{
				Project:     m.Project,
				Environment: m.Environment,
				ReleaseID:   m.Release,
				StartsAt:    micros(m.From),
				Step:        int64(m.Step),
				Observer:    m.Observer,
				WrittenAt:   micros(m.WrittenAt),
				Findings:    findings,
			})
			if err != nil {
				return s.wrap(err, "put", "measurement of release %q in %s/%s", m.Release, m.Project, m.Environment)
			}
		}
		return nil
	})
	return s.wrap(err, "put", "measurements")
}

// ListMeasurements gives what was measured of one release.
func (s *Store) ListMeasurements(
	ctx context.Context,
	ref store.EnvironmentRef,
	releaseID string,
) ([]store.Measurement, error) {
	rows, err := s.queries().MeasurementList(ctx, db.MeasurementListParams{
		Project: ref.Project, Environment: ref.Environment, ReleaseID: releaseID,
	})
	if err != nil {
		return nil, s.wrap(err, "list", "measurements of release %q in %s/%s", releaseID, ref.Project, ref.Environment)
	}
	return tryConvert(rows, measurementOf)
}

// ListNewMeasurements gives the measurements of all releases that were written since the given time.
func (s *Store) ListNewMeasurements(ctx context.Context, since time.Time) ([]store.Measurement, error) {
	rows, err := s.queries().MeasurementListWritten(ctx, micros(since))
	if err != nil {
		return nil, s.wrap(err, "list", "new measurements")
	}
	return tryConvert(rows, measurementOf)
}

// DeleteMeasurements forgets the measurements that were written before the given time.
func (s *Store) DeleteMeasurements(ctx context.Context, before time.Time) error {
	err := s.engine.Write(ctx, func(q db.Querier) error { return q.MeasurementDeleteBefore(ctx, micros(before)) })
	return s.wrap(err, "delete", "measurements")
}
