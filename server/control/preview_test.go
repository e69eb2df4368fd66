package control_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/control"
	"github.com/tidegate-io/tidegate/store"
)

func (b *bench) preview(version string, status release.Status) control.Preview {
	p, err := b.releases.Preview(b.Context(), store.Deployment{
		EnvironmentRef: production, Deployment: release.Deployment{Service: "checkout", Version: version, Status: status},
	}, b.by("").At)
	require.NoError(b, err)
	return p
}

func TestPreviewTellsWhatTheReportWouldDo(t *testing.T) {
	inBubble(t, func(b *bench) {
		defer b.lead()()
		b.put(seconds()...)
		require.Empty(b, b.preview("2.2.0", release.StatusSucceeded).Moves, "too old")
		require.Empty(b, b.preview("2.3.0", release.StatusStarted).Moves)

		p := b.preview("2.3.0", release.StatusSucceeded)
		require.False(b, p.Known)
		require.True(b, p.Changed)
		require.Len(b, p.Moves, 1)
		require.Equal(b, release.PhasePending, p.Moves[0].Release.State.Phase)
		require.Equal(b, release.PhaseProgressing, p.Moves[0].Next.Phase)
		require.Equal(b, 1_000, p.Moves[0].Next.Weight)
		pass(soon)
		require.Equal(b, release.PhasePending, b.state().Phase, "nothing was done")
		deployments, err := b.store.ListDeployments(b.Context(), production, store.DeploymentFilter{})
		require.NoError(b, err)
		require.Empty(b, deployments)

		deployed := b.deploy("2.3.0", release.StatusSucceeded)
		pass(soon)
		p = b.preview("2.3.0", release.StatusSucceeded)
		require.True(b, p.Known)
		require.False(b, p.Changed)
		require.Equal(b, deployed.ID, p.Deployment.ID)
		p = b.preview("2.3.0", release.StatusFailed)
		require.True(b, p.Known)
		require.Len(b, p.Moves, 1)
		require.Equal(b, release.PhaseReverted, p.Moves[0].Next.Phase)
	})
}

func TestPreviewRefusesWhatDeployRefuses(t *testing.T) {
	inBubble(t, func(b *bench) {
		_, err := b.releases.Preview(b.Context(), store.Deployment{EnvironmentRef: production}, b.by("").At)
		require.ErrorContains(b, err, "/service")
	})
}
