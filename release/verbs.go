package release

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// ErrRefused matches every RefusedError.
var ErrRefused = errors.New("refused")

// RefusedError says why a verb cannot be applied to a release in its present state, and what to do.
type RefusedError struct {
	// Message is one sentence for people.
	Message string
}

// Error returns the message.
func (e *RefusedError) Error() string { return e.Message }

// Is makes errors.Is(err, ErrRefused) true.
func (e *RefusedError) Is(target error) bool { return target == ErrRefused }

func refuse(format string, args ...any) error {
	return &RefusedError{Message: fmt.Sprintf(format, args...)}
}

// Start takes the first step of a pending release, whatever its trigger, its windows and the approvals that it needs.
// Here and below, why is the comment of the person who asks. It may be empty. Every error is a RefusedError.
func Start(r Release, seen Observation, now time.Time, why string) (Decision, error) {
	if r.State.Phase != PhasePending {
		return Decision{}, refuse("Only a pending release can be started; this one is %s.", r.State.Phase)
	}
	if err := held(seen, now); err != nil {
		return Decision{}, err
	}
	deployment := ""
	if trigger := r.Spec.Trigger.Deployment; trigger != nil {
		if origin, met := triggered(*trigger, seen.Deployments); met {
			deployment = origin.ID
		}
	}
	decision, err := start(r, seen, deployment, byHand("started", why), now)
	if err != nil {
		return Decision{}, refuse("The release cannot start: %s.", err)
	}
	return decision, nil
}

// Promote takes the next step at once, whatever the release waits for: to promote is to approve. If somebody else has
// edited the flag, the release has to be resumed first.
func Promote(r Release, seen Observation, now time.Time, why string) (Decision, error) {
	if !UnderWay(r) {
		return Decision{}, refuse("Only a release that is under way can be promoted; this one is %s.", standing(r))
	}
	if edited(r, seen) {
		return Decision{}, refuse(
			"The flag was edited since the last step; resume the release to go on from there, or revert it.",
		)
	}
	if err := held(seen, now); err != nil {
		return Decision{}, err
	}
	if err := settled(r, seen, now); err != nil {
		return Decision{}, err
	}
	decision, err := take(accept(r, seen, now), seen, r.State.Step+1, byHand("promoted", why), now)
	if err != nil {
		return Decision{}, refuse("The next step cannot be taken: %s.", err)
	}
	return decision, nil
}

// PromoteTo promotes to the step with the index. It refuses if that is not the next step, since somebody may have
// taken that step already.
func PromoteTo(r Release, seen Observation, step int, now time.Time, why string) (Decision, error) {
	if UnderWay(r) && step != r.State.Step+1 {
		return Decision{}, refuse(
			"Step %d is not the next one: the release has %d steps and is at step %d.",
			step+1,
			len(r.Spec.Steps),
			r.State.Step+1,
		)
	}
	return Promote(r, seen, now, why)
}

// Pause keeps a progressing release at its step, and a pending one from starting.
func Pause(r Release, _ Observation, now time.Time, why string) (Decision, error) {
	if r.State.Phase != PhaseProgressing && r.State.Phase != PhasePending {
		return Decision{}, refuse("Only a pending or progressing release can be paused; this one is %s.", r.State.Phase)
	}
	return pause(r, now, byHand("Paused", why)+"."), nil
}

// Resume goes on with the rest of the hold. If the flag was edited, it serves the step again, on top of the edited
// configuration. If the code was lost, what deployments did up to now no longer counts.
func Resume(r Release, seen Observation, now time.Time, why string) (Decision, error) {
	if r.State.Phase != PhasePaused {
		return Decision{}, refuse("Only a paused release can be resumed; this one is %s.", r.State.Phase)
	}
	if seen.Killed != nil {
		return Decision{}, killed(*seen.Killed)
	}
	if r.State.Base == nil {
		return resumePending(r, seen, now, why), nil
	}
	if err := settled(r, seen, now); err != nil {
		return Decision{}, err
	}
	decision, err := take(accept(r, seen, now), seen, r.State.Step, byHand("resumed", why), now)
	if err != nil {
		return Decision{}, refuse("The release cannot go on: %s.", err)
	}
	end := now.Add(time.Duration(r.State.Remaining))
	decision.State.HoldUntil = &end
	decision.State.NextStepAt = nextStepAt(r, *decision.State, seen, now)
	if !edited(r, seen) {
		decision.Config = nil
	}
	return decision, nil
}

func resumePending(r Release, seen Observation, now time.Time, why string) Decision {
	r.State.Phase = PhasePending
	waits := Waits(r, seen, now)
	r.State.Reason, r.State.NextStepAt = byHand("Resumed", why)+"; "+pending(waits)+".", due(waits, now)
	return Decision{State: &r.State}
}

