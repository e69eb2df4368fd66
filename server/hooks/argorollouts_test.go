package hooks_test

import (
	"context"
	"log/slog"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/control"
	"github.com/tidegate-io/tidegate/server/hooks"
	"github.com/tidegate-io/tidegate/store"
)

// rollout is a Rollout of Argo Rollouts as it changes.
type rollout struct {
	n                 *notifier
	version           string
	revision          int
	generation        int
	observed          int
	phase             string
	step              any
	stable, current   string
	replicas, updated int
	aborted           any
	blueGreen         bool
}

// newRollout is a Rollout whose first revision, 1.0.0, is stable and was reported.
func newRollout(b *bench) *rollout {
	r := &rollout{n: notify(b, "argo-rollouts", "rollout"), stable: ""}
	r.set("1.0.0")
	r.advance("Progressing", 0, 5)
	r.promote()
	return r
}

func (r *rollout) see() {
	r.n.Helper()
	strategy := map[string]any{"canary": map[string]any{}}
	if r.blueGreen {
		strategy = map[string]any{"blueGreen": map[string]any{"activeService": "checkout"}}
	}
	status := map[string]any{
		"phase": r.phase, "observedGeneration": strconv.Itoa(r.observed), "currentPodHash": r.current, "replicas": r.replicas,
		"updatedReplicas": r.updated,
	}
	for name, value := range map[string]any{"currentStepIndex": r.step, "abortedAt": r.aborted} {
		if value != nil {
			status[name] = value
		}
	}
	if r.aborted != nil {
		status["abort"] = true
	}
	if r.stable != "" {
		status["stableRS"] = r.stable
	}
	r.n.see(map[string]any{
		"metadata": map[string]any{
			"name": "checkout", "namespace": "production", "uid": "0f5d", "generation": r.generation,
			"annotations": map[string]any{"rollout.argoproj.io/revision": strconv.Itoa(r.revision)},
		},
		"spec": map[string]any{"strategy": strategy, "template": map[string]any{
			"metadata": map[string]any{"labels": map[string]any{"app": "checkout"}},
			"spec":     map[string]any{"containers": []any{map[string]any{"name": "checkout", "image": "registry.example/checkout:" + r.version}}},
		}},
		"status": status,
	})
}

// set changes the template. At that time the controller has not seen the change: the phase is still the one from
// before.
func (r *rollout) set(version string) {
	r.n.Helper()
	r.version, r.generation = version, r.generation+1
	r.see()
	r.revision, r.observed, r.current, r.step, r.updated, r.aborted = r.revision+1, r.generation, version, 0, 0, nil
}

func (r *rollout) advance(phase string, step, updated int) {
	r.n.Helper()
	r.phase, r.step, r.updated, r.replicas = phase, step, updated, 5
	r.see()
}

func (r *rollout) promote() {
	r.n.Helper()
	r.stable, r.phase, r.step, r.updated = r.current, "Healthy", 3, 5
	r.see()
}

func (r *rollout) abort(updated int) {
	r.n.Helper()
	r.phase, r.step, r.updated, r.aborted = "Degraded", 0, updated, r.n.now.Format(time.RFC3339)
	r.see()
	r.updated = 0
	r.see()
}

func (r *rollout) retry() {
	r.n.Helper()
	r.aborted = nil
	r.advance("Progressing", 0, 0)
}

func TestArgoRolloutsTellsWhatBecomesOfEachRevision(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		do   func(r *rollout)
		want []string
	}{
		"promotion": {func(r *rollout) {
			r.set("2.0.0")
			r.advance("Progressing", 0, 0)
			r.advance("Paused", 1, 1)
			r.advance("Progressing", 2, 3)
			r.promote()
		}, []string{"2.0.0 succeeded"}},
		"abort, and back to stable": {func(r *rollout) {
			r.set("2.0.0")
			r.advance("Progressing", 0, 0)
			r.advance("Paused", 1, 1)
			r.abort(1)
			r.set("1.0.0")
			r.promote()
		}, []string{"2.0.0 failed", "1.0.0 succeeded"}},
		"back to stable in mid canary": {func(r *rollout) {
			r.set("2.0.0")
			r.advance("Paused", 1, 1)
			r.set("1.0.0")
			r.advance("Progressing", 3, 4)
			r.promote()
		}, []string{"2.0.0 abandoned", "1.0.0 succeeded"}},
		"abort, retry and promotion": {func(r *rollout) {
			r.set("2.0.0")
			r.advance("Paused", 1, 1)
			r.abort(1)
			r.retry()
			r.advance("Paused", 1, 1)
			r.promote()
		}, []string{"2.0.0 failed", "2.0.0 succeeded"}},
		"refused by a gate, twice": {func(r *rollout) {
			r.set("2.0.0")
			r.advance("Progressing", 0, 0)
			r.abort(0)
			r.retry()
			r.abort(0)
		}, []string{"2.0.0 refused", "2.0.0 refused"}},
		"refused, then let through": {func(r *rollout) {
			r.set("2.0.0")
			r.advance("Progressing", 0, 0)
			r.abort(0)
			r.retry()
			r.advance("Paused", 1, 1)
			r.promote()
		}, []string{"2.0.0 refused", "2.0.0 succeeded"}},
		"scaled, and pods replaced": {func(r *rollout) {
			r.advance("Progressing", 3, 4)
			r.promote()
			r.advance("Degraded", 3, 4)
			r.promote()
		}, nil},
		"blue and green, and back at once": {func(r *rollout) {
			r.blueGreen = true
			r.set("2.0.0")
			r.advance("Paused", 0, 5)
			r.promote()
			r.set("1.0.0")
			r.promote()
		}, []string{"2.0.0 succeeded", "1.0.0 succeeded"}},
		"Tidegate away from the start of an abort until after it": {func(r *rollout) {
			r.set("2.0.0")
			r.n.away = true
			r.advance("Paused", 1, 1)
			r.abort(1)
			r.n.away = false
			r.see()
		}, []string{"2.0.0 refused"}},
		"Tidegate away during a promotion": {func(r *rollout) {
			r.n.away = true
			r.set("2.0.0")
			r.advance("Paused", 1, 1)
			r.promote()
			r.n.away = false
			r.see()
		}, []string{"2.0.0 succeeded"}},
		"the controller is restarted, and shown everything again": {func(r *rollout) {
			r.set("2.0.0")
			r.advance("Paused", 1, 1)
			r.see()
			r.promote()
			clear(r.n.told)
			r.see()
		}, []string{"2.0.0 succeeded"}},
		"no progress, and then some": {func(r *rollout) {
			r.set("2.0.0")
			r.advance("Degraded", 1, 1)
			r.advance("Progressing", 1, 2)
			r.promote()
		}, []string{"2.0.0 failed", "2.0.0 succeeded"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRollout(newBench(t, hooks.GitHub{}))
			test.do(r)
			require.Equal(t, append([]string{"1.0.0 succeeded"}, test.want...), r.n.deployed())
		})
	}
}

