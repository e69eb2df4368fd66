package release_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/release"
)

func TestPolicyCompletesWhatIsNotGiven(t *testing.T) {
	t.Parallel()
	policy := release.Policy{
		Steps: []release.Step{{Weight: 100_000}}, Windows: []release.Window{officeHours("UTC")},
		Guards: []release.Guard{{Name: "errors"}}, OnRollback: release.OnRollbackPause,
		Deployment: release.Readiness{HealthyFor: release.Duration(time.Minute)},
	}
	waiting := release.Trigger{Deployment: &release.DeploymentTrigger{Service: "checkout", Version: ">=2.3.0"}}
	all := policy.Apply(release.Spec{Trigger: waiting})
	require.Equal(t, policy, release.Policy{
		Steps: all.Steps, Windows: all.Windows, Guards: all.Guards, OnRollback: all.OnRollback, Deployment: all.Trigger.Deployment.Readiness,
	})
	require.Zero(t, waiting.Deployment.Readiness, "the spec that was given stays as it is")

	own := release.Spec{
		Steps: []release.Step{{Weight: 1, Hold: release.MinHold}, {Weight: 2}}, Windows: []release.Window{}, Guards: []release.Guard{},
		OnRollback: release.OnRollbackIgnore, Trigger: release.Trigger{Manual: true},
	}
	require.Equal(t, own, policy.Apply(own), "none is a choice too")
}
