package release

import "slices"

// Instance is one live process of a service.
type Instance struct {
	Service string
	Version string
	// Shadow instances evaluate flags for traffic that nobody sees. They are no part of what is measured or waited for.
	Shadow bool
	// Doubtful instances may be gone by now: nobody can tell at the moment. What waits for everybody also waits for
	// them. Nothing else counts them.
	Doubtful bool
}

// Fleet counts who is alive in an environment. The zero Fleet is unknown: nobody can tell who is alive. A Fleet never
// changes after it was made, so it is safe for concurrent use.
type Fleet struct {
	// versions counts by service and version; nil: unknown.
	versions map[string]map[string]int
	doubtful []Instance
}

// NewFleet counts the live instances without the shadow ones. If there are none, the fleet is known to be empty.
func NewFleet(alive []Instance) Fleet {
	f := Fleet{versions: make(map[string]map[string]int)}
	for _, one := range alive {
		if one.Shadow {
			continue
		}
		if one.Doubtful {
			f.doubtful = append(f.doubtful, one)
			continue
		}
		if f.versions[one.Service] == nil {
			f.versions[one.Service] = make(map[string]int)
		}
		f.versions[one.Service][one.Version]++
	}
	return f
}

// Known tells whether anybody can say who is alive.
func (f Fleet) Known() bool { return f.versions != nil }

// Count gives how many instances of the service are alive, and how many of them run a version in the semver range. Both
// are zero in a fleet that is unknown.
func (f Fleet) Count(service, versions string) (on, alive int) {
	for version, count := range f.versions[service] {
		alive += count
		if inRange(versions, version) {
			on += count
		}
	}
	return on, alive
}

// Versions gives how many instances of the service run each version. The caller must not change the map.
func (f Fleet) Versions(service string) map[string]int { return f.versions[service] }

// mayLack tells whether an instance that may be gone runs a version of the service outside the semver range.
func (f Fleet) mayLack(service, versions string) bool {
	return slices.ContainsFunc(
		f.doubtful,
		func(i Instance) bool { return i.Service == service && !inRange(versions, i.Version) },
	)
}