// Approve gives a person's consent to the step with the index. The consent stays, whatever happens to the release. A
// step that is approved is taken when nothing else holds it.
func Approve(r Release, step int, now time.Time, by, why string) (Decision, error) {
	switch {
	case !Open(r):
		return Decision{}, refuse("The release is %s; there is nothing left to approve.", r.State.Phase)
	case step <= r.State.Step || step >= len(r.Spec.Steps):
		return Decision{}, refuse(
			"Step %d is not ahead of the release, which has %d steps and is at step %d.",
			step+1,
			len(r.Spec.Steps),
			r.State.Step+1,
		)
	case !r.Spec.Steps[step].Approval:
		return Decision{}, refuse("Step %d needs no approval.", step+1)
	case approved(r.State, step):
		return Decision{}, refuse("Step %d is approved already.", step+1)
	}
	state := r.State
	state.Approvals = append(slices.Clone(state.Approvals), Approval{Step: step, By: by, At: now, Reason: why})
	if why != "" {
		why = " (" + why + ")"
	}
	state.Reason = fmt.Sprintf("Step %d, %s, was approved by %s%s.", step+1, r.Spec.Steps[step].label(), by, why)
	return Decision{State: &state}, nil
}

// ApproveNext is Approve for the first step ahead that still needs it.
func ApproveNext(r Release, now time.Time, by, why string) (Decision, error) {
	next := NextApproval(r)
	if next < 0 && Open(r) {
		return Decision{}, refuse("No step ahead of the release needs an approval.")
	}
	return Approve(r, next, now, by, why)
}

// NextApproval is the index of the first step ahead that still needs an approval; -1 if there is none.
func NextApproval(r Release) int {
	for i := r.State.Step + 1; i < len(r.Spec.Steps); i++ {
		if r.Spec.Steps[i].Approval && !approved(r.State, i) {
			return i
		}
	}
	return -1
}

// Revert restores what the flag served before the release, also on top of an edited configuration. If the release has
// not started, Revert only ends it.
func Revert(r Release, seen Observation, now time.Time, why string) (Decision, error) {
	if r.State.Phase == PhaseReverted {
		return Decision{}, refuse("The release is reverted already.")
	}
	if r.State.Base != nil {
		if gone, is := missing(seen.Flag, r.State.Base.served()); is {
			return Decision{}, refuse(
				"The flag no longer has the variation %q that it served before; edit its configuration instead.",
				gone,
			)
		}
	}
	return revert(r, seen, byHand("Reverted", why)+".", now), nil
}

// UnderWay tells whether a release has started and has not ended. A release that was paused before its start is not
// under way.
func UnderWay(r Release) bool {
	return r.State.Base != nil && (r.State.Phase == PhaseProgressing || r.State.Phase == PhasePaused)
}

// Open tells whether a release has not ended. It waits, or it is under way.
func Open(r Release) bool {
	return r.State.Phase != PhaseCompleted && r.State.Phase != PhaseReverted
}

// standing is the phase in the words that people use.
func standing(r Release) string {
	if r.State.Phase == PhasePaused && r.State.Base == nil {
		return "paused before its start"
	}
	return string(r.State.Phase)
}

// held refuses every verb that lets somebody in while the flag is killed or its environment is frozen.
func held(seen Observation, now time.Time) error {
	if seen.Killed != nil {
		return killed(*seen.Killed)
	}
	if freeze := frozenAt(seen.Freezes, now); freeze != nil {
		return refuse(
			"Releases are frozen in this environment (%s); no step can be taken until the freeze ends or is lifted.",
			freeze.Reason,
		)
	}
	return nil
}

func killed(k Kill) error {
	return refuse("The flag was %s; restore it first.", k.describe())
}

// settled refuses if the code was lost and the release has not reacted yet. The person who asks cannot have seen the
// loss, so the person must not override it.
func settled(r Release, seen Observation, now time.Time) error {
	lost, is := codeLost(r, seen.Deployments)
	if is && !afterLoss(r, seen, lost, now).None() {
		return refuse("In the meantime %s; look at the release again.", describe(lost))
	}
	return nil
}

// accept notes that somebody goes on although the code was lost or a guard was breached. From then on the loss, and
// what the guard has measured, no longer count.
func accept(r Release, seen Observation, now time.Time) Release {
	if r.State.Breached {
		r.State.Breached, r.State.MeasuredSince = false, &now
	}
	if lost, is := codeLost(r, seen.Deployments); is {
		r.State.AcceptedUntil = &lost.UpdatedAt
	}
	return r
}

// byHand says what a person did, and the person's comment.
func byHand(did, why string) string {
	if why == "" {
		return did + " by hand"
	}
	return did + " by hand (" + why + ")"
}
