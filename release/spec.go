package release

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tidegate-io/tidegate/evaluator"
)

// The limits of a Spec.
const (
	// MaxSteps is how many steps a release may have.
	MaxSteps = 100
	// MinHold is the shortest hold of a step.
	MinHold = Duration(time.Second)
	// MaxHold is the longest hold of a step, and the longest time that a deployment has to be healthy.
	MaxHold = Duration(365 * 24 * time.Hour)
	// MaxSample is the greatest sample that a step may ask for.
	MaxSample = 1_000_000_000
	// MaxInstances is the greatest number of instances that a trigger may ask for.
	MaxInstances = 1_000_000
	// MaxWindows is how many windows a release may have, and MaxFreezes how many freezes an environment.
	MaxWindows = 20
	MaxFreezes = 100
)

// ValidateSpec checks spec as a release of flag, with the configuration that it has now. What it returns is nil or an
// evaluator.CompileErrors that names every field that is wrong.
func ValidateSpec(spec Spec, flag evaluator.Flag) error {
	var errs evaluator.CompileErrors
	if !hasVariation(flag, spec.Variation) {
		errs = append(errs, fault("/variation", "flag %q has no variation %q", flag.Key, spec.Variation))
	}
	if rule := spec.Target.Rule; rule != "" && ruleIndex(flag.Config.Rules, rule) < 0 {
		errs = append(
			errs,
			fault("/target/rule", "flag %q has no rule with the id %q in this environment", flag.Key, rule),
		)
	}
	if len(flag.Config.Targeting) > 0 {
		errs = append(errs, fault("/target", "of flag %q: %s", flag.Key, errDecidedByExpression.Error()))
	}
	errs = append(errs, triggerErrors(spec.Trigger)...)
	errs = append(errs, stepErrors(spec.Steps)...)
	errs = append(errs, windowErrors(spec.Windows)...)
	errs = append(errs, guardErrors(spec.Guards)...)
	errs = append(errs, onRollbackErrors(spec.OnRollback)...)
	if len(errs) == 0 {
		return nil
	}
	return errs
}

func onRollbackErrors(reaction OnRollback) evaluator.CompileErrors {
	switch reaction {
	case "", OnRollbackRevert, OnRollbackPause, OnRollbackIgnore:
		return nil
	default:
		return evaluator.CompileErrors{
			fault("/onRollback", `must be "revert", "pause" or "ignore", not %q`, string(reaction)),
		}
	}
}

func hasVariation(flag evaluator.Flag, key string) bool {
	return slices.ContainsFunc(flag.Variations, func(v evaluator.Variation) bool { return v.Key == key })
}

func triggerErrors(trigger Trigger) (errs evaluator.CompileErrors) {
	conditions := trigger.Deployment != nil || trigger.At != nil || trigger.Release != nil
	if conditions == trigger.Manual {
		errs = append(
			errs,
			fault("/trigger", `must have "manual": true alone, or at least one of "deployment", "at" and "release"`),
		)
	}
	if trigger.At != nil && trigger.At.IsZero() {
		errs = append(errs, fault("/trigger/at", "must be a time"))
	}
	if trigger.Release != nil && trigger.Release.Environment == "" {
		errs = append(
			errs,
			fault("/trigger/release/environment", "must name the environment whose release has to be completed first"),
		)
	}
	if d := trigger.Deployment; d != nil {
		errs = append(errs, deploymentTriggerErrors(*d)...)
	}
	return errs
}

func deploymentTriggerErrors(d DeploymentTrigger) (errs evaluator.CompileErrors) {
	const at = "/trigger/deployment/"
	if d.Service == "" {
		errs = append(errs, fault(at+"service", "must name the service whose deployment starts the release"))
	}
	if err := parseVersions(d.Version); err != nil {
		errs = append(errs, fault(at+"version", "%s", err))
	}
	return append(errs, readinessErrors("/trigger/deployment", d.Readiness)...)
}

// readinessErrors checks what is asked of a deployment that has succeeded.
func readinessErrors(at string, r Readiness) (errs evaluator.CompileErrors) {
	if r.HealthyFor < 0 || r.HealthyFor > MaxHold {
		errs = append(errs, fault(at+"/healthyFor", "must be at most %s", MaxHold))
	}
	if r.MinInstances < 0 || r.MinInstances > MaxInstances {
		errs = append(errs, fault(at+"/minInstances", "must be at most %d, not %d", MaxInstances, r.MinInstances))
	}
	if r.MinShare < 0 || r.MinShare > 100 {
		errs = append(errs, fault(at+"/minShare", "must be 1 to 100 percent of the live instances, not %d", r.MinShare))
	}
	return errs
}

