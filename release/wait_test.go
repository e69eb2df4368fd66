package release_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/release"
)

// says is what a release waits for, as people read it at the moment.
func (w *world) says() []string {
	var texts []string
	for _, wait := range release.Waits(w.release, w.seen(), w.now) {
		texts = append(texts, wait.Text)
	}
	return texts
}

func TestPendingReleaseSaysWhatItStillWaitsFor(t *testing.T) {
	t.Parallel()
	spec := waitsFor()
	spec.Trigger.Deployment.HealthyFor = release.Duration(10 * time.Minute)
	spec.Trigger.Deployment.MinInstances = 5
	spec.Trigger.Deployment.MinShare = 80
	w := newWorld(spec)
	require.Equal(t, "Waiting for checkout >=2.3.0 to be deployed.", w.release.State.Reason)

	w.deploy("2.3.0", release.StatusSucceeded)
	require.Equal(t, 1, w.settle())
	require.Equal(t, []string{
		"for checkout 2.3.0 to be healthy for 10m, until 2026-11-21T12:10:01Z",
		"for the live instances of checkout to be known",
	}, w.says())

	w.fleet = fleetOf("2.3.0", "2.3.0", "2.2.0", "2.2.0")
	w.wait(10 * time.Minute)
	require.Equal(t, []string{
		"for 3 more instances of checkout >=2.3.0 (2 of 5)",
		"for 80% of the instances to run checkout >=2.3.0 (2 of 4)",
	}, w.says())
	require.Equal(t, "Waiting for 5 instances of checkout >=2.3.0 and for 80% of the instances to run checkout >=2.3.0.", w.release.State.Reason)

	w.fleet = fleetOf("2.3.0", "2.3.0", "2.3.0", "2.3.0", "2.2.0", "2.2.0")
	require.Zero(t, w.settle(), "figures that change from moment to moment are not written down")
	w.fleet = fleetOf("2.3.0", "2.3.0", "2.3.0", "2.4.0", "2.4.0", "2.3.0", "2.4.0", "2.3.0", "2.2.0", "2.2.0")
	w.settle()
	require.Equal(t, release.PhaseProgressing, w.release.State.Phase)
	require.Equal(t, "Step 1 of 3, 1%: checkout 2.3.0 was deployed.", w.release.State.Reason)
}

// A new release does not wait for what is there already.
func TestNewReleaseSaysWhatHoldsIt(t *testing.T) {
	t.Parallel()
	spec := waitsFor()
	spec.Trigger = release.Trigger{At: &noon}
	seen := release.Observation{}
	require.Equal(t, "About to start.", release.New("r1", "new-checkout", spec, seen, noon).State.Reason)

	seen.Freezes = []release.Freeze{{From: noon, Reason: "Black Friday"}}
	require.Equal(t, "Waiting for the freeze (Black Friday) to be lifted.", release.New("r1", "new-checkout", spec, seen, noon).State.Reason)
}

// If nothing is left to wait for, the person who resumes a release is told that it starts.
func TestResumedPendingReleaseIsAboutToStart(t *testing.T) {
	t.Parallel()
	w := newWorld(waitsFor())
	require.NoError(t, w.do(release.Pause))
	w.deploy("2.3.0", release.StatusSucceeded)
	require.NoError(t, w.do(release.Resume))
	require.Contains(t, w.release.State.Reason, "; about to start.")
	w.settle()
	require.Equal(t, release.PhaseProgressing, w.release.State.Phase)
}

// A deployment that does not stay is not healthy. The time of its successor begins anew.
func TestHealthyForIsOfTheLastWord(t *testing.T) {
	t.Parallel()
	spec := waitsFor()
	spec.Trigger.Deployment.HealthyFor = release.Duration(10 * time.Minute)
	w := newWorld(spec)
	w.deploy("2.3.0", release.StatusSucceeded)
	w.settle()
	require.Equal(t, w.now.Add(10*time.Minute), *w.release.State.NextStepAt)
	w.wait(9 * time.Minute)
	w.deploy("2.3.1", release.StatusSucceeded)
	w.wait(9 * time.Minute)
	require.Equal(t, release.PhasePending, w.release.State.Phase)
	w.turn(release.StatusRolledBack)
	w.wait(time.Hour)
	require.Equal(t, "Waiting for checkout >=2.3.0 to be deployed.", w.release.State.Reason)
	require.Nil(t, w.release.State.NextStepAt)
}

func TestShareOfAnEmptyFleetIsNotMet(t *testing.T) {
	t.Parallel()
	spec := waitsFor()
	spec.Trigger.Deployment.MinShare = 1
	w := newWorld(spec)
	w.deploy("2.3.0", release.StatusSucceeded)
	w.fleet = fleetOf()
	w.settle()
	require.Equal(t, []string{"for 1% of the instances to run checkout >=2.3.0 (0 of 0)"}, w.says())
}

// If a trigger has several conditions, all of them have to be met.
func TestTriggerOfAllConditions(t *testing.T) {
	t.Parallel()
	spec := waitsFor()
	spec.Trigger.At = at(noon.Add(time.Hour))
	spec.Trigger.Release = &release.ReleaseTrigger{Environment: "staging"}
	w := newWorld(spec)
	require.Equal(t, "Waiting for checkout >=2.3.0 to be deployed, for the release of new-checkout in staging to be completed and for 2026-11-21T13:00:00Z.",
		w.release.State.Reason)
	require.Nil(t, w.release.State.NextStepAt)

	upstream := release.New("r0", "new-checkout", spec, release.Observation{}, noon)
	w.upstream = &upstream
	w.deploy("2.3.0", release.StatusSucceeded)
	w.settle()
	require.Contains(t, w.says(), "for the release of new-checkout in staging to be completed (it is pending)")
	upstream.State.Phase = release.PhaseCompleted
	w.settle()
	require.Equal(t, noon.Add(time.Hour), *w.release.State.NextStepAt, "only the time is still to come")
	w.now = noon.Add(time.Hour)
	w.settle()
	require.Equal(t, release.PhaseProgressing, w.release.State.Phase)
	require.Equal(t, "Step 1 of 3, 1%: checkout 2.3.0 was deployed and the release of new-checkout in staging is completed and the time 2026-11-21T13:00:00Z has come.",
		w.release.State.Reason)
}

