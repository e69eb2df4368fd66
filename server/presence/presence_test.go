package presence_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/presence"
	"github.com/tidegate-io/tidegate/store"
)

var production = store.EnvironmentRef{Project: "shop", Environment: "production"}

// book keeps the last report of each instance.
type book struct {
	mu        sync.Mutex
	instances map[string]store.Instance
	announced []store.Announcement
}

// Announce notes the announcement.
func (b *book) Announce(_ context.Context, a store.Announcement) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.announced = append(b.announced, a)
	return nil
}

func (b *book) PutInstances(_ context.Context, instances []store.Instance) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, i := range instances {
		b.instances[i.InstanceID] = i
	}
	return nil
}

// alive are the instances whose last report counts now.
func (b *book) alive() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	alive := []string{}
	for id, i := range b.instances {
		if time.Since(i.SeenAt) <= store.PresenceTTL {
			alive = append(alive, id)
		}
	}
	return alive
}

func (b *book) of(t *testing.T, id string) store.Instance {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	require.Contains(t, b.instances, id)
	return b.instances[id]
}

// running runs f beside a Presence. Time passes only when all goroutines wait.
func running(t *testing.T, f func(p *presence.Presence, b *book)) {
	t.Helper()
	t.Parallel()
	bubble(t, f)
}

func bubble(t *testing.T, f func(p *presence.Presence, b *book)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &book{instances: make(map[string]store.Instance)}
		p := presence.New(b, b, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			p.Run(ctx)
		}()
		f(p, b)
		cancel()
		<-done
	})
}

func checkout(instance, version string) presence.Identity {
	return presence.Identity{Service: "checkout", Version: version, Instance: instance}
}

func TestStreamsAreReportedAtOnceAndUntilTheyEnd(t *testing.T) {
	running(t, func(p *presence.Presence, b *book) {
		began := time.Now().Add(-time.Hour)
		who := checkout("pod-1", "2.3.0")
		who.StartedAt, who.Shadow = began, true
		first := p.Enter(production, who, time.Now())
		second := p.Enter(production, who, time.Now())
		anonymous := p.Enter(production, presence.Identity{Service: "checkout"}, time.Now())
		synctest.Wait()
		reported := b.of(t, "pod-1")
		require.Equal(t, store.Instance{
			EnvironmentRef: production, Service: "checkout", InstanceID: "pod-1", Version: "2.3.0",
			StartedAt: began, SeenAt: time.Now(), Shadow: true,
		}, reported)
		require.Len(t, b.alive(), 1)
		require.Equal(t, []store.Announcement{{EnvironmentRef: production}}, b.announced)
		anonymous.Served(3)
		anonymous.Leave()

		first.Served(7)
		time.Sleep(3 * time.Second)
		require.EqualValues(t, 7, b.of(t, "pod-1").Revision)
		first.Leave()
		time.Sleep(time.Hour)
		require.Len(t, b.alive(), 1, "one stream is still open")
		require.Len(t, b.announced, 1, "nobody new has come")
		second.Leave()
		time.Sleep(store.PresenceTTL + time.Second)
		require.Empty(t, b.alive())
	})
}

func TestInstanceThatComesBackWithAnotherVersionHasStartedAgain(t *testing.T) {
	running(t, func(p *presence.Presence, b *book) {
		defer p.Enter(production, checkout("pod-1", "2.3.0"), time.Now()).Leave()
		time.Sleep(time.Minute)
		defer p.Enter(production, checkout("pod-1", "2.4.0"), time.Now()).Leave()
		synctest.Wait()
		require.Equal(t, "2.4.0", b.of(t, "pod-1").Version)
		require.Equal(t, time.Now(), b.of(t, "pod-1").StartedAt)
	})
}

