package release

import (
	"fmt"
	"time"
)

// Trigger starts a pending release once all its conditions are met at the same time. Manual stands alone. Only a
// person can meet it.
type Trigger struct {
	Deployment *DeploymentTrigger `json:"deployment,omitempty"`
	Manual     bool               `json:"manual,omitempty"`
	At         *time.Time         `json:"at,omitempty"`
	Release    *ReleaseTrigger    `json:"release,omitempty"`
}

// DeploymentTrigger is met when a deployment of the service has succeeded, its version is in the semver range, and
// everything else that is asked for is true.
type DeploymentTrigger struct {
	Service string `json:"service"`
	Version string `json:"version"`
	Readiness
}

// Readiness is what a deployment that has succeeded still has to fulfil before a release trusts it. The zero
// Readiness asks for nothing.
type Readiness struct {
	// HealthyFor is how long that deployment must have been the service's last word.
	HealthyFor Duration `json:"healthyFor,omitzero"`
	// MinInstances is how many live instances have to run a version in the range.
	MinInstances int `json:"minInstances,omitzero"`
	// MinShare is the part of the live instances that has to run a version in the range, 1 to 100 percent.
	MinShare int `json:"minShare,omitzero"`
}

// ReleaseTrigger is met while the latest release of a flag in another environment is completed.
type ReleaseTrigger struct {
	Environment string `json:"environment"`
	// Flag is the released flag itself unless set.
	Flag string `json:"flag,omitempty"`
}

// triggerWaits gives the conditions of the trigger that are not met. If all are met, why says by what.
func triggerWaits(r Release, seen Observation, now time.Time) (waits []Wait, why []string, deployment string) {
	trigger := r.Spec.Trigger
	if trigger.Manual {
		return []Wait{{Kind: WaitPerson, Text: "to be started by hand"}}, nil, ""
	}
	if d := trigger.Deployment; d != nil {
		origin, met := triggered(*d, seen.Deployments)
		if !met {
			waits = append(
				waits,
				Wait{Kind: WaitDeployment, Text: fmt.Sprintf("for %s %s to be deployed", d.Service, d.Version)},
			)
		} else {
			waits = append(waits, deploymentWaits(*d, origin, seen.Fleet, now)...)
			why = append(why, fmt.Sprintf("%s %s was deployed", origin.Service, origin.Version))
			deployment = origin.ID
		}
	}
	if trigger.Release != nil {
		name := trigger.Release.name(r.Flag)
		if seen.Upstream == nil || seen.Upstream.State.Phase != PhaseCompleted {
			waits = append(waits, upstreamWait(name, seen.Upstream))
		}
		why = append(why, "the release of "+name+" is completed")
	}
	if trigger.At != nil {
		if now.Before(*trigger.At) {
			waits = append(waits, Wait{Kind: WaitTime, Text: "for " + stamp(*trigger.At), Until: trigger.At})
		}
		why = append(why, fmt.Sprintf("the time %s has come", stamp(*trigger.At)))
	}
	return waits, why, deployment
}

// deploymentWaits are the conditions that a deployment that has succeeded does not meet yet.
func deploymentWaits(d DeploymentTrigger, origin Deployment, fleet Fleet, now time.Time) (waits []Wait) {
	if healthy := succeededAt(origin).Add(time.Duration(d.HealthyFor)); d.HealthyFor > 0 && now.Before(healthy) {
		text := fmt.Sprintf("for %s %s to be healthy for %s", origin.Service, origin.Version, d.HealthyFor)
		waits = append(waits, Wait{Kind: WaitHealth, Text: text + ", until " + stamp(healthy), Until: &healthy})
	}
	if d.MinInstances == 0 && d.MinShare == 0 {
		return waits
	}
	code := d.Service + " " + d.Version
	if !fleet.Known() {
		text := "for the live instances of " + d.Service + " to be known"
		return append(waits, Wait{Kind: WaitInstances, Text: text})
	}
	satisfying, all := fleet.Count(d.Service, d.Version)
	if missing := d.MinInstances - satisfying; missing > 0 {
		waits = append(waits, Wait{
			Kind: WaitInstances,
			Text: fmt.Sprintf(
				"for %d more %s of %s (%d of %d)",
				missing,
				plural(missing, "instance"),
				code,
				satisfying,
				d.MinInstances,
			),
			steady: fmt.Sprintf("for %d %s of %s", d.MinInstances, plural(d.MinInstances, "instance"), code),
		})
	}
	if d.MinShare > 0 && (all == 0 || satisfying*100 < d.MinShare*all) {
		steady := fmt.Sprintf("for %d%% of the instances to run %s", d.MinShare, code)
		waits = append(waits, Wait{
			Kind: WaitInstances, Text: fmt.Sprintf("%s (%d of %d)", steady, satisfying, all), steady: steady,
		})
	}
	return waits
}

// upstreamWait says where the release that is waited for stands.
func upstreamWait(name string, upstream *Release) Wait {
	steady := "for the release of " + name + " to be completed"
	text := steady + " (there is none)"
	if upstream != nil {
		text = steady + " (it is " + string(upstream.State.Phase) + ")"
	}
	return Wait{Kind: WaitRelease, Text: text, steady: steady}
}

// name is how people call the release that a release of the flag waits for.
func (t ReleaseTrigger) name(flag string) string {
	if t.Flag != "" {
		flag = t.Flag
	}
	return flag + " in " + t.Environment
}

func plural(n int, one string) string {
	if n == 1 {
		return one
	}
	return one + "s"
}

// stamp writes a time for people, in UTC to the second.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