func TestStepWaitsForItsSample(t *testing.T) {
	t.Parallel()
	spec := waitsFor()
	spec.Steps[0].MinSample = 500
	w := newWorld(spec)
	mustDo(w, release.Start)
	require.Nil(t, w.release.State.NextStepAt, "nobody knows when there will be enough")
	w.wait(time.Hour)
	require.Equal(t, 0, w.release.State.Step, "what is not known is not met")
	require.Equal(t, "Step 1 of 3, 1%: waiting for 500 exposures.", w.release.State.Reason)
	exposures := int64(499)
	w.exposures = &exposures
	require.Zero(t, w.settle())
	require.Equal(t, []string{"for 500 exposures (499 so far)"}, w.says())
	exposures++
	w.settle()
	require.Equal(t, 1, w.release.State.Step)
}

func TestStepWaitsForItsApproval(t *testing.T) {
	t.Parallel()
	spec := waitsFor()
	spec.Steps[0].Hold, spec.Steps[1].Approval, spec.Steps[2].Approval = 0, true, true
	w := newWorld(spec)
	require.NoError(t, release.ValidateSpec(spec, w.flag))
	mustDo(w, release.Start)
	w.wait(time.Hour)
	require.Equal(t, "Step 1 of 3, 1%: waiting for somebody to approve step 2.", w.release.State.Reason)
	require.Equal(t, 1, release.NextApproval(w.release))

	approve := func(step int) error {
		decision, err := release.Approve(w.release, step, w.now, "ada", "looks good")
		w.apply(decision)
		return err
	}
	require.ErrorContains(t, approve(0), "not ahead")
	require.ErrorContains(t, approve(3), "not ahead")
	require.NoError(t, approve(2), "a later step may be approved beforehand")
	require.ErrorContains(t, approve(2), "approved already")
	w.settle()
	require.Equal(t, 0, w.release.State.Step)

	require.NoError(t, approve(1))
	require.Equal(t, "Step 2, 25%, was approved by ada (looks good).", w.release.State.Reason)
	require.Equal(t, release.Approval{Step: 1, By: "ada", At: w.now, Reason: "looks good"}, w.release.State.Approvals[1])
	w.settle()
	require.Equal(t, 1, w.release.State.Step)
	w.wait(30 * time.Minute)
	require.Equal(t, release.PhaseCompleted, w.release.State.Phase)
	require.ErrorContains(t, approve(2), "nothing left to approve")
}

func TestApprovalOfTheFirstStepIsKeptFromThePendingRelease(t *testing.T) {
	t.Parallel()
	spec := waitsFor()
	spec.Steps[0].Approval, spec.Steps[2].Approval = true, true
	w := newWorld(spec)
	w.deploy("2.3.0", release.StatusSucceeded)
	w.settle()
	require.Equal(t, "Waiting for somebody to approve step 1.", w.release.State.Reason)
	for _, step := range []int{0, 2} {
		decision, err := release.Approve(w.release, step, w.now, "ada", "")
		require.NoError(t, err)
		w.apply(decision)
	}
	w.settle()
	require.Equal(t, release.PhaseProgressing, w.release.State.Phase)
	require.Equal(t, -1, release.NextApproval(w.release))
	_, err := release.Approve(w.release, 1, w.now, "ada", "")
	require.ErrorContains(t, err, "needs no approval")
}

// To promote is to approve, and to start is to approve the first step.
func TestPromoteIsAnApproval(t *testing.T) {
	t.Parallel()
	spec := waitsFor()
	spec.Steps[0].Approval, spec.Steps[1].Approval = true, true
	w := newWorld(spec)
	mustDo(w, release.Start)
	mustDo(w, release.Promote)
	require.Equal(t, 1, w.release.State.Step)
}

func TestAKilledFlagIsNotReleased(t *testing.T) {
	t.Parallel()
	kill := &release.Kill{By: "ada", Reason: "errors"}
	w := newWorld(waitsFor())
	w.killed = kill
	w.deploy("2.3.0", release.StatusSucceeded)
	w.settle()
	require.Equal(t, "Waiting for the flag to be restored, since it was killed by ada (errors).", w.release.State.Reason)
	require.ErrorContains(t, w.do(release.Start), "The flag was killed by ada (errors); restore it first.")
	w.killed = nil
	w.settle()
	require.Equal(t, release.PhaseProgressing, w.release.State.Phase)

	config := w.flag.Config
	w.killed = kill
	w.settle()
	require.Equal(t, release.PhasePaused, w.release.State.Phase)
	require.Equal(t, "Paused: the flag was killed by ada (errors); restore it and resume, or revert.", w.release.State.Reason)
	require.ErrorContains(t, w.do(release.Resume), "restore it first")
	require.ErrorContains(t, w.do(release.Promote), "restore it first")
	w.killed = nil
	w.settle()
	require.Equal(t, release.PhasePaused, w.release.State.Phase, "a person decides when it goes on")
	require.Equal(t, config, w.flag.Config)
	require.NoError(t, w.do(release.Resume))

	w.killed = kill
	require.NoError(t, w.do(release.Revert), "what is killed can be reverted")
}
