package control

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// These are the greatest number of changes, and of releases among them, that are read one by one. Above that it is
// cheaper to read everything.
const (
	maxSubjects = 1_000
	maxReread   = 20
)

// place is what the leader remembers of an environment, so that a turn reads only what has changed. It may be
// forgotten at any time without harm: every decision that is based on it is guarded by the versions of what was read.
type place struct {
	ref store.EnvironmentRef
	// revision is the last revision of the environment that was caught up with completely; zero: none.
	revision int64
	latches  latches
	releases map[string]*tracked // by flag; nil: never read
	// known are the deployments that were read since a deployment last changed.
	known deployments
	// fleet is who was alive at the last look, for comparison.
	fleet release.Fleet
}

// tracked is a release as it was last read.
type tracked struct {
	store.Release
	// asked is false while something has changed that the release has not been asked about.
	asked bool
	// stale tells that somebody else has written the release, or its flag, since it was read.
	stale bool
	due   time.Time
	// turns is when the release may move even if nothing is measured; zero: never. Measurements is how many there
	// were when it was last asked.
	turns        time.Time
	measurements int
	// hastened tells that a breach of its guards was acted on before the next turn.
	hastened bool
}

// catchUp reads what has changed since the last time. It notes which releases the changes may concern.
func (p *place) catchUp(ctx context.Context, s Store) error {
	from := p.latches.known.Revision
	removed, anew, err := p.latches.refresh(ctx, s, p.ref)
	if err != nil {
		p.releases = nil // the next time begins anew, whatever was read of it
		return err
	}
	if anew || p.releases == nil {
		return p.reload(ctx, s)
	}
	for _, flag := range removed {
		delete(p.releases, flag)
	}
	subjects, err := s.ListSubjects(ctx, p.ref, from, maxSubjects)
	if err != nil {
		p.releases = nil
		return err
	}
	if len(subjects) == maxSubjects || (len(subjects) > 0 && subjects[0].Revision != from+1) {
		return p.reload(ctx, s)
	}
	return p.note(ctx, s, subjects)
}

// reload reads every release again and marks each to be asked.
func (p *place) reload(ctx context.Context, s Store) error {
	p.releases, p.known = nil, deployments{}
	list, err := s.ListReleases(ctx, p.ref)
	if err != nil {
		return err
	}
	p.releases = make(map[string]*tracked, len(list))
	for _, r := range list {
		p.releases[r.Flag] = &tracked{Release: r}
	}
	return nil
}

// note marks the releases that the changes concern. A deployment may concern every release that looks at deployments.
func (p *place) note(ctx context.Context, s Store, subjects []store.Subject) error {
	rewritten := make(map[string]bool)
	for _, subject := range subjects {
		switch subject.Kind {
		case store.ChangeRelease:
			rewritten[subject.Key] = true
		case store.ChangeDeployment:
			p.known.forget(subject.Key)
			p.askAll()
		case store.ChangeEnvironment: // a freeze, perhaps
			p.askAll()
		default:
			p.ask(subject.Key)
		}
	}
	if len(rewritten) > maxReread {
		return p.reload(ctx, s)
	}
	for flag := range rewritten {
		if err := p.reread(ctx, s, flag); err != nil {
			p.releases = nil
			return err
		}
	}
	return nil
}

// reread reads one release again and replaces what is remembered of it.
func (p *place) reread(ctx context.Context, s Store, flag string) error {
	r, err := s.Release(ctx, store.FlagRef{EnvironmentRef: p.ref, Flag: flag})
	switch {
	case errors.Is(err, store.ErrNotFound):
		delete(p.releases, flag)
	case err != nil:
		return err
	default:
		p.releases[flag] = &tracked{Release: r}
	}
	return nil
}

// ask marks the release of a flag, if there is one, to be asked in this turn.
func (p *place) ask(flag string) {
	if r := p.releases[flag]; r != nil {
		r.asked = false
	}
}

func (p *place) askAll() {
	for _, r := range p.releases {
		r.asked = false
	}
}

// askDownstream marks the releases that wait for a release in an environment that has moved. They are asked in this
// turn.
func (p *place) askDownstream(moved map[store.EnvironmentRef]bool) {
	for _, r := range p.releases {
		upstream := r.Spec.Trigger.Release
		if upstream != nil && moved[store.EnvironmentRef{Project: p.ref.Project, Environment: upstream.Environment}] {
			r.asked = false
		}
	}
}

// compare marks the releases whose services have changed in the fleet. They are asked in this turn.
func (p *place) compare(fleet release.Fleet) {
	before := p.fleet
	p.fleet = fleet
	for flag, r := range p.releases {
		for _, service := range p.watched(flag, r) {
			if before.Known() != fleet.Known() || !maps.Equal(before.Versions(service), fleet.Versions(service)) {
				r.asked = false
			}
		}
	}
}

// watched names the services whose fleets a release depends on.
func (p *place) watched(flag string, r *tracked) (services []string) {
	if !release.Open(r.Release.Release) {
		return nil
	}
	if g := p.latches.flags[flag]; g != nil {
		services = append(services, g.availability.Service)
	}
	if d := r.Spec.Trigger.Deployment; d != nil && release.Watches(r.Release.Release) {
		services = append(services, d.Service)
	}
	return services
}

// allWatched names every service whose fleet matters to something in the environment.
func (p *place) allWatched() map[string]bool {
	services := make(map[string]bool)
	for _, g := range p.latches.flags {
		if g.ofFleet() {
			services[g.availability.Service] = true
		}
	}
	for flag, r := range p.releases {
		for _, service := range p.watched(flag, r) {
			services[service] = true
		}
	}
	return services
}

// due is when the next release has to be asked even if nothing changes; zero: never.
func (p *place) due() (due time.Time) {
	for _, r := range p.releases {
		due = sooner(due, r.due)
	}
	return due
}
