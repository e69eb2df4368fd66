package server

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/tidegate-io/tidegate/store"
)

const (
	sweepInterval = time.Hour
	sweepTimeout  = time.Minute
	// instanceMemory is how long instances that are gone can still be looked up.
	instanceMemory = 24 * time.Hour
	// receiptMemory is how long a request with an Idempotency-Key can be repeated.
	receiptMemory = 24 * time.Hour
	// measurementMemory is how long the measurements of guards can still be looked up. A release that lasts longer
	// loses its oldest measurements.
	measurementMemory = 90 * 24 * time.Hour
)

// sweeper deletes expired data that only takes up room. Nothing depends on the deletion.
type sweeper struct {
	store store.Store
	now   func() time.Time
	log   *slog.Logger
}

// Run sweeps at once and then each hour, until ctx ends.
func (s *sweeper) Run(ctx context.Context) {
	ticker := time.NewTicker(sweepInterval)
	defer ticker.Stop()
	for {
		if err := s.sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "what has expired could not be deleted; it is tried again in an hour", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (s *sweeper) sweep(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, sweepTimeout)
	defer cancel()
	now := s.now()
	return errors.Join(
		s.store.DeleteExpiredSessions(ctx, now),
		s.store.DeleteInstances(ctx, now.Add(-instanceMemory)),
		s.store.DeleteReceipts(ctx, now.Add(-receiptMemory)),
		s.store.DeleteMeasurements(ctx, now.Add(-measurementMemory)),
	)
}
