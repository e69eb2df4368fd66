package release

import (
	"fmt"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
)

// available tells whether the code that the flag's availability asks for is known to be where it is needed. With
// scope fleet that is everywhere, with scope instance it is somewhere.
func available(seen Observation) bool {
	a := seen.Flag.Config.Availability
	if a == nil {
		return false
	}
	if a.Scope == evaluator.ScopeFleet {
		return seen.Flag.FleetOpen
	}
	on, _ := seen.Fleet.Count(a.Service, a.Version)
	return on > 0
}

// closed tells whether the flag is closed for everybody. Then a step would expose nobody.
func closed(seen Observation) bool {
	a := seen.Flag.Config.Availability
	return a != nil && a.Scope == evaluator.ScopeFleet && !seen.Flag.FleetOpen
}

// availabilityLost tells whether a release that is under way had the code at some time since its start and has lost
// it. Known is false if the only reason may be that nobody can tell who is alive.
func availabilityLost(r Release, seen Observation) (what string, known, is bool) {
	a := seen.Flag.Config.Availability
	if a == nil || !UnderWay(r) || !r.State.Available || available(seen) {
		return "", false, false
	}
	on, alive := seen.Fleet.Count(a.Service, a.Version)
	switch {
	case a.Scope == evaluator.ScopeFleet && alive == 0:
		return fmt.Sprintf("no instance of %s is known to be alive, so the flag is closed", a.Service), false, true
	case a.Scope == evaluator.ScopeFleet:
		return fmt.Sprintf(
			"%d of %d live instances of %s have %s, so the flag is closed",
			on,
			alive,
			a.Service,
			a.Version,
		), true, true
	default:
		return fmt.Sprintf("no live instance of %s has %s any longer", a.Service, a.Version), true, alive > 0
	}
}

// afterAvailabilityLost takes the release back. It only pauses the release if the spec asks for that, if too little
// is known, or if the release cannot be taken back without a person.
func afterAvailabilityLost(r Release, seen Observation, what string, known bool, now time.Time) Decision {
	if known && r.Spec.OnRollback != OnRollbackPause {
		obstacle := keepsFromReverting(r, seen)
		if obstacle == "" {
			return revert(r, seen, fmt.Sprintf("Reverted: %s.", what), now)
		}
		what += "; not reverted, since " + obstacle
	}
	reason := fmt.Sprintf("Paused: %s.", what)
	decision := Decision{State: &State{}}
	*decision.State = r.State
	decision.State.Reason = reason
	if r.State.Phase == PhaseProgressing {
		decision = pause(r, now, reason)
	}
	decision.State.Available = false
	return decision
}

// waitUntilOpen keeps a release at its step for as long as the flag is closed. When the flag opens, the hold begins
// anew, since nobody saw the step while the flag was closed.
func waitUntilOpen(r Release, seen Observation, now time.Time) (decision Decision, waits bool) {
	if closed(seen) {
		a := seen.Flag.Config.Availability
		return explain(
			r,
			fmt.Sprintf("Step %d of %d, %s, waits until the whole fleet of %s has %s: until then the flag is closed.",
				r.State.Step+1, len(r.Spec.Steps), r.Spec.Steps[r.State.Step].label(), a.Service, a.Version),
		), true
	}
	a := seen.Flag.Config.Availability
	if r.State.Available || a == nil || a.Scope != evaluator.ScopeFleet {
		return Decision{}, false
	}
	state := r.State
	end := now.Add(time.Duration(r.Spec.Steps[state.Step].Hold))
	state.Available, state.HoldUntil = true, &end
	state.NextStepAt = nextStepAt(r, state, seen, now)
	state.Reason = standsAt(r.Spec, state) + fmt.Sprintf("the whole fleet of %s has %s.", a.Service, a.Version)
	return Decision{State: &state}, true
}
