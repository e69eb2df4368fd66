package hooks_test

import (
	"context"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/control"
	"github.com/tidegate-io/tidegate/server/hooks"
	"github.com/tidegate-io/tidegate/store"
)

// Flagger takes 2xx to mean "roll back" or "go on". So it must not be told to roll back unless a person or a guard
// has reverted the release that needs the version.
func TestFlaggerIsToldToRollBackOnlyAfterARevert(t *testing.T) {
	t.Parallel()
	b := newBench(t, hooks.GitHub{})
	b.webhook("flagger", `{}`)
	ref := prepareRelease(b)
	releases := control.NewReleases(b.store, control.Judge{}, func() {})
	by := func() store.Attribution {
		return store.Attribution{Actor: store.Actor{Kind: store.ActorUser, Name: "ann"}, At: b.now}
	}
	move := func(do func(context.Context, store.FlagRef, store.Attribution) (store.Release, error)) {
		b.now = b.now.Add(time.Minute)
		_, err := do(t.Context(), ref, by())
		require.NoError(t, err)
	}
	ask := func(hook string) int { return b.send("flagger", hook, testdata(t, "flagger", "rollback")).Code }
	event := func(version string) {
		b.now = b.now.Add(time.Minute)
		b.accept("flagger", "event", edit(t, testdata(t, "flagger", "event"), map[string]any{"metadata.version": version, "checksum": version, "metadata.timestamp": nil}))
	}
	calm := func(when string) {
		t.Helper()
		require.Equal(t, http.StatusConflict, ask("rollback"), when)
		for _, hook := range []string{"confirm-rollout", "confirm-traffic-increase", "confirm-promotion"} {
			require.Equal(t, http.StatusOK, ask(hook), when)
		}
	}
	calm("nothing is known")
	move(releases.Start)
	move(releases.Revert)
	event("2.3.0")
	calm("it was reverted before the canary began")

	b.now = b.now.Add(time.Minute)
	_, err := releases.Put(t.Context(), ref, release.Spec{
		Variation: "on", Trigger: release.Trigger{Deployment: &release.DeploymentTrigger{Service: "checkout", Version: ">=2.3.0"}},
		Steps: []release.Step{{Weight: 1_000, Hold: release.Duration(time.Hour)}, {Weight: 100_000}},
	}, store.AnyVersion, by())
	require.NoError(t, err)
	move(releases.Start)
	calm("the release is under way")
	list, err := b.store.ListDeliveries(t.Context(), "flagger")
	require.NoError(t, err)
	require.Len(t, list, 1, "what is asked again and again is not kept")

	move(releases.Revert)
	require.Equal(t, http.StatusOK, ask("rollback"))
	for _, hook := range []string{"confirm-rollout", "confirm-traffic-increase", "confirm-promotion"} {
		require.Equal(t, http.StatusConflict, ask(hook))
	}
	kept, outcome := b.last("flagger")
	require.Equal(t, "rollback", kept.Event)
	require.Contains(t, outcome.Note, "new-checkout")

	event("2.2.0")
	calm("another version, which the release does not need, goes out")
	require.Equal(t, http.StatusNotFound, ask("pre-rollout"))
}

// Without a version in its metadata, Flagger completes the deployment that somebody else has begun.
func TestFlaggerCompletesWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	b := newBench(t, hooks.GitHub{})
	b.webhook("flagger", `{}`)
	send := func(message string) (note string, reported int) {
		b.now = b.now.Add(time.Minute)
		outcome := b.accept("flagger", "", edit(t, testdata(t, "flagger", "event"), map[string]any{
			"metadata.eventMessage": message, "metadata.version": nil, "metadata.timestamp": strconv.FormatInt(b.now.UnixMilli(), 10),
		}))
		return outcome.Note, len(outcome.Deployments)
	}
	note, reported := send("Promotion completed! Scaling down checkout.production")
	require.Zero(t, reported)
	require.Contains(t, note, "under way")

	releases := control.NewReleases(b.store, control.Judge{}, func() {})
	_, _, err := releases.Deploy(t.Context(), store.Deployment{EnvironmentRef: production, Deployment: release.Deployment{
		Service: "checkout", Version: "2.3.0", Status: release.StatusStarted, Source: "ci", ExternalID: "run-7",
	}}, store.Attribution{At: b.now})
	require.NoError(t, err)
	note, _ = send("Advance checkout.production canary weight 10")
	require.Contains(t, note, "Nothing new")
	_, reported = send("Promotion completed! Scaling down checkout.production")
	require.Equal(t, 1, reported)
	send("Promotion completed! Scaling down checkout.production")
	_, reported = send("Canary failed! Scaling down checkout.production")
	require.Zero(t, reported, "nothing is under way")
	deployments := b.deployments()
	require.Len(t, deployments, 1)
	require.Equal(t, "ci run-7 succeeded", deployments[0].Source+" "+deployments[0].ExternalID+" "+string(deployments[0].Status))
}

// Every hook except the events is a question, and any 2xx is a yes. An address that does not say which hook it is
// must not say yes.
func TestFlaggerGetsNoYesAtAnAddressWithoutHook(t *testing.T) {
	t.Parallel()
	b := newBench(t, hooks.GitHub{})
	b.webhook("flagger", `{}`)
	question := b.send("flagger", "", testdata(t, "flagger", "rollback"))
	require.Equal(t, http.StatusNotFound, question.Code, question.Body.String())
	require.Contains(t, question.Body.String(), "confirm-promotion")
	b.accept("flagger", "", testdata(t, "flagger", "event"))
	list, err := b.store.ListDeliveries(t.Context(), "flagger")
	require.NoError(t, err)
	require.Len(t, list, 2, "the refusal is kept as well, so that its reason can be found")
}
