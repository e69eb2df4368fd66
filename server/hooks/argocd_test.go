package hooks_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/hooks"
)

// application is an Application of Argo CD as it changes. It reports its operation and its comparison at different
// times.
type application struct {
	n              *notifier
	started        string
	finished       any
	phase          string
	sync, health   string
	reconciled     any
	images, synced []string
	applied        bool
}

func newApplication(b *bench) *application {
	return &application{n: notify(b, "argocd", "app"), reconciled: start.Format(time.RFC3339)}
}

func (a *application) see() {
	a.n.Helper()
	resources := []any{map[string]any{"kind": "Job", "status": "Synced", "hookType": "PreSync"}}
	if a.applied {
		resources = append(resources, map[string]any{"kind": "Deployment", "status": "Synced", "images": a.synced})
	}
	a.n.see(map[string]any{
		"metadata": map[string]any{"name": "checkout", "uid": "4a7f", "annotations": map[string]any{"tidegate.io/environment": "production"}},
		"spec":     map[string]any{"project": "shop", "destination": map[string]any{"namespace": "shop"}},
		"status": map[string]any{
			"sync":           map[string]any{"status": a.sync, "revision": "9fceb02"},
			"health":         map[string]any{"status": a.health},
			"summary":        map[string]any{"images": a.images},
			"reconciledAt":   a.reconciled,
			"operationState": map[string]any{"phase": a.phase, "startedAt": a.started, "finishedAt": a.finished, "syncResult": map[string]any{"revision": "9fceb02", "resources": resources}},
		},
	})
}

func (a *application) time() string { return a.n.now.Format(time.RFC3339) }

// change is a plain change to an image, in the order in which Argo CD reports it. When the operation has succeeded,
// everything else is still as before. Health is the health at the end.
func (a *application) change(from, to, health string) {
	a.n.Helper()
	a.sync = "OutOfSync"
	a.see()
	a.phase, a.started, a.finished, a.applied = "Running", a.time(), nil, false
	a.see()
	a.phase, a.finished, a.applied = "Succeeded", a.time(), true
	a.see()
	a.sync = "Synced" // and compared before
	a.see()
	a.reconciled, a.health, a.images = a.time(), "Progressing", tagged(from)
	a.see()
	a.images = append(tagged(from), tagged(to)...)
	a.see()
	a.health = health
	a.see()
	if health == "Healthy" {
		a.images = tagged(to)
	}
	a.see()
}

func tagged(version string) []string { return []string{"registry.example/shop/checkout:" + version} }

func TestArgoCDTellsEachVersionThatItChangesTo(t *testing.T) {
	t.Parallel()
	a := newApplication(newBench(t, hooks.GitHub{}))
	a.health, a.images = "Healthy", tagged("1.0.0")
	var want []string
	for i, version := range []string{"2.0.0", "3.0.0", "2.0.0", "4.0.0", "5.0.0", "6.0.0"} {
		before := append([]string{"1.0.0"}, "2.0.0", "3.0.0", "2.0.0", "4.0.0", "5.0.0")[i]
		a.change(before, version, "Healthy")
		want = append(want, version+" succeeded")
		require.Equal(t, want, a.n.deployed())
	}
}

func TestArgoCDCountsAFailureAgainstTheVersionThatFailed(t *testing.T) {
	t.Parallel()
	a := newApplication(newBench(t, hooks.GitHub{}))
	a.health, a.images = "Healthy", tagged("7.5.0")
	a.change("7.5.0", "7.6.0", "Healthy")
	a.change("7.6.0", "8.0.0", "Degraded")
	require.Equal(t, []string{"7.6.0 succeeded", "8.0.0 failed"}, a.n.deployed())

	// The deployment that repairs the failure must not be reported as failed because of what is still known of that
	// failure.
	a.change("8.0.0", "7.6.0", "Healthy")
	require.Equal(t, []string{"7.6.0 succeeded", "8.0.0 failed", "7.6.0 succeeded"}, a.n.deployed())

	a.health = "Degraded"
	a.see()
	require.Equal(t, "7.6.0 failed", a.n.deployed()[2])
	a.health = "Healthy"
	a.see()
	require.Equal(t, []string{"7.6.0 succeeded", "8.0.0 failed", "7.6.0 failed", "7.6.0 succeeded"}, a.n.deployed(), "it is well again")
}

// Some versions of Argo CD say which images they have applied. These are believed.
func TestArgoCDSaysWhichImagesItApplied(t *testing.T) {
	t.Parallel()
	a := newApplication(newBench(t, hooks.GitHub{}))
	a.synced, a.health, a.images = tagged("8.0.0"), "Healthy", tagged("7.6.0")
	a.change("7.6.0", "8.0.0", "Degraded")
	require.Equal(t, []string{"8.0.0 failed"}, a.n.deployed())
}

func TestArgoCDIsAskedAgainUntilOneVersionIsLeft(t *testing.T) {
	t.Parallel()
	a := newApplication(newBench(t, hooks.GitHub{}))
	a.phase, a.sync, a.health, a.applied = "Succeeded", "Synced", "Healthy", true
	a.started, a.finished, a.reconciled = a.time(), a.time(), a.time()
	a.images = append(tagged("7.6.0"), tagged("8.0.0")...)
	a.see()
	require.Empty(t, a.n.deployed(), "pods of both run")
	a.images = tagged("8.0.0")
	a.see()
	require.Equal(t, []string{"8.0.0 succeeded"}, a.n.deployed())
}

// A hook before the sync, such as our gate, refuses it: nothing was applied.
func TestArgoCDDeploysNothingThatAHookRefuses(t *testing.T) {
	t.Parallel()
	a := newApplication(newBench(t, hooks.GitHub{}))
	a.sync, a.health, a.images = "OutOfSync", "Healthy", tagged("2.3.0")
	a.phase, a.started, a.finished = "Failed", a.time(), a.time()
	a.see()
	require.Equal(t, []string{"9fceb02 refused"}, a.n.deployed())
	a.n.now = a.n.now.Add(time.Minute)
	a.started, a.finished, a.applied = a.time(), a.time(), true
	a.see()
	require.Equal(t, []string{"9fceb02 refused", "9fceb02 failed"}, a.n.deployed())
}

func TestArgoCDTellsAgainWhatTidegateMissed(t *testing.T) {
	t.Parallel()
	a := newApplication(newBench(t, hooks.GitHub{}))
	a.health, a.images = "Healthy", tagged("1.0.0")
	a.n.away = true
	a.change("1.0.0", "2.0.0", "Healthy")
	a.n.away = false
	require.Empty(t, a.n.deployed())
	a.see()
	require.Equal(t, []string{"2.0.0 succeeded"}, a.n.deployed())
	told := a.n.sent
	a.see()
	require.Equal(t, told, a.n.sent, "once it is taken in, it is not told again")
}
