package release

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
)

// New is a release that waits for its trigger. If there is nothing to wait for, it starts as soon as somebody calls
// Next.
func New(id, flag string, spec Spec, seen Observation, now time.Time) Release {
	r := Release{ID: id, Flag: flag, Spec: spec, State: State{Phase: PhasePending, Step: -1}}
	waits := Waits(r, seen, now)
	r.State.Reason, r.State.NextStepAt = capitalize(pending(waits))+".", due(waits, now)
	return r
}

// pending says what a pending release is about to do.
func pending(waits []Wait) string {
	if len(waits) == 0 {
		return "about to start"
	}
	return waiting(waits, true)
}

// start takes the first step, on top of what the flag serves now.
func start(r Release, seen Observation, deployment, why string, now time.Time) (Decision, error) {
	base, err := baseOf(r.Spec.Target, seen.Flag.Config)
	if err != nil {
		return Decision{}, err
	}
	r.State = State{Base: &base, StartedAt: &now, Deployment: deployment, Approvals: r.State.Approvals}
	return take(r, seen, 0, why, now)
}

// take serves the step with the given index, and completes the release if it is the last one.
func take(r Release, seen Observation, index int, why string, now time.Time) (Decision, error) {
	config, err := expose(r, seen.Flag, index)
	if err != nil {
		return Decision{}, err
	}
	step, state := r.Spec.Steps[index], r.State
	if index != state.Step || state.StepAt == nil {
		state.StepAt = &now
		seen.Exposures, seen.Readings = nil, nil // those are of the step before
	}
	state.Step, state.Weight, state.Remaining = index, step.Weight, 0
	state.Available = state.Available || available(seen)
	if index == len(r.Spec.Steps)-1 {
		state.Phase, state.HoldUntil, state.NextStepAt, state.FinishedAt = PhaseCompleted, nil, nil, &now
		state.Reason = fmt.Sprintf("Completed at %s: %s.", step.label(), why)
	} else {
		hold := now.Add(time.Duration(step.Hold))
		state.Phase, state.HoldUntil = PhaseProgressing, &hold
		state.NextStepAt = nextStepAt(r, state, seen, now)
		state.Reason = standsAt(r.Spec, state) + why + "."
	}
	return Decision{State: &state, Config: &config}, nil
}

// nextStepAt is when the release in the given state takes its next step; nil if that is not known.
func nextStepAt(r Release, state State, seen Observation, now time.Time) *time.Time {
	r.State = state
	return due(Waits(r, seen, now), now)
}

// pause stops the clock and keeps the rest of the hold. What the flag serves stays the same.
func pause(r Release, now time.Time, reason string) Decision {
	state := r.State
	state.Phase, state.Reason, state.HoldUntil, state.NextStepAt = PhasePaused, reason, nil, nil
	if end := r.State.holdEnd(); end != nil && r.State.Phase == PhaseProgressing {
		rest := Duration(end.Sub(now))
		state.Remaining = min(max(rest, 0), r.Spec.Steps[state.Step].Hold)
	}
	return Decision{State: &state}
}

// revert restores what was served before the release. It changes nothing else in the configuration.
func revert(r Release, seen Observation, reason string, now time.Time) Decision {
	state := r.State
	state.Phase, state.Reason, state.Weight = PhaseReverted, reason, 0
	state.HoldUntil, state.NextStepAt, state.Remaining, state.FinishedAt = nil, nil, 0, &now
	if r.State.Base == nil {
		return Decision{State: &state}
	}
	config := withoutAdmission(r, seen.Flag.Config)
	config.Enabled = r.State.Base.Enabled
	if target := r.Spec.Target.at(&config); target != nil {
		*target = r.State.Base.served()
	}
	return Decision{State: &state, Config: &config}
}

// edited tells whether somebody else has written the flag's configuration since the release did.
func edited(r Release, seen Observation) bool {
	return seen.ConfigVersion != r.State.ConfigVersion
}

// stillServes tells whether the flag serves what the release wrote. Other parts of the flag may have been edited.
func stillServes(r Release, seen Observation) bool {
	if !edited(r, seen) {
		return true
	}
	wrote, err := expose(r, seen.Flag, r.State.Step)
	return err == nil && sameServed(r, seen.Flag.Config, wrote)
}

// standsAt gives the first words of the reason of a release that is under way.
func standsAt(spec Spec, state State) string {
	return fmt.Sprintf("Step %d of %d, %s: ", state.Step+1, len(spec.Steps), spec.Steps[state.Step].label())
}

// label is what people call the step.
func (s Step) label() string {
	if s.Segment != "" {
		return "segment " + s.Segment
	}
	return percent(s.Weight)
}

// percent writes a weight as people read it: 1000 is "1%".
func percent(weight int) string {
	return strconv.FormatFloat(float64(weight)*100/evaluator.TotalWeight, 'f', -1, 64) + "%"
}

// capitalize begins a sentence.
func capitalize(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
