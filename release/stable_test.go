package release_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tidegate-io/tidegate/release"
)

// restart makes the server stop and start. Only what was stored is left of the release.
func (w *world) restart(t *rapid.T) {
	stored, err := json.Marshal(w.release)
	require.NoError(t, err)
	w.release = release.Release{}
	require.NoError(t, json.Unmarshal(stored, &w.release))
}

// A context that is in stays in. A context that is out stays out until the weight rises. This holds through pauses,
// resumptions, restarts of the server and waiting. After a revert everybody has what they had before. Another release
// of the same flag lets in the same contexts.
func TestBucketsAreStableThroughPauseResumeRevertAndRestart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(drawSpec(t))
		w.flag.Config = drawConfig(t)
		before := served(w)
		byWeight := make(map[int][]string)
		for range 2 { // one release, and after its revert another
			w.deploy("2.3.0", release.StatusSucceeded)
			w.release = newWorld(w.release.Spec).release
			w.settle()
			for range rapid.IntRange(1, 8).Draw(t, "moments") {
				switch rapid.SampledFrom([]string{"pause", "resume", "restart", "wait", "promote"}).Draw(t, "happens") {
				case "pause":
					_ = w.do(release.Pause) // refused while it is paused or completed
				case "resume":
					_ = w.do(release.Resume)
				case "promote":
					_ = w.do(release.Promote)
				case "restart":
					w.restart(t)
				case "wait":
					w.wait(time.Duration(rapid.IntRange(1, 60).Draw(t, "seconds")) * time.Second)
				}
				now := served(w)
				if known, is := byWeight[w.release.State.Weight]; is {
					require.Equal(t, known, now, "at %d", w.release.State.Weight)
				}
				byWeight[w.release.State.Weight] = now
				for i := range now {
					if now[i] != before[i] {
						require.Equal(t, w.release.Spec.Variation, now[i], "nobody moves but to what is released")
					}
				}
			}
			w.restart(t)
			require.NoError(t, w.do(release.Revert))
			require.Equal(t, before, served(w))
		}
	})
}
