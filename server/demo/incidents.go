package demo

import (
	"context"
	"time"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/edit"
	"github.com/tidegate-io/tidegate/store"
)

// recommendations is the flag that is killed in production.
const recommendations = "recommendations"

// planIncidents has a flag killed, and a quiet time announced.
func (s *shop) planIncidents() {
	s.at(40*time.Minute, func(ctx context.Context, at time.Time) error {
		_, err := s.releases.Kill(
			ctx,
			flagRef("production", recommendations),
			by(operations, "The recommendation service answers too slowly", at),
		)
		return err
	})
	s.at(day, func(ctx context.Context, at time.Time) error {
		from := s.now.Add(3 * day).Truncate(day)
		to := from.Add(2 * day)
		_, err := s.edits.UpdateEnvironment(
			ctx,
			environmentRef("production"),
			func(e store.Environment) (store.Environment, error) {
				e.Freezes = []release.Freeze{{From: from, To: &to, Reason: "Stocktaking in the warehouse"}}
				return e, nil
			},
			edit.Guard{},
			by(operations, "Nothing moves during stocktaking", at),
		)
		return err
	})
}
