package release

import "time"

// clockTolerance is how far apart the clocks of replicas may be. A hold may seem too long by that much before a clock
// is blamed for it.
const clockTolerance = time.Minute

// resetHold begins a hold anew if the time to its end is longer than the whole hold. Then the hold began by a clock
// that was ahead and has been set back since. Without that the release would stand still for as long as that clock
// was ahead.
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
