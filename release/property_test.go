package release_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
)

// These hold whatever people, deployments and the clock do. The weight falls only in a revert. Decisions are
// idempotent. No step is skipped by itself. The flag serves what the state says. A context that was let in stays in.
// Without edits, a revert leaves the configuration as it was, and contexts outside never notice anything.
func TestReleaseKeepsItsPromises(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		spec := drawSpec(t)
		drawHolds(t, &spec)
		w := newWorld(spec)
		w.flag.Config = drawConfig(t)
		w.flag.Config.Rules = rulesOf(t, spec)
		w.segments = []evaluator.Segment{{Key: "internal", Included: []string{"user-1", "user-5", "user-21"}}}
		p := &promises{world: w, original: w.flag.Config, before: served(w)}
		t.Repeat(map[string]func(*rapid.T){
			"deploy": func(t *rapid.T) {
				w.deploy(rapid.SampledFrom([]string{"2.2.0", "2.3.0", "2.4.0", "c0ffee"}).Draw(t, "version"), drawStatus(t))
				p.settle(t)
			},
			"turn": func(t *rapid.T) {
				if len(w.deployments) == 0 {
					t.Skip("nothing was deployed yet")
				}
				w.turn(drawStatus(t))
				p.settle(t)
			},
			"wait": func(t *rapid.T) {
				w.now = w.now.Add(time.Duration(rapid.IntRange(-90, 90).Draw(t, "seconds")) * time.Second)
				p.settle(t)
			},
			"edit": func(t *rapid.T) {
				w.edit(func(c *evaluator.FlagConfig) { *c = drawConfig(t) })
				p.edited = true
				p.settle(t)
			},
			"freeze": func(t *rapid.T) {
				w.freezes = nil
				if rapid.Bool().Draw(t, "frozen") {
					w.freezes = []release.Freeze{{From: w.now.Add(-time.Hour), Reason: "audit"}}
				}
				p.settle(t)
			},
			"kill": func(t *rapid.T) {
				w.killed = nil
				if rapid.Bool().Draw(t, "killed") {
					w.killed = &release.Kill{By: "ada"}
				}
				p.settle(t)
			},
			"measure": func(t *rapid.T) {
				exposures := rapid.Int64Range(0, 20).Draw(t, "exposures")
				w.exposures = &exposures
				p.settle(t)
			},
			"approve": func(t *rapid.T) {
				before := w.release.State
				decision, err := release.Approve(w.release, rapid.IntRange(-1, len(spec.Steps)).Draw(t, "step"), w.now, "ada", "")
				if err == nil && w.apply(decision) {
					p.check(t, before)
				}
				p.settle(t)
			},
			"act": func(t *rapid.T) {
				verbs := []verb{release.Start, release.Promote, release.Pause, release.Resume, release.Revert}
				before := w.release.State
				if w.do(verbs[rapid.IntRange(0, len(verbs)-1).Draw(t, "verb")]) == nil {
					p.check(t, before)
				}
			},
			"": func(*rapid.T) {},
		})
	})
}

type promises struct {
	*world
	original evaluator.FlagConfig
	before   []string
	in       [keys]bool
	edited   bool
}

func (p *promises) settle(t *rapid.T) {
	for range 3 {
		before := p.release.State
		idle := release.Idle(p.release, p.seen(), p.now)
		if !p.apply(release.Next(p.release, p.seen(), p.now)) {
			return
		}
		require.False(t, idle, "an idle release does nothing")
		require.LessOrEqual(t, p.release.State.Step, before.Step+1, "no step is skipped")
		if taken := p.release.State.Step; taken > before.Step {
			require.Empty(t, p.freezes, "no step is taken in a freeze")
			require.Nil(t, p.killed, "no step is taken of a flag that is killed")
			approved := slices.ContainsFunc(before.Approvals, func(a release.Approval) bool { return a.Step == taken })
			require.True(t, approved || !p.release.Spec.Steps[taken].Approval, "no step is taken that nobody has approved")
		}
		p.check(t, before)
	}
	t.Fatalf("Next does not come to rest: %+v", p.release.State)
}