func stepErrors(steps []Step) (errs evaluator.CompileErrors) {
	if len(steps) == 0 || len(steps) > MaxSteps {
		return append(errs, fault("/steps", "must hold 1 to %d steps", MaxSteps))
	}
	before := 0
	for i, step := range steps {
		at := "/steps/" + strconv.Itoa(i)
		if step.Segment != "" {
			errs = append(errs, segmentErrors(at, steps, i, before)...)
		} else {
			errs = append(errs, weightErrors(at, step.Weight, before)...)
		}
		before = max(before, step.Weight)
		if i == len(steps)-1 {
			errs = append(errs, lastStepErrors(at, step)...)
		} else {
			errs = append(errs, holdErrors(at, step, steps[i+1])...)
		}
	}
	return errs
}

func weightErrors(at string, weight, before int) evaluator.CompileErrors {
	switch {
	case weight < 1 || weight > evaluator.TotalWeight:
		return evaluator.CompileErrors{
			fault(at+"/weight", "must be 1 to %d (100 %%), not %d", evaluator.TotalWeight, weight),
		}
	case weight <= before:
		return evaluator.CompileErrors{fault(at+"/weight", "must be above %d, the weight of the step before", before)}
	default:
		return nil
	}
}

func segmentErrors(at string, steps []Step, i, before int) (errs evaluator.CompileErrors) {
	step := steps[i]
	switch {
	case step.Weight != 0:
		errs = append(errs, fault(at+"/weight", "must be left out of a step with a segment; make it the next step"))
	case before > 0:
		errs = append(errs, fault(at+"/segment", "must come before the steps with weights"))
	case i == len(steps)-1:
		errs = append(errs, fault(at+"/segment", "must not be the last step; end with a weight"))
	case slices.Contains(segments(steps, i-1), step.Segment):
		errs = append(errs, fault(at+"/segment", "was let in by a step before"))
	}
	return errs
}

func holdErrors(at string, step, next Step) (errs evaluator.CompileErrors) {
	heldOtherwise := step.MinSample > 0 || next.Approval
	if (step.Hold != 0 || !heldOtherwise) && (step.Hold < MinHold || step.Hold > MaxHold) {
		errs = append(errs, fault(at+"/hold", "must be %s to %s", MinHold, MaxHold))
	}
	if step.MinSample < 0 || step.MinSample > MaxSample {
		errs = append(errs, fault(at+"/minSample", "must be at most %d, not %d", MaxSample, step.MinSample))
	}
	return errs
}

func lastStepErrors(at string, step Step) (errs evaluator.CompileErrors) {
	if step.Hold != 0 {
		errs = append(errs, fault(at+"/hold", "must be left out: the last step is the end of the release"))
	}
	if step.MinSample != 0 {
		errs = append(errs, fault(at+"/minSample", "must be left out: the last step is the end of the release"))
	}
	return errs
}

func windowErrors(windows []Window) (errs evaluator.CompileErrors) {
	if len(windows) > MaxWindows {
		errs = append(errs, fault("/windows", "must be at most %d", MaxWindows))
	}
	for i, w := range windows {
		at := "/windows/" + strconv.Itoa(i)
		if w.From >= w.To {
			errs = append(
				errs,
				fault(at+"/to", "must be later on the same day than %s; a window over midnight is two windows", w.From),
			)
		}
		if _, err := w.zone(); err != nil {
			errs = append(errs, fault(at+"/timeZone", "%s", err))
		}
	}
	return errs
}

// ValidateFreezes checks the freezes of an environment. What it returns is nil or an evaluator.CompileErrors.
func ValidateFreezes(freezes []Freeze) error {
	var errs evaluator.CompileErrors
	if len(freezes) > MaxFreezes {
		errs = append(errs, fault("/freezes", "must be at most %d", MaxFreezes))
	}
	for i, f := range freezes {
		at := "/freezes/" + strconv.Itoa(i)
		if f.From.IsZero() {
			errs = append(errs, fault(at+"/from", "must be the time at which the freeze begins"))
		}
		if f.To != nil && !f.To.After(f.From) {
			errs = append(errs, fault(at+"/to", "must be after the beginning of the freeze, or left out"))
		}
		if strings.TrimSpace(f.Reason) == "" || utf8.RuneCountInString(f.Reason) > maxFreezeReason {
			errs = append(errs, fault(at+"/reason", "must say why, in at most %d characters", maxFreezeReason))
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return errs
}

const maxFreezeReason = 1000

func fault(pointer, format string, args ...any) evaluator.CompileError {
	return evaluator.CompileError{Pointer: pointer, Message: fmt.Sprintf(format, args...)}
}
