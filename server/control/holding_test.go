package control_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

var staging = store.EnvironmentRef{Project: "default", Environment: "staging"}

// served tells whether the flag is on as it is evaluated.
func (b *bench) served() evaluator.FlagConfig {
	definition, err := b.store.Definition(b.Context(), production)
	require.NoError(b, err)
	return definition.Flags[0].Config
}

func (b *bench) manual(trigger release.Trigger, steps ...release.Step) release.Spec {
	return release.Spec{Variation: "on", Trigger: trigger, Steps: steps}
}

func (b *bench) mustPut(spec release.Spec) store.Release {
	put, err := b.releases.Put(b.Context(), b.flag, spec, store.AnyVersion, b.by(""))
	require.NoError(b, err)
	return put
}

// freeze sets the freezes of production.
func (b *bench) freeze(freezes ...release.Freeze) {
	environment, err := b.store.Environment(b.Context(), production)
	require.NoError(b, err)
	environment.Freezes = freezes
	_, err = b.store.UpdateEnvironment(b.Context(), environment, store.AnyVersion, b.by(""))
	require.NoError(b, err)
}

func TestKillStopsAReleaseAndRestoreGivesBackWhatWasServed(t *testing.T) {
	inBubble(t, func(b *bench) {
		defer b.lead()()
		b.put(seconds()...)
		b.deploy("2.3.0", release.StatusSucceeded)
		pass(soon)
		before := b.config()
		require.Equal(b, before.Config, b.served())

		killed, err := b.releases.Kill(b.Context(), b.flag, b.by("errors"))
		require.NoError(b, err)
		require.Equal(b, release.Kill{Reason: "errors", By: "ann", At: killed.Kill.At}, *killed.Kill)
		require.False(b, b.served().Enabled, "before the loop has noticed")
		pass(time.Minute)
		require.Equal(b, release.PhasePaused, b.state().Phase)
		require.Contains(b, b.state().Reason, "killed by ann (errors)")
		_, err = b.releases.Resume(b.Context(), b.flag, b.by(""))
		require.ErrorIs(b, err, release.ErrRefused)
		_, err = b.releases.Kill(b.Context(), b.flag, b.by("again"))
		require.NoError(b, err)
		require.Equal(b, "errors", b.config().Kill.Reason)

		_, err = b.releases.Restore(b.Context(), b.flag, b.by(""))
		require.NoError(b, err)
		pass(time.Minute)
		require.Equal(b, before.Config, b.served())
		require.Equal(b, before.Version, b.config().Version)
		require.Equal(b, release.PhasePaused, b.state().Phase, "a person decides when it goes on")
		_, err = b.releases.Restore(b.Context(), b.flag, b.by(""))
		require.ErrorIs(b, err, release.ErrRefused)

		_, err = b.releases.Resume(b.Context(), b.flag, b.by(""))
		require.NoError(b, err)
		pass(time.Minute)
		require.Equal(b, release.PhaseCompleted, b.state().Phase)
	})
}

func TestARevertIsNeverHeldUpByAKillOrAFreeze(t *testing.T) {
	inBubble(t, func(b *bench) {
		defer b.lead()()
		original := b.config().Config
		b.put(seconds()...)
		b.deploy("2.3.0", release.StatusSucceeded)
		pass(soon)
		b.freeze(release.Freeze{From: time.Now(), Reason: "audit"})
		_, err := b.releases.Kill(b.Context(), b.flag, b.by(""))
		require.NoError(b, err)
		pass(time.Second)
		b.deploy("2.2.0", release.StatusSucceeded)
		pass(soon)
		require.Equal(b, release.PhaseReverted, b.state().Phase)
		require.Equal(b, original, b.config().Config)
	})
}

func TestAFreezeHoldsAndIsLifted(t *testing.T) {
	inBubble(t, func(b *bench) {
		defer b.lead()()
		b.put(seconds()...)
		b.deploy("2.3.0", release.StatusSucceeded)
		pass(soon)
		end := time.Now().Add(time.Hour)
		b.freeze(release.Freeze{From: time.Now(), To: &end, Reason: "Black Friday"})
		pass(soon)
		require.True(b, end.Equal(*b.state().NextStepAt), "what is due is told at once")
		pass(10 * time.Minute)
		require.Equal(b, 1_000, b.state().Weight)
		require.Contains(b, b.state().Reason, "waiting for the freeze (Black Friday) to end")
		_, err := b.releases.Promote(b.Context(), b.flag, b.by(""))
		require.ErrorIs(b, err, release.ErrRefused)
		b.freeze()
		pass(soon)
		require.Equal(b, 25_000, b.state().Weight, "it goes on at once")

		b.freeze(release.Freeze{From: time.Now(), To: &end, Reason: "Black Friday"})
		pass(time.Until(end) + soon)
		require.Equal(b, release.PhaseCompleted, b.state().Phase, "or when the freeze ends")
	})
}

func TestStagingFirstThenProduction(t *testing.T) {
	inBubble(t, func(b *bench) {
		defer b.lead()()
		_, err := b.store.CreateEnvironment(b.Context(), store.Environment{EnvironmentRef: staging, Position: 9}, b.by(""))
		require.NoError(b, err)
		upstream := store.FlagRef{EnvironmentRef: staging, Flag: b.flag.Flag}
		_, err = b.releases.Put(b.Context(), upstream, b.manual(release.Trigger{Manual: true}, seconds()...), store.AnyVersion, b.by(""))
		require.NoError(b, err)
		put := b.mustPut(b.manual(release.Trigger{Release: &release.ReleaseTrigger{Environment: "staging"}}, release.Step{Weight: 100_000}))
		situation, err := b.releases.Situation(b.Context(), put, time.Now())
		require.NoError(b, err)
		require.Equal(b, "for the release of new-checkout in staging to be completed (it is pending)", situation.Waits[0].Text)

		_, err = b.releases.Start(b.Context(), upstream, b.by(""))
		require.NoError(b, err)
		pass(time.Second)
		require.Equal(b, release.PhasePending, b.state().Phase)
		pass(time.Second + soon)
		require.Equal(b, release.PhaseCompleted, b.state().Phase)
	})
}

