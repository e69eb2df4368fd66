package release

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/tidegate-io/tidegate/evaluator"
)

// GateCheck answers two questions for one version of a service in one environment. May this version be deployed
// beside what runs? May the whole service go back to it?
type GateCheck struct {
	SafeToDeploy     bool
	SafeToRollBackTo bool
	// InTheWay are the flags that are open and need another version, by key.
	InTheWay []Obstacle
}

// Obstacle is a flag that is open now and needs a version of the service other than the one that was asked about.
type Obstacle struct {
	Flag  string
	Needs DeploymentTrigger
	// Scope is that of the flag's availability; "" where only a release says what the flag needs.
	Scope evaluator.Scope
	// Deploy tells that the flag is in the way of deploying, RollBack that it is in the way of going back. At least
	// one is true.
	Deploy, RollBack bool
	// OpenBy names the parts of its configuration by which the flag serves anything but its off variation.
	OpenBy []OpenBy
	Reason string
}

// OpenBy is a part of a flag that serves something.
type OpenBy string

// The parts of a flag.
const (
	OpenByTargets     OpenBy = "targets"
	OpenByTargeting   OpenBy = "targeting"
	OpenByRules       OpenBy = "rules"
	OpenByFallthrough OpenBy = "fallthrough"
	OpenByRollout     OpenBy = "rollout"
	OpenByRelease     OpenBy = "release"
)

// FlagAtGate is a flag as it is served, and its release; nil if there is none.
type FlagAtGate struct {
	Flag    evaluator.Flag
	Release *Release
}

// CheckGate checks a version. A flag of scope instance is off wherever the code is not. So it is not in the way of a
// deployment beside it. It is in the way of going back, since that would close the flag for everybody. All other
// flags are in the way of both. A text that is not a version is in no range.
func CheckGate(service, version string, flags []FlagAtGate) GateCheck {
	check := GateCheck{SafeToDeploy: true, SafeToRollBackTo: true}
	for _, flag := range flags {
		obstacle, is := obstacleOf(service, version, flag)
		if !is {
			continue
		}
		check.InTheWay = append(check.InTheWay, obstacle)
		check.SafeToDeploy = check.SafeToDeploy && !obstacle.Deploy
		check.SafeToRollBackTo = check.SafeToRollBackTo && !obstacle.RollBack
	}
	slices.SortFunc(check.InTheWay, func(a, b Obstacle) int { return cmp.Compare(a.Flag, b.Flag) })
	return check
}

func obstacleOf(service, version string, at FlagAtGate) (Obstacle, bool) {
	o := Obstacle{Flag: at.Flag.Key, OpenBy: openBy(at.Flag), RollBack: true}
	if len(o.OpenBy) == 0 {
		return o, false
	}
	a, waits, released := at.Flag.Config.Availability, (*DeploymentTrigger)(
		nil,
	), at.Release != nil &&
		opened(*at.Release)
	if released {
		o.OpenBy = append(o.OpenBy, OpenByRelease)
		waits = at.Release.Spec.Trigger.Deployment
	}
	switch {
	case a != nil && a.Scope == evaluator.ScopeFleet && !at.Flag.FleetOpen:
		return o, false
	case a != nil && a.Service == service && !inRange(a.Version, version):
		o.Needs, o.Scope = DeploymentTrigger{
			Service: service,
			Version: a.Version,
		}, cmp.Or(
			a.Scope,
			evaluator.ScopeInstance,
		)
		o.Deploy = o.Scope == evaluator.ScopeFleet
	case waits != nil && waits.Service == service && !inRange(waits.Version, version):
		o.Needs = DeploymentTrigger{Service: service, Version: waits.Version}
		o.Deploy = a == nil || a.Service != service
	default:
		return o, false
	}
	o.Reason = o.reason(version)
	return o, true
}

// reason says what would happen.
func (o Obstacle) reason(version string) string {
	needs := o.Needs.Service + " " + o.Needs.Version
	switch {
	case o.Scope == evaluator.ScopeFleet:
		return fmt.Sprintf(
			"The flag is open because every instance has %s; one of %s would lack the code. Close the flag first.",
			needs,
			version,
		)
	case o.Scope == evaluator.ScopeInstance:
		return fmt.Sprintf(
			"The flag is open where %s runs; going back to %s would close it for everybody. Close it first.",
			needs,
			version,
		)
	case o.Deploy:
		return fmt.Sprintf(
			"The flag was opened by a release for %s, and nothing keeps it from instances of %s, which lack the code. Revert the release first.",
			needs,
			version,
		)
	default:
		return fmt.Sprintf(
			"The flag was opened by a release for %s; going back to %s would revert it. Revert it first.",
			needs,
			version,
		)
	}
}

// opened tells whether the release has opened the flag: it is under way or completed.
func opened(r Release) bool { return UnderWay(r) || r.State.Phase == PhaseCompleted }

// openBy gives the parts of the flag that may serve anything but its off variation.
func openBy(flag evaluator.Flag) (parts []OpenBy) {
	config := flag.Config
	if !config.Enabled {
		return nil
	}
	if len(config.Targeting) > 0 {
		return []OpenBy{OpenByTargeting} // what an expression serves is known when it is evaluated
	}
	serves := func(variation string) bool { return config.OffVariation == nil || variation != *config.OffVariation }
	if slices.ContainsFunc(
		config.Targets,
		func(t evaluator.Target) bool { return serves(t.Variation) && len(t.Values) > 0 },
	) {
		parts = append(parts, OpenByTargets)
	}
	rollout := func(s evaluator.Serve) bool {
		return s.Rollout != nil && slices.ContainsFunc(s.Rollout.Weights, func(w evaluator.WeightedServing) bool {
			return w.Weight > 0 && serves(w.Variation)
		})
	}
	fixed := func(s evaluator.Serve) bool { return s.Rollout == nil && serves(s.Variation) }
	if slices.ContainsFunc(config.Rules, func(r evaluator.Rule) bool { return fixed(r.Serve) || rollout(r.Serve) }) {
		parts = append(parts, OpenByRules)
	}
	switch {
	case fixed(config.Fallthrough):
		parts = append(parts, OpenByFallthrough)
	case rollout(config.Fallthrough):
		parts = append(parts, OpenByRollout)
	}
	return parts
}
