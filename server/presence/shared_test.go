package presence_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/presence"
	"github.com/tidegate-io/tidegate/store"
)

// shelf is a store, or a cache, of instances. It can be made unreachable.
type shelf struct {
	instances map[string]store.Instance
	since     time.Time // when the cache began
	away      error
	writes    int
}

func newShelf() *shelf { return &shelf{instances: make(map[string]store.Instance)} }

func (s *shelf) put(instances []store.Instance) error {
	if s.away != nil {
		return s.away
	}
	for _, i := range instances {
		s.instances[i.InstanceID] = i
		s.writes++
	}
	return nil
}

func (s *shelf) list(since time.Time) (list []store.Instance, err error) {
	for _, i := range s.instances {
		if !i.SeenAt.Before(since) {
			list = append(list, i)
		}
	}
	return list, s.away
}

type truth struct{ *shelf }

func (s truth) PutInstances(_ context.Context, instances []store.Instance) error {
	return s.put(instances)
}
func (s truth) DeleteInstances(context.Context, time.Time) error { return errors.ErrUnsupported }
func (s truth) ListInstances(_ context.Context, _ store.EnvironmentRef, since time.Time) ([]store.Instance, error) {
	return s.list(since)
}

type cache struct{ *shelf }

func (s cache) PutInstances(_ context.Context, instances []store.Instance, _ time.Time) error {
	return s.put(instances)
}

func (s cache) CachedInstances(
	_ context.Context, _ store.EnvironmentRef, since, _ time.Time,
) ([]store.Instance, bool, error) {
	list, err := s.list(since)
	return list, !s.since.After(since), err
}

// replicas are two replicas on one store and one cache, with a clock of their own.
type replicas struct {
	*testing.T
	now        time.Time
	truth      truth
	cache      cache
	one, other *presence.Shared
}

func newReplicas(t *testing.T) *replicas {
	r := &replicas{T: t, now: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC), truth: truth{newShelf()}, cache: cache{newShelf()}}
	clock := func() time.Time { return r.now }
	r.one, r.other = presence.NewShared(r.truth, r.cache, clock), presence.NewShared(r.truth, r.cache, clock)
	return r
}

// report has an instance connected to a replica.
func (r *replicas) report(replica *presence.Shared, id, version string) {
	r.Helper()
	require.NoError(r, replica.PutInstances(r.Context(), []store.Instance{
		{EnvironmentRef: production, Service: "checkout", InstanceID: id, Version: version, SeenAt: r.now},
	}))
}

// seen lists who is alive, as a replica sees it: id and version, and a ? where that is in doubt.
func (r *replicas) seen(replica *presence.Shared) []string {
	r.Helper()
	list, err := replica.ListInstances(r.Context(), production, r.now.Add(-store.PresenceTTL))
	require.NoError(r, err)
	seen := []string{}
	for _, i := range list {
		mark := ""
		if i.Doubtful {
			mark = "?"
		}
		seen = append(seen, fmt.Sprintf("%s %s%s", i.InstanceID, i.Version, mark))
	}
	return seen
}

var errAway = errors.New("away")

// hung is a cache that never answers.
type hung struct{}

func (hung) PutInstances(ctx context.Context, _ []store.Instance, _ time.Time) error {
	<-ctx.Done()
	return ctx.Err()
}

func (hung) CachedInstances(ctx context.Context, _ store.EnvironmentRef, _, _ time.Time) ([]store.Instance, bool, error) {
	<-ctx.Done()
	return nil, false, ctx.Err()
}

func TestNobodyWaitsForACacheThatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := presence.NewShared(truth{newShelf()}, hung{}, time.Now)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start := time.Now()
		for range 3 {
			require.NoError(t, s.PutInstances(ctx, []store.Instance{{InstanceID: "a", SeenAt: time.Now()}}), "the store has time left")
			list, err := s.ListInstances(ctx, production, time.Now().Add(-time.Minute))
			require.NoError(t, err)
			require.Len(t, list, 1)
		}
		require.Equal(t, time.Second, time.Since(start), "the first alone has waited")
	})
}

