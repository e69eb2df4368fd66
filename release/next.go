package release

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
)

// Observation is what is seen of the world around a release.
type Observation struct {
	// Flag is the flag with its current configuration.
	Flag evaluator.Flag
	// ConfigVersion is the version of that configuration.
	ConfigVersion int64
	// Deployments are those of the trigger's service in the release's environment.
	Deployments []Deployment
	// Fleet is who is alive in the release's environment, of all services.
	Fleet Fleet
	// Upstream is the latest release of the flag and environment that the trigger names; nil where there is none.
	Upstream *Release
	// Freezes are those of the release's environment.
	Freezes []Freeze
	// Killed is set while the flag is killed in the release's environment.
	Killed *Kill
	// Exposures is how often the release has served the variation since the step was taken; nil if that is not known.
	Exposures *int64
	// Readings tell where the guards stand in the current step. If nothing was measured, there are none.
	Readings []Reading
}

// Decision is what has to be done with a release. Either that is nothing, or State has to be stored. If Config is not
// nil, it is the flag's new configuration and has to be stored together with State.
type Decision struct {
	State  *State
	Config *evaluator.FlagConfig
}

// None tells whether there is nothing to do.
func (d Decision) None() bool { return d.State == nil }

// Next decides what a release does by itself. Applied twice at the same now, it changes nothing the second time. It
// takes at most one step at a time. Each hold counts from the moment at which its step was taken, or at which the
// flag's availability of scope fleet opened. So no step is skipped or repeated, however late Next is called and
// wherever the clock jumps.
//
// A pending release starts when its trigger is met, also if the trigger was met before. A progressing release takes
// the next step when it waits for nothing, see Waits. It pauses when somebody else has edited or killed the flag. It
// reverts or pauses when its code is lost or one of its guards is breached. The loss of the code also reverts paused
// and completed releases. The loss of the flag's availability, or a breach, also reverts a paused release that is
// under way. What the release serves is taken back only if nobody has put something else in its place. No window and
// no freeze ever keeps a release from reverting.
func Next(r Release, seen Observation, now time.Time) Decision {
	if lost, is := codeLost(r, seen.Deployments); is {
		return afterLoss(r, seen, lost, now)
	}
	if what, known, is := availabilityLost(r, seen); is && r.Spec.OnRollback != OnRollbackIgnore {
		return afterAvailabilityLost(r, seen, what, known, now)
	}
	if reading, reaction, is := breach(r, seen); is && seen.Killed == nil {
		return afterBreach(r, seen, reading, reaction, now)
	}
	switch r.State.Phase {
	case PhasePending:
		return nextPending(r, seen, now)
	case PhaseProgressing:
		return nextProgressing(r, seen, now)
	default:
		return Decision{}
	}
}

// Idle tells that Next decides nothing now, whatever the flag, its configuration and its kill are. So the caller need
// not look at these, and seen need not have them. There is one exception: a release that is under way may lose the
// availability of its flag. Whoever knows the flag has to notice that.
func Idle(r Release, seen Observation, now time.Time) bool {
	if _, lost := codeLost(r, seen.Deployments); lost {
		return false
	}
	switch r.State.Phase {
	case PhasePending:
		waits := Waits(r, seen, now)
		return len(waits) > 0 && await(r, waits, now).None()
	case PhaseProgressing:
		return false
	default:
		_, _, breached := breach(r, seen)
		return !breached
	}
}

// Due is the first moment after now at which Next may decide something even if nothing that is seen changes; zero:
// never.
func Due(r Release, now time.Time) (first time.Time) {
	if r.State.Phase != PhasePending && r.State.Phase != PhaseProgressing {
		return first
	}
	for _, at := range []*time.Time{r.State.HoldUntil, r.State.NextStepAt, r.Spec.Trigger.At} {
		if at != nil && at.After(now) && (first.IsZero() || at.Before(first)) {
			first = *at
		}
	}
	return first
}

// Watches tells whether a change of the fleet or of the measurements may make Next decide something. Nobody announces
// such changes.
func Watches(r Release) bool {
	if r.State.Phase == PhasePending {
		d := r.Spec.Trigger.Deployment
		return d != nil && (d.MinInstances > 0 || d.MinShare > 0)
	}
	return Guarded(r)
}

