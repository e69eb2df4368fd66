package release

import "github.com/tidegate-io/tidegate/evaluator"

// FleetOpen decides availability of scope fleet: open when the version of the service that was deployed last is in the
// range, and so is every live instance, of which there is at least one. Versions are those of the live instances.
// Whatever is unknown closes.
func FleetOpen(a evaluator.Availability, deployments []Deployment, versions []string) bool {
	live, is := running(finished(a.Service, deployments))
	if !is || !inRange(a.Version, live.Version) || len(versions) == 0 {
		return false
	}
	for _, version := range versions {
		if !inRange(a.Version, version) {
			return false
		}
	}
	return true
}