func TestAnnouncedInstancesExpire(t *testing.T) {
	running(t, func(p *presence.Presence, b *book) {
		require.NoError(t, p.Announce(production, checkout("batch-1", "2.3.0"), time.Now()))
		synctest.Wait()
		require.Equal(t, []string{"batch-1"}, b.alive())
		for range 5 {
			time.Sleep(store.PresenceTTL / 3)
			require.NoError(t, p.Announce(production, checkout("batch-1", "2.3.0"), time.Now()))
		}
		started := b.of(t, "batch-1").StartedAt
		require.Equal(t, []string{"batch-1"}, b.alive())
		time.Sleep(store.PresenceTTL + 11*time.Second)
		require.Empty(t, b.alive())

		require.NoError(t, p.Announce(production, checkout("batch-1", "2.3.0"), time.Now()))
		synctest.Wait()
		require.True(t, b.of(t, "batch-1").StartedAt.After(started), "it was forgotten")
	})
}

func TestAnnouncedInstancesAreBounded(t *testing.T) {
	running(t, func(p *presence.Presence, _ *book) {
		refused := 0
		for i := range 20_010 {
			if err := p.Announce(production, checkout(fmt.Sprint(i), "2.3.0"), time.Now()); err != nil {
				require.ErrorIs(t, err, presence.ErrFull)
				refused++
			}
		}
		require.Equal(t, 10, refused)
		require.NoError(t, p.Announce(production, checkout("7", "2.3.0"), time.Now()), "who is known stays known")
		p.Enter(production, checkout("with a stream", "2.3.0"), time.Now()).Leave()
		time.Sleep(store.PresenceTTL + 11*time.Second)
		require.NoError(t, p.Announce(production, checkout("new", "2.3.0"), time.Now()))
	})
}

func TestTouchedInstancesAreReportedWhileTheyAsk(t *testing.T) {
	running(t, func(p *presence.Presence, b *book) {
		p.Touch(production, "checkout", "2.3.0", "pod-1")
		p.Touch(production, "checkout", "2.3.0", "")
		p.Touch(production, "", "2.3.0", "pod-2")
		p.Touch(production, strings.Repeat("x", 300), "2.3.0", "pod-3")
		time.Sleep(3 * time.Second)
		require.Equal(t, []string{"pod-1"}, b.alive())
		for range 100 {
			time.Sleep(time.Second)
			p.Touch(production, "checkout", "2.3.0", "pod-1")
		}
		require.Equal(t, []string{"pod-1"}, b.alive())
		time.Sleep(store.PresenceTTL + 5*time.Second)
		require.Empty(t, b.alive())
		p.Touch(production, "checkout", "2.4.0", "pod-1")
		time.Sleep(3 * time.Second)
		require.Equal(t, "2.4.0", b.of(t, "pod-1").Version)
	})
}

func TestTouchNoAlloc(t *testing.T) {
	bubble(t, func(p *presence.Presence, b *book) {
		p.Touch(production, "checkout", "2.3.0", "pod-1")
		time.Sleep(3 * time.Second)
		require.Len(t, b.alive(), 1)
		require.Zero(t, testing.AllocsPerRun(100, func() { p.Touch(production, "checkout", "2.3.0", "pod-1") }))
	})
}

func TestIdentify(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/sdk/v1/stream?service=search&version=1.0.0&instance=query&startedAt=2026-11-21T08:00:00Z&shadow=true", nil)
	who, err := presence.Identify(r)
	require.NoError(t, err)
	require.Equal(t, presence.Identity{
		Service: "search", Version: "1.0.0", Instance: "query", StartedAt: time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC), Shadow: true,
	}, who)
	r.Header.Set(presence.HeaderService, "checkout")
	who, err = presence.Identify(r)
	require.NoError(t, err)
	require.Equal(t, "checkout", who.Service)
	for header, bad := range map[string]string{
		presence.HeaderStartedAt: "yesterday", presence.HeaderVersion: strings.Repeat("x", 300), presence.HeaderInstance: "\xff",
	} {
		wrong := r.Clone(t.Context())
		wrong.Header.Set(header, bad)
		_, err := presence.Identify(wrong)
		require.Error(t, err, header)
	}
}
