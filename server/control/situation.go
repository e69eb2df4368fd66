package control

import (
	"context"
	"time"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// Situation says where a release stands at the moment, for people.
func (s *Releases) Situation(ctx context.Context, r store.Release, now time.Time) (release.Situation, error) {
	seen, err := s.observe(ctx, r, now)
	if err != nil {
		return release.Situation{}, err
	}
	return release.SituationOf(r.Release, seen, now), nil
}
