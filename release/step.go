package release

import (
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
)

// New is the state of a release that waits for the trigger.
func New(trigger Trigger) State {
	return State{Phase: PhasePending, Step: -1, Reason: "Waiting " + awaited(trigger) + "."}
}

// awaited says what a pending release waits for.
func awaited(trigger Trigger) string {
	switch {
	case trigger.Deployment != nil:
		return fmt.Sprintf("for %s %s to be deployed", trigger.Deployment.Service, trigger.Deployment.Version)
	case trigger.At != nil:
		return "for " + trigger.At.UTC().Format(time.RFC3339)
	default:
		return "to be started by hand"
	}
}

// start takes the first step over what the flag serves now.
func start(r Release, seen Observation, deployment, why string, now time.Time) (Decision, error) {
	base := Base{Enabled: seen.Flag.Config.Enabled, Fallthrough: seen.Flag.Config.Fallthrough}
	r.State = State{Base: &base, StartedAt: &now, Deployment: deployment}
	return take(r, seen, 0, why, now)
}

// take serves the step with the given index, and completes the release if it is the last one.
func take(r Release, seen Observation, index int, why string, now time.Time) (Decision, error) {
	step := r.Spec.Steps[index]
	config, err := expose(seen.Flag, *r.State.Base, r.Spec.Variation, step.Weight)
	if err != nil {
		return Decision{}, err
	}
	state := r.State
	state.Step, state.Weight, state.Remaining = index, step.Weight, 0
	state.Available = state.Available || open(seen)
	if index == len(r.Spec.Steps)-1 {
		state.Phase, state.NextStepAt, state.FinishedAt = PhaseCompleted, nil, &now
		state.Reason = fmt.Sprintf("Completed at %s: %s.", percent(step.Weight), why)
	} else {
		due := now.Add(time.Duration(step.Hold))
		state.Phase, state.NextStepAt = PhaseProgressing, &due
		state.Reason = fmt.Sprintf("Step %d of %d, %s: %s.", index+1, len(r.Spec.Steps), percent(step.Weight), why)
	}
	return Decision{State: &state, Config: &config}, nil
}

// pause stops the clock and keeps the rest of the hold. What is served stays.
func pause(r Release, now time.Time, reason string) Decision {
	state := r.State
	state.Phase, state.Reason, state.NextStepAt = PhasePaused, reason, nil
	if r.State.NextStepAt != nil {
		rest := Duration(r.State.NextStepAt.Sub(now))
		state.Remaining = min(max(rest, 0), r.Spec.Steps[state.Step].Hold)
	}
	return Decision{State: &state}
}

// revert restores what was served before the release, and nothing else of the configuration.
func revert(r Release, seen Observation, reason string, now time.Time) Decision {
	state := r.State
	state.Phase, state.Reason, state.Weight = PhaseReverted, reason, 0
	state.NextStepAt, state.Remaining, state.FinishedAt = nil, 0, &now
	if r.State.Base == nil {
		return Decision{State: &state}
	}
	config := seen.Flag.Config
	config.Enabled, config.Fallthrough = r.State.Base.Enabled, r.State.Base.Fallthrough
	return Decision{State: &state, Config: &config}
}

// edited tells whether somebody else has written the flag's configuration since the release did.
func edited(r Release, seen Observation) bool {
	return seen.ConfigVersion != r.State.ConfigVersion
}

// stillServes tells whether the flag serves what the release wrote, whatever else of it was edited.
func stillServes(r Release, seen Observation) bool {
	if !edited(r, seen) {
		return true
	}
	wrote, err := expose(seen.Flag, *r.State.Base, r.Spec.Variation, r.State.Weight)
	return err == nil && seen.Flag.Config.Enabled && reflect.DeepEqual(seen.Flag.Config.Fallthrough, wrote.Fallthrough)
}

// percent writes a weight as people read it: 1000 is "1%".
func percent(weight int) string {
	return strconv.FormatFloat(float64(weight)*100/evaluator.TotalWeight, 'f', -1, 64) + "%"
}
