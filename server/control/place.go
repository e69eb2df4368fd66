package control

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// The greatest numbers of changes, and of releases among them, that are caught up with one by one: beyond, reading
// everything is cheaper.
const (
	maxSubjects = 1_000
	maxReread   = 20
)

// place is what the leader remembers of an environment, so that a turn reads what has changed and nothing else. It is
// as good as forgotten at any time: every decision that is made upon it is guarded by the versions of what was read.
type place struct {
	ref store.EnvironmentRef
	// revision is the environment's that was caught up with to the end; zero: none.
	revision int64
	latches  latches
	releases map[string]*tracked // by flag; nil: never read
	// known are the deployments that were read since one changed.
	known deployments
	// fleet is what was last seen alive, for comparison.
	fleet release.Fleet
}

// tracked is a release as it was last read.
type tracked struct {
	store.Release
	// asked is false while something has changed that the release has not been asked about.
	asked bool
	// stale tells that somebody else has written the release, or its flag, since.
	stale bool
	due   time.Time
	// turns is when it may move although nothing is measured, zero: never. Measurements are how many it was asked with.
	turns        time.Time
	measurements int
	// hastened tells that a breach of its guards was acted on before the next turn.
	hastened bool
}

// catchUp reads what has changed since the last time and notes which releases that may concern.
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

// reload reads every release anew and asks each.
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

// note marks what the changes concern. A deployment may concern every release that looks at deployments.
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

// reread replaces what is remembered of one release.
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

// ask has the release of a flag asked in this turn, if there is one.
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

// askDownstream has the releases asked that wait for one in an environment that has moved.
func (p *place) askDownstream(moved map[store.EnvironmentRef]bool) {
	for _, r := range p.releases {
		upstream := r.Spec.Trigger.Release
		if upstream != nil && moved[store.EnvironmentRef{Project: p.ref.Project, Environment: upstream.Environment}] {
			r.asked = false
		}
	}
}

// compare has the releases asked whose services are no longer what they were.
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

// allWatched names every service on whose fleet something in the environment depends.
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

// due is when the next release is to be asked although nothing changes; zero: never.
func (p *place) due() (due time.Time) {
	for _, r := range p.releases {
		due = sooner(due, r.due)
	}
	return due
}
