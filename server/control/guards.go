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
	// Breached tells whether Standing would report a guard of the release as breached. It costs little.
	Breached(ctx context.Context, r store.Release) (bool, error)
}

// Judge knows what is measured of releases, and which guards this server can check. The zero Judge measures nothing and
// refuses no guard.
type Judge struct {
	// Guards is nil where nothing is measured.
	Guards Guards
	// Refuses names the field of a guard that cannot be checked, and says why; "" if there is nothing wrong. It may
	// be nil.
	Refuses func(release.Guard) (field, reason string)
}

// checkGuards refuses what this server cannot check.
func (s *Releases) checkGuards(guards []release.Guard) error {
	if s.judge.Refuses == nil {
		return nil
	}
	var errs evaluator.CompileErrors
	for i, g := range guards {
		if field, reason := s.judge.Refuses(g); reason != "" {
			errs = append(
				errs,
				evaluator.CompileError{Pointer: fmt.Sprintf("/guards/%d/%s", i, field), Message: reason},
			)
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return errs
}

// measure adds what is measured of the release to what is seen. If the measurements cannot be read, they are left out
// and blind says why. So a failed read keeps nobody from reverting a release.
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

// measures tells whether the loop has reason to look for breaches between its turns.
func (l *Loop) measures() bool {
	for _, p := range l.places {
		for _, r := range p.releases {
			if l.guards != nil && r.hastens() {
				return true
			}
		}
	}
	return false
}

// breached tells whether there is a breached guard that the loop has not looked at yet. It marks the release of that
// guard, so that the next turn asks it. When a guard cannot be read, it stops, and leaves the rest to the next turn.
func (l *Loop) breached(ctx context.Context) (found bool) {
	ctx, cancel := context.WithTimeout(ctx, turnTimeout)
	defer cancel()
	for _, p := range l.places {
		for _, r := range p.releases {
			if l.guards == nil || !r.hastens() {
				continue
			}
			is, err := l.guards.Breached(ctx, r.Release)
			if err != nil {
				return found
			}
			if is {
				r.asked, r.hastened, found = false, true, true
			}
		}
	}
	return found
}

// hastens tells whether the loop should act on a breach of the release's guards before its next turn. It does so once
// only. After that the guard is still breached, whatever the release decided, so it must not wake the loop again.
func (r *tracked) hastens() bool {
	return r.asked && !r.hastened && !r.State.Breached && release.Guarded(r.Release.Release)
}

// unmoved tells whether the release need not be asked now. That is so if it was asked before, the only reason to ask
// again is that something might have been measured, and nothing was measured since.
func (r *tracked) unmoved(measurements int, now time.Time) bool {
	return r.asked && r.measurements == measurements && (r.turns.IsZero() || now.Before(r.turns)) &&
		release.Guarded(r.Release.Release)
}