func TestATriggerWaitsForInstances(t *testing.T) {
	inBubble(t, func(b *bench) {
		defer b.lead()()
		put := b.mustPut(b.manual(release.Trigger{Deployment: &release.DeploymentTrigger{
			Service: "checkout", Version: ">=2.3.0", Readiness: release.Readiness{MinInstances: 2, HealthyFor: release.Duration(time.Minute)},
		}}, seconds()...))
		b.deploy("2.3.0", release.StatusSucceeded)
		pass(30 * time.Second)
		b.instances("pod-1")
		situation, err := b.releases.Situation(b.Context(), put, time.Now())
		require.NoError(b, err)
		require.Equal(b, "for 1 more instance of checkout >=2.3.0 (1 of 2)", situation.Waits[1].Text)
		pass(30 * time.Second)
		b.instances("pod-1")
		pass(5 * time.Second)
		require.Equal(b, release.PhasePending, b.state().Phase)
		b.instances("pod-1", "pod-2")
		pass(2 * time.Second)
		require.Equal(b, release.PhaseProgressing, b.state().Phase)
	})
}

// instances reports instances of checkout 2.3.0 as seen now.
func (b *bench) instances(ids ...string) {
	for _, id := range ids {
		require.NoError(b, b.store.PutInstances(b.Context(), []store.Instance{{
			EnvironmentRef: production, Service: "checkout", InstanceID: id, Version: "2.3.0", StartedAt: time.Now(), SeenAt: time.Now(),
		}}))
	}
}

func TestAStepIsTakenWhenItIsApproved(t *testing.T) {
	inBubble(t, func(b *bench) {
		defer b.lead()()
		steps := seconds()
		steps[1].Approval = true
		b.mustPut(b.manual(release.Trigger{Manual: true}, steps...))
		_, err := b.releases.Start(b.Context(), b.flag, b.by(""))
		require.NoError(b, err)
		pass(time.Minute)
		require.Equal(b, 1_000, b.state().Weight)
		approved, err := b.releases.Approve(b.Context(), b.flag, nil, b.by("numbers are fine"))
		require.NoError(b, err)
		require.Equal(b, "ann", approved.State.Approvals[0].By)
		require.Equal(b, "numbers are fine", approved.State.Approvals[0].Reason)
		pass(soon)
		require.Equal(b, 25_000, b.state().Weight)
		_, err = b.releases.Approve(b.Context(), b.flag, nil, b.by(""))
		require.ErrorContains(b, err, "needs an approval")
	})
}

func TestPutResolvesThePolicyOnce(t *testing.T) {
	inBubble(t, func(b *bench) {
		spec := b.manual(release.Trigger{Deployment: &release.DeploymentTrigger{Service: "checkout", Version: "*"}})
		spec.Policy = "careful"
		put := b.mustPut(spec)
		careful, err := b.store.ReleasePolicy(b.Context(), production.Project, "careful")
		require.NoError(b, err)
		require.Equal(b, careful.Steps, put.Spec.Steps)
		require.Equal(b, careful.Deployment, put.Spec.Trigger.Deployment.Readiness)
		require.NoError(b, b.store.DeleteReleasePolicy(b.Context(), production.Project, "careful", store.AnyVersion, b.by("")))
		r, err := b.store.Release(b.Context(), b.flag)
		require.NoError(b, err)
		require.Equal(b, put.Spec, r.Spec)

		spec.Policy, spec.Steps, spec.OnRollback = "schema", seconds(), release.OnRollbackIgnore
		spec.Trigger.Deployment.MinShare = 50
		put = b.mustPut(spec)
		require.Equal(b, spec, put.Spec, "what is given is not replaced")
	})
}

func TestPutRefusesWhatIsNotThere(t *testing.T) {
	inBubble(t, func(b *bench) {
		manual := release.Trigger{Manual: true}
		segment := b.manual(manual, release.Step{Segment: "nobody", Hold: release.MinHold}, release.Step{Weight: 1})
		policy := b.manual(manual)
		policy.Policy = "none"
		for pointer, spec := range map[string]release.Spec{
			"/policy":                      policy,
			"/steps/0/segment":             segment,
			"/trigger/release/environment": b.manual(release.Trigger{Release: &release.ReleaseTrigger{Environment: "moon"}}, seconds()...),
			"/trigger/release/flag":        b.manual(release.Trigger{Release: &release.ReleaseTrigger{Environment: "production", Flag: "none"}}, seconds()...),
		} {
			_, err := b.releases.Put(b.Context(), b.flag, spec, store.AnyVersion, b.by(""))
			var errs evaluator.CompileErrors
			require.ErrorAs(b, err, &errs, pointer)
			require.Equal(b, pointer, errs[0].Pointer)
		}
		itself := b.manual(release.Trigger{Release: &release.ReleaseTrigger{Environment: "production"}}, seconds()...)
		_, err := b.releases.Put(b.Context(), b.flag, itself, store.AnyVersion, b.by(""))
		require.ErrorContains(b, err, "cannot wait for itself")
	})
}
