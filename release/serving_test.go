package release_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
)

// described is a flag that is on and serves off to everyone. The test may change it.
func described(change func(*release.Served)) release.Served {
	off := "off"
	s := release.Served{Config: evaluator.FlagConfig{
		Enabled: true, OffVariation: &off, Fallthrough: evaluator.Serve{Variation: "off"},
	}, ConfigVersion: 7}
	change(&s)
	return s
}

func split(weights ...any) evaluator.Serve {
	rollout := evaluator.Rollout{}
	for i := 0; i < len(weights); i += 2 {
		rollout.Weights = append(rollout.Weights, evaluator.WeightedServing{Variation: weights[i].(string), Weight: weights[i+1].(int)})
	}
	return evaluator.Serve{Rollout: &rollout}
}

func nordic(serve evaluator.Serve) evaluator.Rule {
	return evaluator.Rule{ID: "r1", Serve: serve, Clauses: []evaluator.Clause{
		{Attribute: "country", Operator: evaluator.OpIn, Values: []json.RawMessage{[]byte(`"NO"`), []byte(`"SE"`)}},
	}}
}

func ended(phase release.Phase, configVersion int64) *release.Release {
	return &release.Release{Spec: release.Spec{Variation: "on"}, State: release.State{
		Phase: phase, Base: &release.Base{}, ConfigVersion: configVersion, Reason: "Reverted: errors rose.",
	}}
}

