package release_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
)

// betaWorld is a flag with the rule "beta", for everybody whose plan is "beta", and two segments.
func betaWorld(spec release.Spec) *world {
	w := newWorld(spec)
	w.segments = []evaluator.Segment{{Key: "internal", Included: []string{"ada"}}, {Key: "friends", Included: []string{"bob"}}}
	w.flag.Config.Enabled, w.flag.Config.Fallthrough = true, evaluator.Serve{Variation: "off"}
	w.flag.Config.Rules = []evaluator.Rule{
		{ID: "banned", Clauses: []evaluator.Clause{clause("banned", "in", "yes")}, Serve: evaluator.Serve{Variation: "off"}},
		{ID: "beta", Clauses: []evaluator.Clause{clause("plan", "in", "beta")}, Serve: evaluator.Serve{Variation: "other"}},
	}
	return w
}

func clause(attribute, operator, value string) evaluator.Clause {
	return evaluator.Clause{Attribute: attribute, Operator: evaluator.Operator(operator), Values: []json.RawMessage{json.RawMessage(`"` + value + `"`)}}
}

// get is what a context gets.
func (w *world) get(targetingKey string, attributes map[string]string) string {
	snapshot, problems, err := evaluator.Compile(evaluator.Definition{
		FormatVersion: evaluator.FormatVersion, Flags: []evaluator.Flag{w.flag}, Segments: w.segments,
	})
	if err != nil || len(problems) > 0 {
		panic(problems)
	}
	c := evaluator.NewContext(targetingKey)
	for name, value := range attributes {
		c = c.WithString(name, value)
	}
	return snapshot.Evaluate(w.flag.Key, &c).Variation
}

var (
	onBeta = map[string]string{"plan": "beta"}
	banned = map[string]string{"plan": "beta", "banned": "yes"}
)

func TestReleaseOfARule(t *testing.T) {
	t.Parallel()
	spec := waitsFor()
	spec.Target.Rule = "beta"
	w := betaWorld(spec)
	require.NoError(t, release.ValidateSpec(spec, w.flag))
	original := w.flag.Config
	mustDo(w, release.Start)
	require.Equal(t, evaluator.Serve{Rollout: &evaluator.Rollout{Weights: []evaluator.WeightedServing{
		{Variation: "on", Weight: 1_000}, {Variation: "other", Weight: 99_000},
	}}}, w.flag.Config.Rules[1].Serve)
	require.Equal(t, original.Fallthrough, w.flag.Config.Fallthrough)
	require.Equal(t, "other", original.Rules[1].Serve.Variation, "what was observed is not changed")

	mustDo(w, release.Promote)
	mustDo(w, release.Promote)
	require.Equal(t, "on", w.get("eve", onBeta))
	require.Equal(t, "off", w.get("eve", banned))
	require.Equal(t, "off", w.get("eve", nil))
	mustDo(w, release.Revert)
	require.Equal(t, original, w.flag.Config)
}

func TestReleaseOfARuleNeedsTheFlagOnAndTheRule(t *testing.T) {
	t.Parallel()
	spec := waitsFor()
	spec.Target.Rule = "beta"
	w := betaWorld(spec)
	w.flag.Config.Enabled = false
	require.ErrorContains(t, w.do(release.Start), "turn the flag on first")
	w.deploy("2.3.0", release.StatusSucceeded)
	w.settle()
	require.Contains(t, w.release.State.Reason, "Cannot start, although checkout 2.3.0 was deployed: the flag is off")

	w.edit(func(c *evaluator.FlagConfig) { c.Enabled = true })
	w.settle()
	require.Equal(t, release.PhaseProgressing, w.release.State.Phase)
	w.edit(func(c *evaluator.FlagConfig) { c.Rules = c.Rules[:1] })
	w.settle()
	require.Equal(t, release.PhasePaused, w.release.State.Phase)
	require.ErrorContains(t, w.do(release.Resume), `no longer has the rule "beta"`)
	rest := w.flag.Config
	require.NoError(t, w.do(release.Revert))
	require.Equal(t, rest, w.flag.Config, "there is nothing left to take back")

	w = betaWorld(spec)
	w.flag.Config.Rules = nil
	require.ErrorContains(t, w.do(release.Start), `no longer has the rule "beta"`)
}

