package release

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
)

// The limits of a Spec.
const (
	// MaxSteps is how many steps a release may have.
	MaxSteps = 100
	// MinHold is the shortest hold of a step.
	MinHold = Duration(time.Second)
	// MaxHold is the longest hold of a step.
	MaxHold = Duration(365 * 24 * time.Hour)
)

// ValidateSpec checks spec as a release of flag. What it returns is nil or an evaluator.CompileErrors that names every
// field that is wrong.
func ValidateSpec(spec Spec, flag evaluator.Flag) error {
	var errs evaluator.CompileErrors
	if !hasVariation(flag, spec.Variation) {
		errs = append(errs, fault("/variation", "flag %q has no variation %q", flag.Key, spec.Variation))
	}
	errs = append(errs, triggerErrors(spec.Trigger)...)
	errs = append(errs, stepErrors(spec.Steps)...)
	switch spec.OnRollback {
	case "", OnRollbackRevert, OnRollbackPause, OnRollbackIgnore:
	default:
		errs = append(errs, fault("/onRollback", `must be "revert", "pause" or "ignore", not %q`, string(spec.OnRollback)))
	}
	if len(errs) == 0 {
		return nil
	}
	return errs
}

func hasVariation(flag evaluator.Flag, key string) bool {
	return slices.ContainsFunc(flag.Variations, func(v evaluator.Variation) bool { return v.Key == key })
}

func triggerErrors(trigger Trigger) (errs evaluator.CompileErrors) {
	given := 0
	for _, is := range []bool{trigger.Deployment != nil, trigger.Manual, trigger.At != nil} {
		if is {
			given++
		}
	}
	if given != 1 {
		errs = append(errs, fault("/trigger", `must have exactly one of "deployment", "manual": true and "at"`))
	}
	if trigger.At != nil && trigger.At.IsZero() {
		errs = append(errs, fault("/trigger/at", "must be a time"))
	}
	if d := trigger.Deployment; d != nil {
		if d.Service == "" {
			errs = append(errs, fault("/trigger/deployment/service", "must name the service whose deployment starts the release"))
		}
		if _, err := evaluator.ParseVersionRange(d.Version); err != nil {
			errs = append(errs, fault("/trigger/deployment/version", "%s", err))
		}
	}
	return errs
}

func stepErrors(steps []Step) (errs evaluator.CompileErrors) {
	if len(steps) == 0 || len(steps) > MaxSteps {
		return append(errs, fault("/steps", "must hold 1 to %d steps", MaxSteps))
	}
	last, before := len(steps)-1, 0
	for i, step := range steps {
		at := "/steps/" + strconv.Itoa(i)
		switch {
		case step.Weight < 1 || step.Weight > evaluator.TotalWeight:
			errs = append(errs, fault(at+"/weight", "must be 1 to %d (100 %%), not %d", evaluator.TotalWeight, step.Weight))
		case step.Weight <= before:
			errs = append(errs, fault(at+"/weight", "must be above %d, the weight of the step before", before))
		}
		before = max(before, step.Weight)
		switch {
		case i == last && step.Hold != 0:
			errs = append(errs, fault(at+"/hold", "must be left out: the last step is the end of the release"))
		case i < last && (step.Hold < MinHold || step.Hold > MaxHold):
			errs = append(errs, fault(at+"/hold", "must be %s to %s", MinHold, MaxHold))
		}
	}
	return errs
}

func fault(pointer, format string, args ...any) evaluator.CompileError {
	return evaluator.CompileError{Pointer: pointer, Message: fmt.Sprintf(format, args...)}
}
