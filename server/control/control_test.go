package control_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/control"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/sqlite"
)

var production = store.EnvironmentRef{Project: "default", Environment: "production"}

// bench is a store with one flag, "new-checkout", which is off, and the services of this package on it.
type bench struct {
	*testing.T
	store    *sqlite.Store
	releases *control.Releases
	flag     store.FlagRef

	// ahead is how far the clock of the reporter is ahead, in nanoseconds.
	ahead atomic.Int64

	mu    sync.Mutex
	loops []*control.Loop
}

// inBubble runs a test on a fresh bench. Time passes there only when every goroutine waits for it.
func inBubble(t *testing.T, f func(b *bench)) {
	t.Helper()
	t.Parallel()
	inOneBubble(t, f)
}

// inOneBubble is inBubble for a test that is already parallel or has several bubbles.
func inOneBubble(t *testing.T, f func(b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &bench{T: t, flag: store.FlagRef{EnvironmentRef: production, Flag: "new-checkout"}}
		opened, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"),
			sqlite.WithBus(b), sqlite.WithLogger(slog.New(slog.DiscardHandler)))
		require.NoError(t, err)
		b.store = opened
		defer func() { require.NoError(t, opened.Close()) }()
		b.releases = control.NewReleases(b.store, control.Judge{}, b.wake)
		b.fill()
		f(b)
	})
}

// Announce wakes every loop, as a bus does.
func (b *bench) Announce(context.Context, store.Announcement) error {
	b.wake()
	return nil
}

func (b *bench) wake() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, loop := range b.loops {
		loop.Wake()
	}
}

func (b *bench) fill() {
	_, err := b.store.CreateProject(b.Context(), store.Project{Key: production.Project, Name: "Default"}, b.by(""))
	require.NoError(b, err)
	_, err = b.store.CreateEnvironment(b.Context(), store.Environment{EnvironmentRef: production, Name: "Production"}, b.by(""))
	require.NoError(b, err)
	b.addFlag(b.flag.Flag)
}

func (b *bench) addFlag(key string) {
	off := "off"
	_, err := b.store.CreateFlag(b.Context(), store.Flag{
		Project: production.Project, Key: key, Name: key, Type: evaluator.TypeBoolean, Purpose: store.PurposeRelease,
		Variations: []evaluator.Variation{
			{Key: "on", Value: json.RawMessage("true")}, {Key: "off", Value: json.RawMessage("false")},
		},
	}, evaluator.FlagConfig{OffVariation: &off, Fallthrough: evaluator.Serve{Variation: "on"}}, b.by(""))
	require.NoError(b, err)
}

func (b *bench) by(reason string) store.Attribution {
	return store.Attribution{Actor: store.Actor{Kind: store.ActorUser, Name: "ann"}, Reason: reason, At: time.Now().Add(time.Duration(b.ahead.Load()))}
}

// lead runs a loop. Stop ends it and waits until it has ended.
func (b *bench) lead() (stop func()) {
	loop := control.NewLoop(b.store, nil, time.Now, slog.New(slog.DiscardHandler))
	b.mu.Lock()
	b.loops = append(b.loops, loop)
	b.mu.Unlock()
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		loop.Run(ctx)
	}()
	return func() {
		cancel()
		<-done
	}
}

// pass lets time pass and then waits until everything rests.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// soon is the time within which the loop reacts to what it is woken for.
const soon = 100 * time.Millisecond

func (b *bench) put(steps ...release.Step) store.Release {
	put, err := b.releases.Put(b.Context(), b.flag, release.Spec{
		Variation: "on",
		Trigger:   release.Trigger{Deployment: &release.DeploymentTrigger{Service: "checkout", Version: ">=2.3.0"}},
		Steps:     steps,
	}, store.AnyVersion, b.by(""))
	require.NoError(b, err)
	return put
}

// seconds are steps of 1%, 25% and 100% with holds of one second.
func seconds() []release.Step {
	second := release.Duration(time.Second)
	return []release.Step{{Weight: 1_000, Hold: second}, {Weight: 25_000, Hold: second}, {Weight: 100_000}}
}

func (b *bench) deploy(version string, status release.Status) store.Deployment {
	stored, _, err := b.releases.Deploy(b.Context(), store.Deployment{
		EnvironmentRef: production, Deployment: release.Deployment{Service: "checkout", Version: version, Status: status},
	}, b.by(""))
	require.NoError(b, err)
	return stored
}

func (b *bench) state() release.State {
	r, err := b.store.Release(b.Context(), b.flag)
	require.NoError(b, err)
	return r.State
}

func (b *bench) config() store.FlagConfig {
	config, err := b.store.FlagConfig(b.Context(), b.flag)
	require.NoError(b, err)
	return config
}

// history is what the release has done, oldest first: phase and weight.
func (b *bench) history() []string {
	changes, err := b.store.ListChanges(b.Context(), production, store.ChangeFilter{Kind: store.ChangeRelease, Key: b.flag.Flag})
	require.NoError(b, err)
	var history []string
	for _, change := range changes {
		var r release.Release
		require.NoError(b, json.Unmarshal(change.After, &r))
		history = append([]string{fmt.Sprintf("%s %d", r.State.Phase, r.State.Weight)}, history...)
	}
	return history
}