func TestDescribeSaysWhatIsServed(t *testing.T) {
	t.Parallel()
	on, fleet := evaluator.Serve{Variation: "on"}, &evaluator.Availability{Service: "shop", Version: ">=2.0.0", Scope: evaluator.ScopeFleet}
	quarter, blue := split("on", 25_000, "off", 75_000), "blue"
	tests := map[string]struct {
		change func(*release.Served)
		want   release.Serving
	}{
		"killed, whatever the configuration says": {
			func(s *release.Served) { s.Killed, s.Config.Fallthrough = true, on },
			release.Serving{State: "killed", Short: "killed: off", Sentence: "Killed: everyone gets off."},
		},
		"killed and off": {
			func(s *release.Served) { s.Killed, s.Config.Enabled, s.Config.OffVariation = true, false, nil },
			release.Serving{State: "killed", Short: "killed: code default", Sentence: "Killed: everyone gets the code default."},
		},
		"off": {
			func(s *release.Served) { s.Config.Enabled = false },
			release.Serving{State: "off", Short: "off", Sentence: "Off: everyone gets off."},
		},
		"off with another variation": {
			func(s *release.Served) { s.Config.Enabled, s.Config.OffVariation = false, &blue },
			release.Serving{State: "off", Short: "off: blue", Sentence: "Off: everyone gets blue."},
		},
		"off since a guard took it back": {
			func(s *release.Served) { s.Config.Enabled, s.Release = false, ended(release.PhaseReverted, 7) },
			release.Serving{State: "off", Short: "reverted: off", Sentence: "Off: everyone gets off. The release of on was taken back. Reverted: errors rose."},
		},
		"taken back, and edited since": {
			func(s *release.Served) { s.Config.Enabled, s.Release = false, ended(release.PhaseReverted, 6) },
			release.Serving{State: "off", Short: "off", Sentence: "Off: everyone gets off."},
		},
		"closed by availability": {
			func(s *release.Served) { s.Config.Availability, s.Config.Fallthrough = fleet, on },
			release.Serving{State: "closed", Short: "closed: off", Sentence: "Closed until the whole fleet of shop has >=2.0.0: everyone gets off."},
		},
		"opened by availability": {
			func(s *release.Served) { s.Config.Availability, s.Config.Fallthrough, s.FleetOpen = fleet, on, true },
			release.Serving{State: "on", Short: "100% on", Sentence: "Everyone gets on."},
		},
		"where the code is": {
			func(s *release.Served) {
				s.Config.Availability, s.Config.Fallthrough = &evaluator.Availability{Service: "shop", Version: ">=2.0.0"}, on
			},
			release.Serving{State: "on", Short: "100% on where shop >=2.0.0", Sentence: "Only on instances of shop that have >=2.0.0: everyone gets on. Otherwise everyone gets off."},
		},
		"on with a prerequisite": {
			func(s *release.Served) {
				s.Config.Fallthrough, s.Config.Prerequisites = on, []evaluator.Prerequisite{{Flag: "cart", Variation: "new"}}
			},
			release.Serving{State: "on", Short: "100% on if cart", Sentence: "Only where cart serves new: everyone gets on. Otherwise everyone gets off."},
		},
		"a percentage": {
			func(s *release.Served) { s.Config.Fallthrough = split("off", 75_000, "on", 25_000) },
			release.Serving{State: "on", Short: "25% on", Sentence: "75% get off, 25% on."},
		},
		"a percentage of companies": {
			func(s *release.Served) {
				s.Config.Fallthrough = quarter
				s.Config.Fallthrough.Rollout.BucketBy = "company"
			},
			release.Serving{State: "on", Short: "25% on", Sentence: "25% get on, 75% off (by company)."},
		},
		"three variations": {
			func(s *release.Served) { s.Config.Fallthrough = split("a", 20_000, "b", 30_000, "c", 50_000) },
			release.Serving{State: "on", Short: "20% / 30% / 50%", Sentence: "20% get a, 30% b, 50% c."},
		},
		"on and still serving the off variation": {
			func(*release.Served) {},
			release.Serving{State: "on", Short: "100% off", Sentence: "Everyone gets off."},
		},
		"a percentage of a rule": {
			func(s *release.Served) { s.Config.Rules = []evaluator.Rule{nordic(split("on", 25_000, "off", 75_000))} },
			release.Serving{State: "on", Short: "25% on by 1 rule, else off", Sentence: "25% of contexts where country is NO or SE get on, 75% off; everyone else gets off."},
		},
		"a rule beside a percentage": {
			func(s *release.Served) {
				s.Config.Rules, s.Config.Fallthrough = []evaluator.Rule{nordic(on)}, split("on", 1_000, "off", 99_000)
			},
			release.Serving{State: "on", Short: "1% on + 1 rule", Sentence: "Contexts where country is NO or SE get on; 1% of the rest get on, 99% off."},
		},
		"rules and keys": {
			func(s *release.Served) {
				s.Config.Targets = []evaluator.Target{{Variation: "on", Values: []string{"ann"}}, {Variation: "off"}}
				s.Config.Rules = []evaluator.Rule{{ID: "a", Description: "beta testers", Serve: on}, {ID: "b", Serve: on}, nordic(on), nordic(on)}
			},
			release.Serving{State: "on", Short: "4 rules, 1 key, else off", Sentence: "1 targeted key gets on; contexts that match “beta testers” get on; all contexts get on; " +
				"contexts where country is NO or SE get on; then 1 more rule; everyone else gets off."},
		},
		"an expression": {
			func(s *release.Served) { s.Config.Targeting = json.RawMessage(`{"if": []}`) },
			release.Serving{State: "on", Short: "by expression", Sentence: "An expression decides who gets what."},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, release.Describe(described(test.change)))
		})
	}
}

func TestServesStepIsFalseWhileSomethingElseIsServed(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*release.Served)
		want   bool
	}{
		"as written":        {func(*release.Served) {}, true},
		"completed":         {func(s *release.Served) { s.Release = ended(release.PhaseCompleted, 7) }, true},
		"killed":            {func(s *release.Served) { s.Killed = true }, false},
		"switched off":      {func(s *release.Served) { s.Config.Enabled = false }, false},
		"edited":            {func(s *release.Served) { s.ConfigVersion = 8 }, false},
		"taken back":        {func(s *release.Served) { s.Release = ended(release.PhaseReverted, 7) }, false},
		"not begun":         {func(s *release.Served) { s.Release.State.Base = nil }, false},
		"without a release": {func(s *release.Served) { s.Release = nil }, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := described(func(s *release.Served) { s.Release = ended(release.PhaseProgressing, 7) })
			test.change(&s)
			require.Equal(t, test.want, release.ServesStep(s))
		})
	}
}
