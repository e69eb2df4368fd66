package release_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
)

func TestCheckGate(t *testing.T) {
	t.Parallel()
	needs := func(scope evaluator.Scope) *evaluator.Availability {
		return &evaluator.Availability{Service: "checkout", Version: ">=2.3.0", Scope: scope}
	}
	on := func(c *evaluator.FlagConfig) { c.Enabled = true }
	share := func(weight int) func(*evaluator.FlagConfig) {
		return func(c *evaluator.FlagConfig) {
			c.Enabled = true
			c.Fallthrough = evaluator.Serve{Rollout: &evaluator.Rollout{Weights: []evaluator.WeightedServing{
				{Variation: "on", Weight: weight}, {Variation: "off", Weight: evaluator.TotalWeight - weight}}}}
		}
	}
	off := evaluator.Serve{Variation: "off"}
	tests := map[string]struct {
		config       func(*evaluator.FlagConfig)
		availability *evaluator.Availability
		fleetOpen    bool
		phase        release.Phase // of a release that waits for checkout >=2.3.0
		version      string        // 2.2.0 unless set
		deploy       bool
		rollBack     bool
		openBy       []release.OpenBy
	}{
		"open to the fleet":             {config: on, availability: needs("fleet"), fleetOpen: true, openBy: []release.OpenBy{"fallthrough"}},
		"open to the fleet, new enough": {config: on, availability: needs("fleet"), fleetOpen: true, version: "2.3.0", deploy: true, rollBack: true},
		"open to the fleet, a commit":   {config: on, availability: needs("fleet"), fleetOpen: true, version: "c0ffee", openBy: []release.OpenBy{"fallthrough"}},
		"not open to the fleet yet":     {config: on, availability: needs("fleet"), deploy: true, rollBack: true},
		"open where the code is":        {config: share(1), availability: needs(""), deploy: true, openBy: []release.OpenBy{"rollout"}},
		"no share yet":                  {config: share(0), availability: needs(""), deploy: true, rollBack: true},
		"off":                           {config: func(*evaluator.FlagConfig) {}, availability: needs("instance"), deploy: true, rollBack: true},
		"of another service": {config: on, availability: &evaluator.Availability{Service: "search", Version: ">=9"},
			deploy: true, rollBack: true},
		"serves off to everybody": {config: func(c *evaluator.FlagConfig) { c.Enabled, c.Fallthrough = true, off },
			availability: needs("instance"), deploy: true, rollBack: true},
		"the code default is never off": {config: func(c *evaluator.FlagConfig) { c.Enabled, c.OffVariation, c.Fallthrough = true, nil, off },
			availability: needs("instance"), deploy: true, openBy: []release.OpenBy{"fallthrough"}},
		"open by a target and a rule": {config: func(c *evaluator.FlagConfig) {
			c.Enabled, c.Fallthrough = true, off
			c.Targets = []evaluator.Target{{Variation: "on", Values: []string{"ann"}}}
			c.Rules = []evaluator.Rule{{ID: "r", Serve: evaluator.Serve{Variation: "on"}}}
		}, availability: needs("instance"), deploy: true, openBy: []release.OpenBy{"targets", "rules"}},
		"open by an expression": {config: func(c *evaluator.FlagConfig) { c.Enabled, c.Targeting = true, []byte(`"on"`) },
			availability: needs("instance"), deploy: true, openBy: []release.OpenBy{"targeting"}},
		"opened by a release, unprotected":         {config: share(1000), phase: release.PhaseProgressing, openBy: []release.OpenBy{"rollout", "release"}},
		"opened by a release that is completed":    {config: on, phase: release.PhaseCompleted, openBy: []release.OpenBy{"fallthrough", "release"}},
		"open, with a release that waits":          {config: on, phase: release.PhasePending, deploy: true, rollBack: true},
		"open, with a release that was taken back": {config: on, phase: release.PhaseReverted, deploy: true, rollBack: true},
		"opened by a release, protected": {config: share(1000), phase: release.PhasePaused, availability: &evaluator.Availability{
			Service: "checkout", Version: ">=2.0.0"}, deploy: true, openBy: []release.OpenBy{"rollout", "release"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			flag := newFlag()
			test.config(&flag.Config)
			flag.Config.Availability, flag.FleetOpen = test.availability, test.fleetOpen
			at := release.FlagAtGate{Flag: flag}
			if test.phase != "" {
				r := release.Release{Spec: waitsFor(), State: release.State{Phase: test.phase}}
				if test.phase != release.PhasePending {
					r.State.Base = &release.Base{}
				}
				at.Release = &r
			}
			if test.version == "" {
				test.version = "2.2.0"
			}
			check := release.CheckGate("checkout", test.version, []release.FlagAtGate{at})
			require.Equal(t, []bool{test.deploy, test.rollBack}, []bool{check.SafeToDeploy, check.SafeToRollBackTo})
			if test.openBy == nil {
				require.Empty(t, check.InTheWay)
				return
			}
			require.Len(t, check.InTheWay, 1)
			require.Equal(t, test.openBy, check.InTheWay[0].OpenBy)
			require.Contains(t, check.InTheWay[0].Reason, test.version)
			require.Contains(t, check.InTheWay[0].Reason, "checkout >=2.")
		})
	}
}
