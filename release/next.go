package release

import (
	"fmt"
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
}

// Decision is what is to be done with a release: nothing, or to store State and, where Config is not nil, the flag's new
// configuration together with it.
type Decision struct {
	State  *State
	Config *evaluator.FlagConfig
}

// None tells whether nothing is to be done.
func (d Decision) None() bool { return d.State == nil }

// Next decides what a release does by itself. Applied twice at the same now it changes nothing the second time. It takes
// at most one step at a time and counts each hold from the moment at which its step is taken, or the flag's availability
// of scope fleet opens, so however late it is called, or wherever the clock jumps, no step is skipped or repeated.
//
// A pending release starts when its trigger is met, also if it was met before. A progressing one takes the next step when
// the hold is over, pauses when somebody else has edited the flag, and reverts or pauses when its code is lost. The
// loss of the code also reverts paused and completed releases, that of the flag's availability those that are under way.
// What the release serves is taken back only where nobody has put something else in its place.
func Next(r Release, seen Observation, now time.Time) Decision {
	if lost, is := codeLost(r, seen.Deployments); is {
		return afterLoss(r, seen, lost, now)
	}
	if what, known, is := availabilityLost(r, seen); is && r.Spec.OnRollback != OnRollbackIgnore {
		return afterAvailabilityLost(r, seen, what, known, now)
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

// Idle tells that Next decides nothing now, whatever the flag and its configuration are: they need not be looked at, and
// seen.Flag is not. A release that is under way is idle only until the availability of its flag is lost, which is for
// whoever knows the flag to notice.
func Idle(r Release, seen Observation, now time.Time) bool {
	if _, lost := codeLost(r, seen.Deployments); lost {
		return false
	}
	switch r.State.Phase {
	case PhasePending:
		_, _, is := met(r.Spec.Trigger, seen.Deployments, now)
		return !is
	case PhaseProgressing:
		return false
	default:
		return true
	}
}

// Due is when Next may decide something although nothing changes that is seen, zero: never.
func Due(r Release) time.Time {
	switch {
	case r.State.Phase == PhaseProgressing && r.State.NextStepAt != nil:
		return *r.State.NextStepAt
	case r.State.Phase == PhasePending && r.Spec.Trigger.At != nil:
		return *r.Spec.Trigger.At
	default:
		return time.Time{}
	}
}

func nextPending(r Release, seen Observation, now time.Time) Decision {
	origin, why, is := met(r.Spec.Trigger, seen.Deployments, now)
	if !is {
		return Decision{}
	}
	decision, err := start(r, seen, origin, why, now)
	if err != nil {
		return explain(r, fmt.Sprintf("Cannot start, although %s: %s.", why, err))
	}
	return decision
}

// met tells whether the trigger is met, why, and by which deployment, if by one.
func met(trigger Trigger, deployments []Deployment, now time.Time) (deployment, why string, is bool) {
	switch {
	case trigger.Deployment != nil:
		origin, is := triggered(*trigger.Deployment, deployments)
		return origin.ID, fmt.Sprintf("%s %s was deployed", origin.Service, origin.Version), is
	case trigger.At != nil:
		return "", fmt.Sprintf("the time %s has come", trigger.At.UTC().Format(time.RFC3339)), !now.Before(*trigger.At)
	default:
		return "", "", false
	}
}

func nextProgressing(r Release, seen Observation, now time.Time) Decision {
	if edited(r, seen) {
		return pause(r, now, fmt.Sprintf("Paused: the flag was edited (its configuration is at version %d, the release wrote %d); resume to go on from there, or revert.",
			seen.ConfigVersion, r.State.ConfigVersion))
	}
	if decision, waits := waitUntilOpen(r, seen, now); waits {
		return decision
	}
	if r.State.NextStepAt == nil || now.Before(*r.State.NextStepAt) {
		return Decision{}
	}
	decision, err := take(r, seen, r.State.Step+1, "the hold is over", now)
	if err != nil {
		return pause(r, now, fmt.Sprintf("Paused: the next step cannot be taken: %s.", err))
	}
	return decision
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

// keepsFromReverting says why a release cannot be taken back without a person, "" if it can: somebody has put something
// else in place of what it serves, or what was served before is no longer there.
func keepsFromReverting(r Release, seen Observation) string {
	if gone, is := missing(seen.Flag, r.State.Base.Fallthrough); is {
		return fmt.Sprintf("the flag no longer has the variation %q that it served before", gone)
	}
	if !stillServes(r, seen) {
		return "the flag was edited"
	}
	return ""
}

// describe says what became of a deployment.
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

// explain changes the reason alone.
func explain(r Release, reason string) Decision {
	if r.State.Reason == reason {
		return Decision{}
	}
	state := r.State
	state.Reason = reason
	return Decision{State: &state}
}
