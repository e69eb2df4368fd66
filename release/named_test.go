package release_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tidegate-io/tidegate/release"
)

// The versions of a service may be commits or dates.
func waitsForNamed(version string) release.Spec {
	spec := waitsFor()
	spec.Trigger.Deployment.Version = version
	return spec
}

func TestReleaseMayWaitForACommitOrADate(t *testing.T) {
	t.Parallel()
	for versions, cases := range map[string]map[string]bool{
		"9fceb02":    {"9fceb02": true, "9fceb02d0ae598e95dc970b74767f19372d61af8": true, "9fceb03": false, "9fceb02-dirty": false},
		"2026-11-21": {"2026-11-21": true, "2026-11-21.2": false, "2026-11-22": false},
		"1234567":    {"1234567": true, "1234567.0.0": true, "12345678": true, "7.0.0": false},
	} {
		for version, starts := range cases {
			w := newWorld(waitsForNamed(versions))
			require.NoError(t, release.ValidateSpec(w.release.Spec, w.flag))
			w.deploy(version, release.StatusSucceeded)
			w.settle()
			require.Equal(t, starts, w.release.State.Phase == release.PhaseProgressing, "%s waits for %s", version, versions)
		}
	}
	for _, wrong := range []string{"", "9fceb0", "9FCEB02", "latest", "2.3.x.y", "2026-11"} {
		require.ErrorContains(t, release.ValidateSpec(waitsForNamed(wrong), newFlag()), "version", wrong)
	}
}

// Versions without an order of their own are ordered by when they were first deployed. If a version was deployed
// before the version of the release and succeeds again, that is a way back. Otherwise it is not.
func TestRollbackAmongCommitsIsRecognised(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const ours = "0000000"
		w := newWorld(waitsForNamed(ours))
		name := func(i int) string {
			if rapid.Bool().Draw(t, "dated") {
				return fmt.Sprintf("2026-11-%02d", i%28+1)
			}
			return fmt.Sprintf("%07x", 0xc0ffee+i)
		}
		var before []string
		for i := range rapid.IntRange(0, 3).Draw(t, "before") {
			before = append(before, name(i))
			w.deploy(before[i], release.StatusSucceeded)
		}
		w.deploy(ours, release.StatusSucceeded)
		w.settle()
		require.Equal(t, release.PhaseProgressing, w.release.State.Phase)
		after := []string{ours}
		for i := range rapid.IntRange(0, 4).Draw(t, "after") {
			version := rapid.SampledFrom(append([]string{name(10 + i)}, after...)).Draw(t, "version")
			w.deploy(version, release.StatusSucceeded)
			after = append(after, version)
			w.now = w.now.Add(time.Duration(rapid.IntRange(0, 90).Draw(t, "minutes")) * time.Minute)
			w.settle()
			require.NotEqual(t, release.PhaseReverted, w.release.State.Phase, "%s is new, or ours: %s", version, w.release.State.Reason)
		}
		if len(before) == 0 {
			return
		}
		back := rapid.SampledFrom(before).Draw(t, "back")
		w.deploy(back, release.StatusSucceeded)
		w.settle()
		require.Equal(t, release.PhaseReverted, w.release.State.Phase)
		require.Equal(t, "Reverted: checkout went back to "+back+".", w.release.State.Reason)
	})
}
