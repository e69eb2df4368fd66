package control_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/control"
	"github.com/tidegate-io/tidegate/store"
)

// schema is the flag in the story that waits for the whole fleet.
const schema = "orders-database"

// story runs a release from a deployment to its end, and then back by a rollback. Beside it there is a flag that
// waits for the whole fleet. There are two replicas, and the first one leads. It gives what the history says of both
// flags afterwards. It is short, so a test can tell it many times. It is slow enough for the second replica to take
// the lead in each part of it.
func story(t *testing.T, s *statements) (history []string) {
	t.Helper()
	inOneBubble(t, func(b *bench) {
		s.Store = b.store
		ctx, cancel := context.WithCancel(b.Context())
		s.kill = cancel
		first := make(chan struct{})
		go func() {
			defer close(first)
			b.run(ctx, s)
		}()
		pass(soon)
		stop := b.lead()

		b.tell()
		stop()
		cancel()
		<-first
		history = b.whole(b.flag.Flag, schema)
	})
	return history
}

// run drives releases on a store. The bus reaches this loop like any other.
func (b *bench) run(ctx context.Context, s control.Store) {
	loop := control.NewLoop(s, nil, time.Now, slog.New(slog.DiscardHandler))
	b.mu.Lock()
	b.loops = append(b.loops, loop)
	b.mu.Unlock()
	loop.Run(ctx)
}

// tell is what happens in the story.
func (b *bench) tell() {
	b.addFlag(schema)
	config := b.config().Config
	config.Enabled = true
	config.Availability = &evaluator.Availability{Service: "checkout", Version: ">=2.3.0", Scope: evaluator.ScopeFleet}
	_, err := b.store.UpdateFlagConfig(b.Context(), store.FlagRef{EnvironmentRef: production, Flag: schema}, config, store.AnyVersion, b.by(""))
	require.NoError(b, err)
	hold := release.Duration(8 * time.Second)
	b.put(release.Step{Weight: 1_000, Hold: hold}, release.Step{Weight: 25_000, Hold: hold}, release.Step{Weight: 100_000})

	b.alive("2.3.0")
	b.deploy("2.3.0", release.StatusSucceeded)
	for range 4 {
		pass(9 * time.Second)
		b.alive("2.3.0")
	}
	b.deploy("2.2.0", release.StatusSucceeded)
	pass(9 * time.Second)
}

// alive reports two instances of checkout as seen now.
func (b *bench) alive(version string) {
	var instances []store.Instance
	for _, id := range []string{"a", "b"} {
		instances = append(instances, store.Instance{EnvironmentRef: production, Service: "checkout",
			InstanceID: id, Version: version, StartedAt: time.Now(), SeenAt: time.Now()})
	}
	require.NoError(b, b.store.PutInstances(b.Context(), instances))
}

// whole is everything that happened to the flags, oldest first and without times, and the final state of each flag.
func (b *bench) whole(flags ...string) (history []string) {
	for _, flag := range flags {
		changes, err := b.store.ListChanges(b.Context(), production, store.ChangeFilter{Key: flag})
		require.NoError(b, err)
		for i := len(changes) - 1; i >= 0; i-- {
			history = append(history, fmt.Sprintf("%s %s by %s: %s", changes[i].Kind, flag, changes[i].Actor.Name, changes[i].Reason))
		}
		config, err := b.store.FlagConfig(b.Context(), store.FlagRef{EnvironmentRef: production, Flag: flag})
		require.NoError(b, err)
		history = append(history, fmt.Sprintf("%s: open %v, %+v", flag, config.FleetOpen, config.Config.Fallthrough))
	}
	return history
}

// TestLeaderKilledAtAnyStatementIsReplaced kills the leader before each statement that it makes. If the statement
// writes, it also kills the leader after it. In every case the same things happen as without a kill, once, and in the
// same order.
func TestLeaderKilledAtAnyStatementIsReplaced(t *testing.T) {
	t.Parallel()
	undisturbed := &statements{at: -1}
	want := story(t, undisturbed)
	require.Equal(t, 4, count(want, "release new-checkout by release"), want)
	require.Equal(t, 2, count(want, "flagConfig orders-database by release"), want)

	for _, at := range differing(undisturbed.names) {
		name := undisturbed.names[at]
		writes := name == "PutRelease" || name == "SetFleetLatch" || name == "AcquireLease" || name == "ReleaseLease"
		for _, after := range []bool{false, true} {
			if after && !writes {
				continue // what was only read makes no difference
			}
			t.Run(fmt.Sprintf("%d %s after=%v", at, name, after), func(t *testing.T) {
				t.Parallel()
				require.Equal(t, want, story(t, &statements{at: at, after: after}))
			})
		}
	}
}

// differing gives the statements to test. Most of the time the leader asks the same again each second. So it leaves
// out a statement if the same happens around it as around an earlier one.
func differing(names []string) (at []int) {
	const around = 2
	seen := make(map[string]bool)
	for i := range names {
		window := strings.Join(names[max(i-around, 0):min(i+around, len(names))], " ")
		if !seen[window] {
			seen[window] = true
			at = append(at, i)
		}
	}
	return at
}

func count(lines []string, prefix string) (n int) {
	for _, line := range lines {
		if strings.HasPrefix(line, prefix) {
			n++
		}
	}
	return n
}