func (p *promises) check(t *rapid.T, before release.State) {
	state := p.release.State
	require.NotEqual(t, release.PhaseReverted, before.Phase, "a reverted release stays so")
	require.NotEmpty(t, state.Reason)
	require.Equal(t, state.Phase == release.PhaseProgressing, state.HoldUntil != nil)
	require.False(t, state.NextStepAt != nil && state.Phase != release.PhaseProgressing && state.Phase != release.PhasePending)
	require.Equal(t, state.Phase == release.PhaseCompleted || state.Phase == release.PhaseReverted, state.FinishedAt != nil)
	if state.Phase == release.PhaseReverted {
		require.Zero(t, state.Weight)
		if !p.edited {
			require.Equal(t, p.original, p.flag.Config)
		}
		return
	}
	require.GreaterOrEqual(t, state.Weight, before.Weight)
	if p.edited || state.Base == nil {
		return
	}
	for i, variation := range served(p.world) {
		if variation != p.before[i] {
			require.Equal(t, p.release.Spec.Variation, variation, "nobody moves but to what is released")
		}
		require.False(t, p.in[i] && variation != p.release.Spec.Variation, "who was let in stays in")
		p.in[i] = p.in[i] || variation == p.release.Spec.Variation
	}
}

// keys is how many targeting keys are looked at.
const keys = 40

// served is what these keys get.
func served(w *world) []string {
	variations := make([]string, keys)
	serves := w.evaluation()
	for i := range variations {
		variations[i] = serves(fmt.Sprintf("user-%d", i))
	}
	return variations
}

func drawStatus(t *rapid.T) release.Status {
	return rapid.SampledFrom([]release.Status{release.StatusStarted, release.StatusSucceeded, release.StatusFailed,
		release.StatusRolledBack}).Draw(t, "status")
}

func drawSpec(t *rapid.T) release.Spec {
	spec := waitsFor()
	spec.Variation = rapid.SampledFrom([]string{"on", "other"}).Draw(t, "variation")
	spec.Target.Rule = rapid.SampledFrom([]string{"", "", "beta"}).Draw(t, "target")
	spec.OnRollback = rapid.SampledFrom([]release.OnRollback{"", release.OnRollbackRevert, release.OnRollbackPause,
		release.OnRollbackIgnore}).Draw(t, "onRollback")
	weights := rapid.SliceOfNDistinct(rapid.IntRange(1, evaluator.TotalWeight), 1, 5, rapid.ID[int]).Draw(t, "weights")
	spec.Steps = nil
	for len(weights) > 0 {
		least := 0
		for i := range weights {
			if weights[i] < weights[least] {
				least = i
			}
		}
		hold := release.Duration(rapid.IntRange(1, 60).Draw(t, "hold")) * release.Duration(time.Second)
		spec.Steps = append(spec.Steps, release.Step{Weight: weights[least], Hold: hold})
		weights = append(weights[:least], weights[least+1:]...)
	}
	spec.Steps[len(spec.Steps)-1].Hold = 0
	return spec
}

// drawHolds adds the other things that a release may have and wait for.
func drawHolds(t *rapid.T, spec *release.Spec) {
	for i := range spec.Steps {
		spec.Steps[i].Approval = rapid.Bool().Draw(t, "approval")
		if i < len(spec.Steps)-1 && rapid.Bool().Draw(t, "sampled") {
			spec.Steps[i].MinSample = 10
		}
	}
	if rapid.Bool().Draw(t, "segment first") {
		spec.Steps = append([]release.Step{{Segment: "internal", Hold: release.MinHold}}, spec.Steps...)
	}
	if rapid.Bool().Draw(t, "windows") {
		days := []release.Weekday{release.Weekday(noon.Weekday())}
		spec.Windows = []release.Window{{Days: days, From: 0, To: 12*60 + 1, TimeZone: "UTC"}, {Days: days, From: 12*60 + 2, To: 24 * 60, TimeZone: "UTC"}}
	}
}