// If no router divides the traffic, the pods do.
func TestArgoRolloutsTellsTheShareOfABasicCanary(t *testing.T) {
	t.Parallel()
	r := newRollout(newBench(t, hooks.GitHub{}))
	r.set("2.0.0")
	r.advance("Paused", 1, 1)
	found := r.n.deployments()
	require.Equal(t, 20_000, found[0].TrafficWeight)
	require.Equal(t, release.StrategyCanary, found[0].Strategy)

	// A late message about a step comes after the abort: a version that had traffic has failed.
	late := r.n.render(asStored(t, map[string]any{
		"metadata": map[string]any{"name": "checkout", "namespace": "production", "uid": "0f5d", "generation": 9,
			"annotations": map[string]any{"rollout.argoproj.io/revision": "9"}},
		"spec": map[string]any{"strategy": map[string]any{"canary": map[string]any{}}, "template": map[string]any{
			"metadata": map[string]any{"labels": map[string]any{"app.kubernetes.io/version": "9.0.0"}}}},
		"status": map[string]any{"phase": "Paused", "observedGeneration": "9", "currentPodHash": "b", "stableRS": "a", "replicas": 4, "updatedReplicas": 1},
	}))
	aborted := edit(t, late, map[string]any{"phase": "Degraded", "aborted": true, "updatedReplicas": 0})
	r.n.now = r.n.now.Add(time.Hour)
	r.n.accept("argo-rollouts", "", edit(t, aborted, map[string]any{"at": r.n.now.Add(-10 * time.Minute).Format(time.RFC3339)}))
	require.Equal(t, "9.0.0 refused", r.n.deployed()[2])
	r.n.accept("argo-rollouts", "", edit(t, late, map[string]any{"at": r.n.now.Add(-20 * time.Minute).Format(time.RFC3339)}))
	require.Equal(t, "9.0.0 failed", r.n.deployed()[2])
	require.Len(t, r.n.deployed(), 3)
}

// The pods of a Rollout with a workloadRef are described elsewhere. So the Rollout says its version itself.
func TestARolloutOfAWorkloadSaysItsVersionItself(t *testing.T) {
	t.Parallel()
	n := notify(newBench(t, hooks.GitHub{}), "argo-rollouts", "rollout")
	n.see(map[string]any{
		"metadata": map[string]any{"name": "checkout", "namespace": "production", "uid": "0f5d", "generation": 1,
			"annotations": map[string]any{"rollout.argoproj.io/revision": "1", "tidegate.io/version": "2.3.0"}},
		"spec":   map[string]any{"strategy": map[string]any{"canary": nil}, "workloadRef": map[string]any{"name": "checkout"}},
		"status": map[string]any{"phase": "Healthy", "observedGeneration": "1", "currentPodHash": "a", "stableRS": "a"},
	})
	require.Equal(t, []string{"2.3.0 succeeded"}, n.deployed())
}

// A gate refuses a version while the release that it protects is under way. The release stays as it is, and so does
// the gate.
func TestWhatAGateRefusesRevertsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, hooks.GitHub{})
		ref := prepareRelease(b)
		r := newRollout(b)
		r.set("3.0.0")
		r.advance("Paused", 1, 1)
		r.promote()
		require.Equal(t, release.PhaseProgressing, b.decide(ref))
		for range 2 {
			r.set("2.9.0")
			r.advance("Progressing", 0, 0)
			r.abort(0)
			require.Equal(t, release.PhaseProgressing, b.decide(ref))
		}
		r.set("2.8.0")
		r.advance("Paused", 1, 1)
		r.abort(1)
		require.Equal(t, release.PhaseReverted, b.decide(ref), "instances of this one ran")
	})
}

// decide makes the loop look at the release, and gives its phase. It has to be called within synctest.Test.
func (b *bench) decide(ref store.FlagRef) release.Phase {
	b.Helper()
	ctx, stop := context.WithCancel(b.Context())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		control.NewLoop(b.store, nil, func() time.Time { return b.now }, slog.New(slog.DiscardHandler)).Run(ctx)
	}()
	time.Sleep(2 * time.Second)
	stop()
	<-stopped
	found, err := b.store.Release(b.Context(), ref)
	require.NoError(b, err)
	return found.State.Phase
}
