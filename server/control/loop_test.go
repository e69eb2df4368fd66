package control_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/control"
	"github.com/tidegate-io/tidegate/store"
)

func TestDeploymentStartsAReleaseThatWalksByTheClock(t *testing.T) {
	inBubble(t, func(b *bench) {
		defer b.lead()()
		before := b.config().Config
		b.put(seconds()...)
		pass(time.Minute)
		require.Equal(b, release.PhasePending, b.state().Phase)

		deployed := b.deploy("2.3.0", release.StatusSucceeded)
		pass(soon)
		state := b.state()
		require.Equal(b, release.PhaseProgressing, state.Phase)
		require.Equal(b, 1_000, state.Weight)
		require.Equal(b, deployed.ID, state.Deployment)
		require.Equal(b, b.config().Version, state.ConfigVersion)
		require.Equal(b, "release", b.config().UpdatedBy)

		pass(time.Second)
		require.Equal(b, 25_000, b.state().Weight)
		pass(time.Second + soon)
		require.Equal(b, release.PhaseCompleted, b.state().Phase)
		require.Equal(b, evaluator.Serve{Variation: "on"}, b.config().Config.Fallthrough)

		b.deploy("2.2.0", release.StatusSucceeded)
		pass(soon)
		require.Equal(b, release.PhaseReverted, b.state().Phase)
		require.Equal(b, before, b.config().Config)
		require.Equal(b, []string{"pending 0", "progressing 1000", "progressing 25000", "completed 100000", "reverted 0"}, b.history())
	})
}

func TestReleaseThatIsPutAfterItsDeploymentStartsAtOnce(t *testing.T) {
	inBubble(t, func(b *bench) {
		defer b.lead()()
		b.deploy("2.3.0", release.StatusSucceeded)
		pass(time.Minute)
		b.put(seconds()...)
		pass(soon)
		require.Equal(b, release.PhaseProgressing, b.state().Phase)
	})
}

func TestFailureRevertsAtOnce(t *testing.T) {
	inBubble(t, func(b *bench) {
		defer b.lead()()
		before := b.config().Config
		b.put(seconds()...)
		b.deploy("2.3.0", release.StatusSucceeded)
		pass(soon)
		b.deploy("2.3.0", release.StatusFailed)
		pass(soon)
		require.Equal(b, release.PhaseReverted, b.state().Phase)
		require.Equal(b, before, b.config().Config)
	})
}

func TestEditPausesAtOnce(t *testing.T) {
	inBubble(t, func(b *bench) {
		defer b.lead()()
		b.put(seconds()...)
		b.deploy("2.3.0", release.StatusSucceeded)
		pass(soon)
		b.disable()
		edited := b.config()
		pass(soon)
		require.Equal(b, release.PhasePaused, b.state().Phase)
		pass(time.Minute)
		require.Equal(b, edited, b.config(), "the edit stands")
	})
}

func TestTriggerAtATime(t *testing.T) {
	inBubble(t, func(b *bench) {
		defer b.lead()()
		at := time.Now().Add(90 * time.Minute)
		_, err := b.releases.Put(b.Context(), b.flag, release.Spec{
			Variation: "on", Trigger: release.Trigger{At: &at}, Steps: seconds(),
		}, store.AnyVersion, b.by(""))
		require.NoError(b, err)
		pass(90*time.Minute - 1)
		require.Equal(b, release.PhasePending, b.state().Phase)
		pass(soon)
		require.Equal(b, release.PhaseProgressing, b.state().Phase)
	})
}

// Every step is taken once, whoever leads, and whenever the lead changes.
func TestLeadPassesOnAndNothingHappensTwice(t *testing.T) {
	inBubble(t, func(b *bench) {
		stopFirst := b.lead()
		synctest.Wait()
		stopSecond := b.lead()
		hold := release.Duration(10 * time.Second)
		b.put(release.Step{Weight: 1_000, Hold: hold}, release.Step{Weight: 25_000, Hold: hold}, release.Step{Weight: 100_000})
		b.deploy("2.3.0", release.StatusSucceeded)
		pass(5 * time.Second)
		require.Equal(b, 1_000, b.state().Weight)

		stopFirst()
		pass(5*time.Second + soon)
		require.Equal(b, 25_000, b.state().Weight, "the second leads")
		stopSecond()
		pass(time.Minute)
		require.Equal(b, 25_000, b.state().Weight, "nobody leads")
		defer b.lead()()
		pass(soon)
		require.Equal(b, []string{"pending 0", "progressing 1000", "progressing 25000", "completed 100000"}, b.history())
	})
}

// mortal is a store that its process can no longer reach once the process is killed.
type mortal struct {
	control.Store
	dead atomic.Bool
}

var errDead = errors.New("killed")

func (m *mortal) AcquireLease(ctx context.Context, name, holder string, now, until time.Time) (bool, error) {
	if m.dead.Load() {
		return false, errDead
	}
	return m.Store.AcquireLease(ctx, name, holder, now, until)
}

func (m *mortal) ListEnvironments(ctx context.Context, project string) ([]store.Environment, error) {
	if m.dead.Load() {
		return nil, errDead
	}
	return m.Store.ListEnvironments(ctx, project)
}