func nextPending(r Release, seen Observation, now time.Time) Decision {
	if waits := Waits(r, seen, now); len(waits) > 0 {
		return await(r, waits, now)
	}
	_, met, deployment := triggerWaits(r, seen, now)
	why := strings.Join(met, " and ")
	decision, err := start(r, seen, deployment, why, now)
	if err != nil {
		return explain(r, fmt.Sprintf("Cannot start, although %s: %s.", why, err))
	}
	return decision
}

func nextProgressing(r Release, seen Observation, now time.Time) Decision {
	if seen.Killed != nil {
		return pause(
			r,
			now,
			fmt.Sprintf("Paused: the flag was %s; restore it and resume, or revert.", seen.Killed.describe()),
		)
	}
	if edited(r, seen) {
		return pause(
			r,
			now,
			fmt.Sprintf(
				"Paused: the flag was edited (its configuration is at version %d, the release wrote %d); resume to go on from there, or revert.",
				seen.ConfigVersion,
				r.State.ConfigVersion,
			),
		)
	}
	if decision, reset := resetHold(r, seen, now); reset {
		return decision
	}
	if decision, waits := waitUntilOpen(r, seen, now); waits {
		return decision
	}
	if waits := Waits(r, seen, now); len(waits) > 0 {
		if decision, is := pauseForData(r, waits, now); is {
			return decision
		}
		return await(r, waits, now)
	}
	decision, err := take(r, seen, r.State.Step+1, "the hold is over", now)
	if err != nil {
		return pause(r, now, fmt.Sprintf("Paused: the next step cannot be taken: %s.", err))
	}
	return decision
}

// await stores what the release waits for and until when, if that has changed. During the hold the reason stays that
// of the step.
func await(r Release, waits []Wait, now time.Time) Decision {
	state := r.State
	state.NextStepAt = due(waits, now)
	text := waiting(waits, true) + "."
	switch {
	case state.Phase == PhaseProgressing:
		state.HoldUntil = r.State.holdEnd()
		if !slices.ContainsFunc(waits, func(w Wait) bool { return w.Kind == WaitHold }) {
			state.Reason = standsAt(r.Spec, state) + text
		}
	case !strings.HasSuffix(state.Reason, text[1:]): // it may begin with what somebody did
		state.Reason = capitalize(text)
	}
	if state.Reason == r.State.Reason && sameTime(state.NextStepAt, r.State.NextStepAt) {
		return Decision{}
	}
	return Decision{State: &state}
}

func sameTime(a, b *time.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equal(*b)
}

// afterLoss reacts to a deployment that took away the code that r releases.
func afterLoss(r Release, seen Observation, lost Deployment, now time.Time) Decision {
	what := describe(lost)
	if r.Spec.OnRollback != OnRollbackPause {
		obstacle := keepsFromReverting(r, seen)
		if obstacle == "" {
			return revert(r, seen, fmt.Sprintf("Reverted: %s.", what), now)
		}
		what += "; not reverted, since " + obstacle
	}
	switch r.State.Phase {
	case PhaseProgressing:
		return pause(r, now, fmt.Sprintf("Paused: %s.", what))
	case PhasePaused:
		return explain(r, fmt.Sprintf("Paused: %s.", what))
	default:
		return explain(r, fmt.Sprintf("Completed, but %s.", what))
	}
}

// keepsFromReverting says why only a person can take the release back; "" if it can be taken back by itself. There
// are two possible reasons: somebody has put something else in place of what the release serves, or what was served
// before is no longer there.
func keepsFromReverting(r Release, seen Observation) string {
	if gone, is := missing(seen.Flag, r.State.Base.served()); is {
		return fmt.Sprintf("the flag no longer has the variation %q that it served before", gone)
	}
	if !stillServes(r, seen) {
		return "the flag was edited"
	}
	return ""
}

// describe says what happened to a deployment.
func describe(d Deployment) string {
	switch d.Status {
	case StatusFailed:
		return fmt.Sprintf("the deployment of %s %s failed", d.Service, d.Version)
	case StatusRolledBack:
		return fmt.Sprintf("%s %s was rolled back", d.Service, d.Version)
	default:
		return fmt.Sprintf("%s went back to %s", d.Service, d.Version)
	}
}

// explain changes only the reason.
func explain(r Release, reason string) Decision {
	if r.State.Reason == reason {
		return Decision{}
	}
	state := r.State
	state.Reason = reason
	return Decision{State: &state}
}