// rulesOf are the rules that the release needs. If it releases a rule, that is one rule, which everybody matches.
func rulesOf(t *rapid.T, spec release.Spec) []evaluator.Rule {
	if spec.Target.Rule == "" {
		return nil
	}
	return []evaluator.Rule{{ID: spec.Target.Rule, Clauses: []evaluator.Clause{}, Serve: drawConfig(t).Fallthrough}}
}

func drawConfig(t *rapid.T) evaluator.FlagConfig {
	keys := rapid.SampledFrom([]string{"on", "off", "other"})
	off := keys.Draw(t, "off")
	config := evaluator.FlagConfig{Enabled: rapid.Bool().Draw(t, "enabled"), OffVariation: &off}
	if rapid.Bool().Draw(t, "fixed") {
		config.Fallthrough.Variation = keys.Draw(t, "fallthrough")
		return config
	}
	first := rapid.IntRange(0, evaluator.TotalWeight).Draw(t, "first")
	second := rapid.IntRange(0, evaluator.TotalWeight-first).Draw(t, "second")
	config.Fallthrough.Rollout = &evaluator.Rollout{
		Seed: rapid.SampledFrom([]string{"", "seed"}).Draw(t, "seed"),
		Weights: []evaluator.WeightedServing{
			{Variation: keys.Draw(t, "a"), Weight: first},
			{Variation: keys.Draw(t, "b"), Weight: second},
			{Variation: keys.Draw(t, "c"), Weight: evaluator.TotalWeight - first - second},
		},
	}
	return config
}

// The order in which the reports of several deployments arrive does not change the final state of a release.
func TestDecisionDoesNotDependOnTheOrderOfDeployments(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(waitsFor())
		if rapid.Bool().Draw(t, "by hand") {
			w.deploy("2.2.5", release.StatusSucceeded)
			w.now = w.now.Add(time.Second)
			mustDo(w, release.Start)
		} else {
			w.deploy("2.3.0", release.StatusSucceeded)
			w.settle()
		}
		for range rapid.IntRange(0, 5).Draw(t, "deployments") {
			w.deploy(rapid.SampledFrom([]string{"2.2.0", "2.3.0", "2.4.0", "c0ffee"}).Draw(t, "version"), drawStatus(t))
		}
		seen := w.seen()
		want := release.Next(w.release, seen, w.now)
		seen.Deployments = rapid.Permutation(seen.Deployments).Draw(t, "order")
		require.True(t, reflect.DeepEqual(want, release.Next(w.release, seen, w.now)))
	})
}

// If versions only rise and all succeed, they take nothing away from a release, however it was started.
func TestNewerVersionsTakeNothingAway(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		spec := waitsFor()
		spec.Trigger.Deployment.Version = rapid.SampledFrom([]string{">=2.3.0", "2.x", "2.3.x", "^2.3"}).Draw(t, "range")
		w := newWorld(spec)
		minor := 20
		rise := func() {
			minor += rapid.IntRange(1, 8).Draw(t, "rise")
			w.deploy(fmt.Sprintf("%d.%d.0", minor/10, minor%10), release.StatusSucceeded)
			w.settle()
		}
		for range rapid.IntRange(0, 2).Draw(t, "before") {
			rise()
		}
		w.now = w.now.Add(time.Second)
		if w.release.State.Phase == release.PhasePending {
			mustDo(w, release.Start)
		}
		for range rapid.IntRange(1, 6).Draw(t, "after") {
			below := minor < 23 && spec.Trigger.Deployment.Version != "2.x"
			if len(w.deployments) == 0 && below {
				minor = 23 // nothing tells a version below the range from a way back
			}
			rise()
			require.NotEqual(t, release.PhaseReverted, w.release.State.Phase, w.release.State.Reason)
		}
	})
}