func (m *mortal) ReleaseLease(ctx context.Context, name, holder string) error {
	if m.dead.Load() {
		return errDead
	}
	return m.Store.ReleaseLease(ctx, name, holder)
}

func TestKilledLeaderIsReplaced(t *testing.T) {
	inBubble(t, func(b *bench) {
		m := &mortal{Store: b.store}
		ctx, kill := context.WithCancel(b.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			control.NewLoop(m, nil, time.Now, slog.New(slog.DiscardHandler)).Run(ctx)
		}()
		synctest.Wait()
		defer b.lead()()
		pass(time.Minute)
		m.dead.Store(true) // the lease is not given up
		kill()
		<-done

		b.put(seconds()...)
		b.deploy("2.3.0", release.StatusSucceeded)
		pass(7 * time.Second)
		require.NotEqual(b, release.PhasePending, b.state().Phase)
		pass(5 * time.Second)
		require.Equal(b, []string{"pending 0", "progressing 1000", "progressing 25000", "completed 100000"}, b.history())
	})
}

// A loop outlives its store's absence and logs it once.
func TestLoopOutlivesTheStore(t *testing.T) {
	inBubble(t, func(b *bench) {
		m := &mortal{Store: b.store}
		var log counter
		loop := control.NewLoop(m, nil, time.Now, slog.New(&log))
		ctx, cancel := context.WithCancel(b.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			loop.Run(ctx)
		}()
		pass(time.Second)
		require.True(b, loop.Leads())
		m.dead.Store(true)
		b.put(seconds()...)
		b.deploy("2.3.0", release.StatusSucceeded)
		pass(time.Minute)
		require.Equal(b, release.PhasePending, b.state().Phase)
		require.EqualValues(b, 1, log.errors.Load())
		require.False(b, loop.Leads())
		m.dead.Store(false)
		pass(10 * time.Second)
		require.Equal(b, release.PhaseCompleted, b.state().Phase)
		cancel()
		<-done
	})
}

// counter counts the errors that are logged.
type counter struct {
	slog.Handler
	errors atomic.Int32
}

func (c *counter) Enabled(context.Context, slog.Level) bool { return true }

func (c *counter) Handle(_ context.Context, r slog.Record) error {
	if r.Level >= slog.LevelError {
		c.errors.Add(1)
	}
	return nil
}

func TestIdleLoopAsksLittle(t *testing.T) {
	inBubble(t, func(b *bench) {
		asked := &asking{Store: b.store}
		loop := control.NewLoop(asked, nil, time.Now, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(b.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			loop.Run(ctx)
		}()
		hold := release.Duration(time.Hour)
		b.put(release.Step{Weight: 1_000, Hold: hold}, release.Step{Weight: 100_000})
		b.deploy("2.3.0", release.StatusSucceeded)
		pass(10 * time.Second)
		require.Equal(b, 1_000, b.state().Weight)
		asked.environments.Store(0)
		asked.releases.Store(0)
		pass(time.Minute)
		require.LessOrEqual(b, asked.environments.Load(), int32(100), "one small query a second, and some for the lease")
		require.Zero(b, asked.releases.Load(), "nothing is read where nothing changed")
		cancel()
		<-done
	})
}

// asking counts questions.
type asking struct {
	control.Store
	environments, releases atomic.Int32
}

func (a *asking) ListEnvironments(ctx context.Context, project string) ([]store.Environment, error) {
	a.environments.Add(1)
	return a.Store.ListEnvironments(ctx, project)
}

func (a *asking) ListReleases(ctx context.Context, ref store.EnvironmentRef) ([]store.Release, error) {
	a.releases.Add(1)
	return a.Store.ListReleases(ctx, ref)
}

func TestFleetAvailabilityFollowsTheFleet(t *testing.T) {
	inBubble(t, func(b *bench) {
		defer b.lead()()
		config := b.config().Config
		config.Availability = &evaluator.Availability{Service: "checkout", Version: ">=2.3.0", Scope: evaluator.ScopeFleet}
		_, err := b.store.UpdateFlagConfig(b.Context(), b.flag, config, store.AnyVersion, b.by(""))
		require.NoError(b, err)
		alive := func(versions ...string) {
			var instances []store.Instance
			for i, version := range versions {
				instances = append(instances, store.Instance{EnvironmentRef: production, Service: "checkout",
					InstanceID: string(rune('a' + i)), Version: version, StartedAt: time.Now(), SeenAt: time.Now()})
			}
			require.NoError(b, b.store.PutInstances(b.Context(), instances))
		}

		alive("2.3.0", "2.2.0")
		b.deploy("2.3.0", release.StatusSucceeded)
		pass(polled)
		require.False(b, b.config().FleetOpen)
		alive("2.3.0", "2.3.0")
		pass(polled)
		require.True(b, b.config().FleetOpen)
		alive("2.3.0", "2.2.0")
		pass(polled)
		require.False(b, b.config().FleetOpen)
		alive("2.3.0", "2.3.0")
		pass(polled)
		require.True(b, b.config().FleetOpen)
		pass(store.PresenceTTL + polled)
		require.False(b, b.config().FleetOpen, "nobody was seen lately")
	})
}
