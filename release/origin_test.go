package release_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/release"
)

// A release that somebody starts by hand has no deployment of its own with which to compare later versions.
func TestLossAfterAStartByHand(t *testing.T) {
	t.Parallel()
	succeeded := func(versions ...string) func(w *world) {
		return func(w *world) {
			for _, version := range versions {
				w.deploy(version, release.StatusSucceeded)
			}
		}
	}
	tests := map[string]struct {
		before  func(w *world)
		happens func(w *world)
		lost    string
	}{
		"nothing known, a newer version":        {happens: succeeded("3.0.0")},
		"nothing known, no semver":              {happens: succeeded("c0ffee")},
		"nothing known, in the range":           {happens: succeeded("2.5.0")},
		"nothing known, below the range":        {happens: succeeded("1.9.5"), lost: "checkout went back to 1.9.5"},
		"nothing known, newer ones":             {happens: succeeded("2.5.0", "3.0.0", "3.1.0")},
		"nothing known, newer and back":         {happens: succeeded("3.0.0", "2.5.0")},
		"older than the first in the range":     {happens: succeeded("2.5.0", "1.9.5"), lost: "checkout went back to 1.9.5"},
		"newer than before, older than the new": {before: succeeded("1.9.0"), happens: succeeded("2.5.0", "1.9.5"), lost: "checkout went back to 1.9.5"},
		"older than what ran":                   {before: succeeded("1.9.0"), happens: succeeded("1.8.0"), lost: "checkout went back to 1.8.0"},
		"newer than what ran":                   {before: succeeded("1.9.0"), happens: succeeded("1.9.5")},
		"what ran, again":                       {before: succeeded("1.9.0"), happens: succeeded("1.9.0")},
		"a newer range than what ran":           {before: succeeded("1.9.0"), happens: succeeded("3.0.0")},
		"what ran has no semver":                {before: succeeded("0ldsha"), happens: succeeded("3.0.0")},
		"the revision before what ran": {before: succeeded("0ldersha", "0ldsha"), happens: succeeded("0ldersha"),
			lost: "checkout went back to 0ldersha"},
		"what ran is rolled back": {before: succeeded("1.8.0", "1.9.0"),
			happens: func(w *world) { w.turn(release.StatusRolledBack) }, lost: "checkout 1.9.0 was rolled back"},
		"what ran failed before and does not count": {
			before:  func(w *world) { w.deploy("2.9.0", release.StatusSucceeded); w.turn(release.StatusFailed) },
			happens: succeeded("3.0.0")},
		"the first in the range is rolled back": {
			happens: func(w *world) { w.deploy("2.5.0", release.StatusSucceeded); w.turn(release.StatusRolledBack) },
			lost:    "checkout 2.5.0 was rolled back"},
		"a deployment in the range fails": {
			happens: func(w *world) { w.deploy("2.5.0", release.StatusFailed) }, lost: "the deployment of checkout 2.5.0 failed"},
		"a newer deployment fails": {happens: func(w *world) { w.deploy("3.0.0", release.StatusFailed) }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec := waitsFor()
			spec.Trigger.Deployment.Version = "2.x"
			w := newWorld(spec)
			if test.before != nil {
				test.before(w)
			}
			w.now = w.now.Add(time.Second)
			mustDo(w, release.Start)
			require.Empty(t, w.release.State.Deployment)
			test.happens(w)
			w.settle()
			if test.lost == "" {
				require.Equal(t, release.PhaseProgressing, w.release.State.Phase, w.release.State.Reason)
				return
			}
			require.Equal(t, "Reverted: "+test.lost+".", w.release.State.Reason)
		})
	}
}
