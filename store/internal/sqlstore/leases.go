package sqlstore

import (
	"context"
	"time"

	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

// AcquireLease renews or takes the lease, or else makes it.
func (s *Store) AcquireLease(ctx context.Context, name, holder string, now, until time.Time) (bool, error) {
	var rows int64
	err := s.engine.Write(ctx, func(q db.Querier) (err error) {
		rows, err = q.LeaseRenew(ctx, db.LeaseRenewParams{
			Holder: holder, Until: micros(until), Name: name,
			Now: micros(now), Latest: micros(until.Add(store.LeaseTolerance)),
		})
		if err != nil || rows > 0 {
			return err
		}
		rows, err = q.LeaseInsert(ctx, db.LeaseInsertParams{Name: name, Holder: holder, Until: micros(until)})
		return err
	})
	if err != nil {
		return false, s.wrap(err, "acquire", "lease %q", name)
	}
	return rows > 0, nil
}

// ReleaseLease gives the lease up.
func (s *Store) ReleaseLease(ctx context.Context, name, holder string) error {
	err := s.engine.Write(ctx, func(q db.Querier) error {
		return q.LeaseRelease(ctx, db.LeaseReleaseParams{Name: name, Holder: holder})
	})
	return s.wrap(err, "release", "lease %q", name)
}
