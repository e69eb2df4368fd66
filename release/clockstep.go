package release

import "time"

// clockTolerance is how far the clocks of replicas may be apart before a hold that seems too long is the fault of a
// clock.
const clockTolerance = time.Minute

// resetHold begins a hold anew whose end is further away than it is long: the clock by which it began was ahead, and
// has been set back since. Without that a release would stand still for as long as the clock was wrong.
func resetHold(r Release, seen Observation, now time.Time) (decision Decision, reset bool) {
	end, hold := r.State.holdEnd(), time.Duration(r.Spec.Steps[r.State.Step].Hold)
	if end == nil || end.Sub(now) <= hold+clockTolerance {
		return Decision{}, false
	}
	state := r.State
	until := now.Add(hold)
	state.StepAt, state.HoldUntil = &now, &until
	state.NextStepAt = nextStepAt(r, state, seen, now)
	state.Reason = standsAt(r.Spec, state) + "the clock was set back, so the hold begins anew."
	return Decision{State: &state}, true
}
