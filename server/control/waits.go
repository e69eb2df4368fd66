package control

import (
	"context"
	"time"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// Waits says what a release waits for at the moment, for people.
func (s *Releases) Waits(ctx context.Context, r store.Release, now time.Time) ([]release.Wait, error) {
	if r.State.Phase != release.PhasePending && r.State.Phase != release.PhaseProgressing {
		return nil, nil
	}
	seen, err := s.observe(ctx, r, now)
	if err != nil {
		return nil, err
	}
	return release.Waits(r.Release, seen, now), nil
}