func TestWithoutACacheTheStoreHasEverything(t *testing.T) {
	t.Parallel()
	shelf := truth{newShelf()}
	s := presence.NewShared(shelf, nil, time.Now)
	require.NoError(t, s.PutInstances(t.Context(), []store.Instance{{InstanceID: "a", SeenAt: time.Now()}}))
	list, err := s.ListInstances(t.Context(), production, time.Now().Add(-time.Minute))
	require.NoError(t, err)
	require.Len(t, list, 1)
}

func TestTheCacheSparesTheStore(t *testing.T) {
	t.Parallel()
	r := newReplicas(t)
	for range 60 {
		r.report(r.one, "a", "2.3.0")
		r.report(r.other, "b", "2.3.0")
		require.Equal(t, []string{"a 2.3.0", "b 2.3.0"}, r.seen(r.other))
		r.now = r.now.Add(10 * time.Second)
	}
	require.Equal(t, 4, r.truth.writes, "two instances in ten minutes")
	r.report(r.one, "a", "2.4.0")
	require.Equal(t, 5, r.truth.writes, "who is new is known at once")
	r.now = r.now.Add(store.PresenceTTL - time.Second)
	require.Equal(t, []string{"a 2.4.0"}, r.seen(r.one), "who is gone expires")
}

func TestTheStoreServesWhileTheCacheIsAway(t *testing.T) {
	t.Parallel()
	r := newReplicas(t)
	beat := func(replicas ...*presence.Shared) {
		for _, replica := range replicas {
			r.report(replica, map[*presence.Shared]string{r.one: "a", r.other: "b"}[replica], "2.3.0")
		}
	}
	for range 12 {
		beat(r.one, r.other)
		r.now = r.now.Add(10 * time.Second)
	}
	require.Equal(t, []string{"a 2.3.0", "b 2.3.0"}, r.seen(r.one))

	r.cache.away = errAway
	for range 60 {
		require.Equal(t, []string{"a 2.3.0", "b 2.3.0"}, r.seen(r.one), "at every moment")
		beat(r.one, r.other)
		r.now = r.now.Add(10 * time.Second)
	}
	// The cache comes back empty.
	r.cache.away, r.cache.instances, r.cache.since = nil, make(map[string]store.Instance), r.now
	for range 12 {
		require.Equal(t, []string{"a 2.3.0", "b 2.3.0"}, r.seen(r.one), "at every moment")
		beat(r.one, r.other)
		r.now = r.now.Add(10 * time.Second)
	}
}

func TestWhoMayBeAtAnotherReplicaIsDoubtful(t *testing.T) {
	t.Parallel()
	r := newReplicas(t)
	alone := presence.NewShared(r.truth, cache{&shelf{away: errAway}}, func() time.Time { return r.now })
	r.report(r.other, "b", "2.2.0")
	for range 6 {
		r.report(r.other, "b", "2.2.0")
		r.report(alone, "a", "2.3.0")
		r.now = r.now.Add(10 * time.Second)
	}
	require.Equal(t, []string{"b 2.2.0?", "a 2.3.0"}, r.seen(alone), "the other replica reaches the cache")
	require.Equal(t, []string{"b 2.2.0", "a 2.3.0"}, r.seen(r.other))
}

func TestWhoIsAliveIsUnknownWithoutBoth(t *testing.T) {
	t.Parallel()
	r := newReplicas(t)
	r.report(r.one, "a", "2.3.0")
	r.cache.away, r.truth.away = errAway, errAway
	_, err := r.one.ListInstances(t.Context(), production, r.now.Add(-store.PresenceTTL))
	require.ErrorIs(t, err, errAway)
	require.ErrorIs(t, r.one.PutInstances(t.Context(), []store.Instance{{InstanceID: "a"}}), errAway)
	r.cache.away = nil
	r.report(r.one, "c", "2.3.0")
	r.truth.away = nil
	r.report(r.one, "c", "2.3.0")
	require.Contains(t, r.truth.instances, "c", "the store is told what it missed")
}