// Segments come first, one after the other, and stay in while percentages follow.
func TestSegmentsFirst(t *testing.T) {
	t.Parallel()
	hold := release.Duration(time.Minute)
	steps := []release.Step{{Segment: "internal", Hold: hold}, {Segment: "friends", Hold: hold}, {Weight: 1, Hold: hold}, {Weight: 100_000}}
	for name, test := range map[string]struct {
		target release.Target
		before string
	}{
		"the fallthrough": {before: "off"},
		"a rule":          {target: release.Target{Rule: "beta"}, before: "other"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec := release.Spec{Variation: "on", Target: test.target, Trigger: release.Trigger{Manual: true}, Steps: steps}
			w := betaWorld(spec)
			require.NoError(t, release.ValidateSpec(spec, w.flag))
			original, who := w.flag.Config, map[string]string(nil)
			if test.target.Rule != "" {
				who = onBeta
			}
			mustDo(w, release.Start)
			require.Equal(t, "Step 1 of 4, segment internal: started by hand.", w.release.State.Reason)
			require.Zero(t, w.release.State.Weight)
			require.Equal(t, []string{"on", test.before, test.before}, []string{w.get("ada", who), w.get("bob", who), w.get("eve", who)})
			require.Equal(t, "off", w.get("ada", banned), "rules before the target hold")
			if test.target.Rule == "" {
				require.Equal(t, "other", w.get("ada", onBeta), "rules before the fallthrough hold")
			}
			for range 2 {
				w.wait(time.Minute)
				require.Equal(t, []string{"on", "on", test.before}, []string{w.get("ada", who), w.get("bob", who), w.get("eve", who)})
			}
			require.Equal(t, 1, w.release.State.Weight)
			reverted := *w
			mustDo(&reverted, release.Revert)
			require.Equal(t, original, reverted.flag.Config)

			w.wait(time.Minute)
			require.Equal(t, "on", w.get("eve", who))
			require.Len(t, w.flag.Config.Rules, 2, "nothing is left of the release")
			mustDo(w, release.Revert)
			require.Equal(t, original, w.flag.Config)
		})
	}
}

// A flag that is off lets in the segment alone.
func TestSegmentOfAFlagThatIsOff(t *testing.T) {
	t.Parallel()
	spec := waitsFor()
	spec.Steps = append([]release.Step{{Segment: "internal", Hold: release.MinHold}}, spec.Steps...)
	w := newWorld(spec)
	w.segments = []evaluator.Segment{{Key: "internal", Included: []string{"ada"}}}
	original := w.flag.Config
	mustDo(w, release.Start)
	require.Equal(t, []string{"on", "off"}, []string{w.get("ada", nil), w.get("bob", nil)})
	w.edit(func(c *evaluator.FlagConfig) { c.Rules = nil })
	w.settle()
	mustDo(w, release.Resume)
	require.Equal(t, "on", w.get("ada", nil), "resuming lets the segment in again")
	mustDo(w, release.Revert)
	require.Equal(t, original, w.flag.Config)
}

func TestVariationsAndSegmentsOfARelease(t *testing.T) {
	t.Parallel()
	spec := waitsFor()
	spec.Target.Rule = "beta"
	spec.Steps = append([]release.Step{{Segment: "internal", Hold: release.MinHold}}, spec.Steps...)
	w := betaWorld(spec)
	require.Equal(t, []string{"on"}, release.Variations(w.release))
	require.Equal(t, []string{"internal"}, release.Segments(w.release))
	mustDo(w, release.Start)
	require.Equal(t, []string{"on", "other"}, release.Variations(w.release))
}
