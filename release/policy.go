package release

import (
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
)

// Policy is a way to release that flags share. A release that is made with a policy copies from it what its spec
// leaves out.
type Policy struct {
	Steps   []Step   `json:"steps"`
	Windows []Window `json:"windows,omitempty"`
	Guards  []Guard  `json:"guards,omitempty"`
	// OnRollback is "revert" unless set.
	OnRollback OnRollback `json:"onRollback,omitempty"`
	// Deployment is what is asked of the deployment that the release waits for, if it waits for one.
	Deployment Readiness `json:"deployment,omitzero"`
}

// ValidatePolicy checks p as far as that can be done without a flag. What it returns is nil or an
// evaluator.CompileErrors.
func ValidatePolicy(p Policy) error {
	errs := stepErrors(p.Steps)
	errs = append(errs, windowErrors(p.Windows)...)
	errs = append(errs, guardErrors(p.Guards)...)
	errs = append(errs, onRollbackErrors(p.OnRollback)...)
	errs = append(errs, readinessErrors("/deployment", p.Deployment)...)
	if len(errs) == 0 {
		return nil
	}
	return errs
}

// Apply completes spec with what the policy says and spec does not say. What spec gives overrides the policy. That is
// also true for windows and guards that are given as an empty list.
func (p Policy) Apply(spec Spec) Spec {
	if len(spec.Steps) == 0 {
		spec.Steps = p.Steps
	}
	if spec.Windows == nil {
		spec.Windows = p.Windows
	}
	if spec.Guards == nil {
		spec.Guards = p.Guards
	}
	if spec.OnRollback == "" {
		spec.OnRollback = p.OnRollback
	}
	if d := spec.Trigger.Deployment; d != nil && d.Readiness == (Readiness{}) {
		completed := *d
		completed.Readiness = p.Deployment
		spec.Trigger.Deployment = &completed
	}
	return spec
}

// StandardPolicy is a policy that every project has until somebody changes or deletes it.
type StandardPolicy struct {
	Key, Name, Description string
	Policy
}

// StandardPolicies are, by key: "careful", "fast" and "schema". "careful" is for what many people see. Its steps take
// hours, and a person approves before the end. "fast" is for what is small or waits for nobody. "schema" is for code
// that all instances must have, such as the steps of a change of a database's schema. It waits for the whole fleet.
// It pauses instead of going back by itself, since data may have been written in the new form.
func StandardPolicies() []StandardPolicy {
	const percent = evaluator.TotalWeight / 100
	minutes := func(n int) Duration { return Duration(time.Duration(n) * time.Minute) }
	return []StandardPolicy{
		{
			Key:         "careful",
			Name:        "Careful",
			Description: "1, 5, 25 and 50 % for hours, then everybody once a person approves.",
			Policy: Policy{
				Steps: []Step{
					{Weight: 1 * percent, Hold: minutes(30)}, {Weight: 5 * percent, Hold: minutes(60)},
					{Weight: 25 * percent, Hold: minutes(120)}, {Weight: 50 * percent, Hold: minutes(120)},
					{Weight: 100 * percent, Approval: true},
				},
				OnRollback: OnRollbackRevert, Deployment: Readiness{HealthyFor: minutes(10)},
			},
		},
		{
			Key: "fast", Name: "Fast", Description: "10 and 50 % for some minutes, then everybody.",
			Policy: Policy{
				Steps: []Step{
					{
						Weight: 10 * percent,
						Hold:   minutes(5),
					},
					{Weight: 50 * percent, Hold: minutes(10)},
					{Weight: 100 * percent},
				},
				OnRollback: OnRollbackRevert,
			},
		},
		{
			Key:         "schema",
			Name:        "Schema",
			Description: "Waits for the whole fleet, goes on only with approval, and never back by itself.",
			Policy: Policy{
				Steps: []Step{
					{Weight: 1 * percent, Hold: minutes(30)}, {Weight: 100 * percent, Approval: true},
				},
				OnRollback: OnRollbackPause, Deployment: Readiness{HealthyFor: minutes(30), MinShare: 100},
			},
		},
	}
}
