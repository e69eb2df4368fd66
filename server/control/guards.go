package control

import (
	"context"
	"fmt"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// Guards know what is measured of releases.
type Guards interface {
	Standing(ctx context.Context, r store.Release) (release.Standing, error)
}

// Consult has the loop decide upon what guards measure. It is called before Run; without it, nothing is measured.
func (l *Loop) Consult(guards Guards) { l.guards = guards }

// Consult has people see what guards measure, and guards that this server cannot check be refused when a release is prepared:
// refuses names the field and says why, "" if there is nothing wrong. It is called before anything else.
func (s *Releases) Consult(guards Guards, refuses func(release.Guard) (field, reason string)) {
	s.guards, s.refuses = guards, refuses
}

// checkGuards refuses what this server cannot check.
func (s *Releases) checkGuards(guards []release.Guard) error {
	if s.refuses == nil {
		return nil
	}
	var errs evaluator.CompileErrors
	for i, g := range guards {
		if field, reason := s.refuses(g); reason != "" {
			errs = append(errs, evaluator.CompileError{Pointer: fmt.Sprintf("/guards/%d/%s", i, field), Message: reason})
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return errs
}

// measure adds what is measured of the release to what is seen. What cannot be read is missing, and blind says why:
// nobody is kept from reverting a release by that.
func (v *view) measure(ctx context.Context, r store.Release, seen *release.Observation) (measurements int) {
	if v.guards == nil || !release.Guarded(r.Release) {
		return 0
	}
	standing, err := v.guards.Standing(ctx, r)
	if err != nil {
		v.blind = fmt.Errorf("read measurements: %w", err)
		return 0
	}
	seen.Readings, seen.Exposures = standing.Readings, standing.Exposures
	return standing.Measurements
}

// unmoved tells whether a release that was asked already is asked again only because something might have been measured,
// and nothing was.
func (r *tracked) unmoved(measurements int, now time.Time) bool {
	return r.asked && r.measurements == measurements && (r.turns.IsZero() || now.Before(r.turns)) && release.Guarded(r.Release.Release)
}
