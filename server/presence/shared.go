package presence

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/tidegate-io/tidegate/store"
)

// storeEvery is how often an instance is written to the store while a cache has it too.
const storeEvery = 5 * time.Minute

// Shared is the presence of all replicas. Where there is a cache, every report goes to the cache. The store then gets
// new instances at once, and every instance each five minutes. Nothing depends on the cache:
//
//   - While the cache hangs, nobody waits for it for more than a moment: it counts as away.
//   - While the cache cannot be written, every report goes to the store, as without a cache.
//   - While the cache cannot be read, or has lost its content, the last complete reading counts until it expires.
//     After that, the content of the store counts. Then some instances are doubtful: those of which the store has
//     heard lately, but not just now. They may be gone, or they may be connected to a replica that still reaches the
//     cache. Doubtful instances open nothing and close nothing.
//   - Where neither can be read there is an error: the fleet is unknown.
//
// It is safe for concurrent use.
type Shared struct {
	truth store.Instances
	cache store.InstanceCache // may be nil
	now   func() time.Time

	mu      sync.Mutex
	written map[key]writing
	last    map[store.EnvironmentRef]reading
}

// writing is what was last written to the store about an instance.
type writing struct {
	version string
	shadow  bool
	at      time.Time
}

// reading is a complete list of the instances that were alive.
type reading struct {
	instances []store.Instance
	at        time.Time
}

// NewShared returns the presence that truth and cache hold together. The cache may be nil.
func NewShared(truth store.Instances, cache store.InstanceCache, now func() time.Time) *Shared {
	if cache != nil {
		cache = &bounded{cache: cache}
	}
	return &Shared{
		truth: truth, cache: cache, now: now,
		written: make(map[key]writing), last: make(map[store.EnvironmentRef]reading),
	}
}

// PutInstances records which instances are alive. It fails only if both the cache and the store have failed.
func (s *Shared) PutInstances(ctx context.Context, instances []store.Instance) error {
	if s.cache == nil {
		return s.truth.PutInstances(ctx, instances)
	}
	now := s.now()
	cacheErr := s.cache.PutInstances(ctx, instances, now)
	missing := instances
	if cacheErr == nil {
		missing = s.unwritten(instances, now)
	}
	if len(missing) == 0 {
		return nil
	}
	if err := s.truth.PutInstances(ctx, missing); err != nil {
		if cacheErr == nil {
			return nil // the store is told next time
		}
		return errors.Join(err, cacheErr)
	}
	s.note(missing, now)
	return nil
}

// unwritten returns the instances that the store does not know, and those of which it has not heard for long.
func (s *Shared) unwritten(instances []store.Instance, now time.Time) (missing []store.Instance) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range instances {
		w := s.written[keyOf(i)]
		if w.version != i.Version || w.shadow != i.Shadow || now.Sub(w.at).Abs() >= storeEvery {
			missing = append(missing, i)
		}
	}
	return missing
}

func (s *Shared) note(instances []store.Instance, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range instances {
		s.written[keyOf(i)] = writing{version: i.Version, shadow: i.Shadow, at: now}
	}
	for k, w := range s.written {
		if now.Sub(w.at).Abs() >= 2*storeEvery {
			delete(s.written, k)
		}
	}
}

// ListInstances returns the instances that were seen at or after since, ordered by service, version and id.
func (s *Shared) ListInstances(
	ctx context.Context,
	ref store.EnvironmentRef,
	since time.Time,
) ([]store.Instance, error) {
	if s.cache == nil {
		return s.truth.ListInstances(ctx, ref, since)
	}
	now := s.now()
	cached, complete, cacheErr := s.cache.CachedInstances(ctx, ref, since, now)
	if cacheErr == nil && complete {
		// A replica that cannot reach the cache writes to the store alone.
		stored, err := s.truth.ListInstances(ctx, ref, since)
		if err != nil {
			return nil, err
		}
		all := newest(append(cached, stored...))
		s.remember(ref, reading{all, now})
		return all, nil
	}
	if last, is := s.remembered(ref, now); is {
		return last, nil
	}
	stored, err := s.truth.ListInstances(ctx, ref, since.Add(-storeEvery))
	if err != nil {
		return nil, errors.Join(err, cacheErr)
	}
	all := newest(append(cached, stored...))
	for i := range all {
		all[i].Doubtful = all[i].SeenAt.Before(since)
	}
	return all, nil
}

func (s *Shared) remember(ref store.EnvironmentRef, r reading) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last[ref] = r
}

// remembered returns the last complete list, unless that list has expired.
func (s *Shared) remembered(ref store.EnvironmentRef, now time.Time) ([]store.Instance, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last, is := s.last[ref]
	return slices.Clone(last.instances), is && now.Sub(last.at).Abs() < store.PresenceTTL
}

// newest keeps the latest report of each instance.
func newest(reports []store.Instance) []store.Instance {
	latest := make(map[key]store.Instance, len(reports))
	for _, i := range reports {
		if known, is := latest[keyOf(i)]; !is || i.SeenAt.After(known.SeenAt) {
			latest[keyOf(i)] = i
		}
	}
	list := make([]store.Instance, 0, len(latest))
	for _, i := range latest {
		list = append(list, i)
	}
	slices.SortFunc(list, func(a, b store.Instance) int {
		return cmp.Or(
			cmp.Compare(a.Service, b.Service),
			cmp.Compare(a.Version, b.Version),
			cmp.Compare(a.InstanceID, b.InstanceID),
		)
	})
	return list
}

func keyOf(i store.Instance) key {
	return key{EnvironmentRef: i.EnvironmentRef, service: i.Service, instance: i.InstanceID}
}

// On returns the store, but with the presence of all replicas in place of the store's own.
func (s *Shared) On(truth store.Store) store.Store { return shared{truth, s} }

type shared struct {
	store.Store
	presence *Shared
}

// PutInstances is Shared.PutInstances.
func (s shared) PutInstances(ctx context.Context, instances []store.Instance) error {
	return s.presence.PutInstances(ctx, instances)
}

// ListInstances is Shared.ListInstances.
func (s shared) ListInstances(
	ctx context.Context,
	ref store.EnvironmentRef,
	since time.Time,
) ([]store.Instance, error) {
	return s.presence.ListInstances(ctx, ref, since)
}
