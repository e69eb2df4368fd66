package release

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
)

// Latch is the state of a flag's availability of scope fleet.
type Latch struct {
	Open bool
	// Warning is a sentence for people. It says how the fleet contradicts what the flag relies on; "" if it does not.
	Warning string
}

// NextLatch decides availability of scope fleet. The latch opens when three things are true. The version of the
// service that was deployed last is in the range. At least one instance is alive, and every live instance runs a
// version in the range. So does every instance that may be gone.
//
// Once open, the latch stays open until that is no longer true. If an old instance appears then, the warning says so,
// and a.OnOldInstance decides whether the latch closes. With "hold" it stays open for as long as any instance has the
// code. If the fleet is unknown, the latch closes in any case. A warning ends when all is well again, or when the
// service was deployed back.
func NextLatch(a evaluator.Availability, was Latch, deployments []Deployment, fleet Fleet) Latch {
	last, deployed := running(finished(a.Service, deployments))
	deployed = deployed && inRange(a.Version, last.Version)
	on, alive := fleet.Count(a.Service, a.Version)
	if deployed && on > 0 && on == alive {
		if !was.Open && fleet.mayLack(a.Service, a.Version) {
			return was
		}
		return Latch{Open: true}
	}
	latched := was.Open || was.Warning != ""
	switch {
	case !latched:
		return Latch{}
	case alive == 0 && !deployed:
		return Latch{}
	case alive == 0:
		return Latch{Warning: fmt.Sprintf("Closed, since no instance of %s is known to be alive.", a.Service)}
	case was.Open && a.OnOldInstance == evaluator.OnOldInstanceHold && on > 0:
		return Latch{Open: true, Warning: fmt.Sprintf("Held open, although %s.", without(a, last, fleet))}
	case deployed:
		return Latch{Warning: fmt.Sprintf("Closed, since %s.", without(a, last, fleet))}
	default:
		return Latch{}
	}
}

// without says which of the live instances lack the code. If none does, it says what was deployed last.
func without(a evaluator.Availability, last Deployment, fleet Fleet) string {
	const most = 3
	var old []string
	for version := range fleet.Versions(a.Service) {
		switch {
		case inRange(a.Version, version):
		case version == "":
			old = append(old, "of an unknown version")
		default:
			old = append(old, version)
		}
	}
	slices.Sort(old)
	if len(old) > most {
		old = append(old[:most:most], "others")
	}
	if len(old) == 0 {
		return fmt.Sprintf("%s %s was deployed, which lacks the code (%s)", a.Service, last.Version, a.Version)
	}
	return fmt.Sprintf(
		"instances of %s are alive that lack the code (%s): %s",
		a.Service,
		a.Version,
		strings.Join(old, ", "),
	)
}

// Shadowed tells whether a version of a service shadows another one. Its newest deployment decides that.
func Shadowed(service, version string, deployments []Deployment) bool {
	var newest *Deployment
	for i, d := range deployments {
		if d.Service == service && d.Version == version && (newest == nil || startedLater(d, *newest)) {
			newest = &deployments[i]
		}
	}
	return newest != nil && newest.Strategy == StrategyShadow
}

func startedLater(a, b Deployment) bool {
	if !a.StartedAt.Equal(b.StartedAt) {
		return a.StartedAt.After(b.StartedAt)
	}
	return a.ID > b.ID
}
