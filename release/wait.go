package release

import (
	"fmt"
	"strings"
	"time"
)

// WaitKind is what sort of thing a release waits for.
type WaitKind string

// The kinds of waits.
const (
	WaitPerson     WaitKind = "person"
	WaitDeployment WaitKind = "deployment"
	WaitHealth     WaitKind = "health"
	WaitInstances  WaitKind = "instances"
	WaitRelease    WaitKind = "release"
	WaitTime       WaitKind = "time"
	WaitHold       WaitKind = "hold"
	WaitSample     WaitKind = "sample"
	WaitGuard      WaitKind = "guard"
	WaitApproval   WaitKind = "approval"
	WaitKill       WaitKind = "kill"
	WaitWindow     WaitKind = "window"
	WaitFreeze     WaitKind = "freeze"
)

// Wait is one thing that keeps a pending or progressing release from going on by itself.
type Wait struct {
	Kind WaitKind `json:"kind"`
	// Text completes "waiting …" for people, with the figures of this moment: "for 3 more instances of checkout
	// >=2.3.0 (2 of 5)".
	Text string `json:"text"`
	// Until is when the wait is over, if that is known.
	Until *time.Time `json:"until,omitempty"`

	// pauses tells that the release is paused if it waits for nothing else.
	pauses bool
	// steady is Text without the figures that change from moment to moment. It is for what is stored. It is empty if
	// Text has no such figures.
	steady string
}

// Waits gives everything that a pending or progressing release waits for before it takes its next step by itself. For
// other releases it gives nothing. It does not use seen.Flag.
func Waits(r Release, seen Observation, now time.Time) []Wait {
	var waits []Wait
	switch r.State.Phase {
	case PhasePending:
		waits, _, _ = triggerWaits(r, seen, now)
	case PhaseProgressing:
		waits = stepWaits(r, seen, now)
	default:
		return nil
	}
	next := r.State.Step + 1
	if next < len(r.Spec.Steps) && r.Spec.Steps[next].Approval && !approved(r.State, next) {
		waits = append(waits, Wait{Kind: WaitApproval, Text: fmt.Sprintf("for somebody to approve step %d", next+1)})
	}
	if seen.Killed != nil {
		waits = append(
			waits,
			Wait{Kind: WaitKill, Text: "for the flag to be restored, since it was " + seen.Killed.describe()},
		)
	}
	return append(waits, calendarWaits(r.Spec.Windows, seen.Freezes, ready(waits, now))...)
}

// stepWaits are the conditions of the current step that are not met yet.
func stepWaits(r Release, seen Observation, now time.Time) (waits []Wait) {
	if end := r.State.holdEnd(); end != nil && now.Before(*end) {
		waits = append(waits, Wait{Kind: WaitHold, Text: "for the hold to end at " + stamp(*end), Until: end})
	}
	if least := r.Spec.Steps[r.State.Step].MinSample; least > 0 {
		steady := fmt.Sprintf("for %d %s", least, plural(int(least), "exposure"))
		switch {
		case seen.Exposures == nil:
			waits = append(waits, Wait{Kind: WaitSample, Text: steady + " (none are measured)", steady: steady})
		case *seen.Exposures < least:
			waits = append(
				waits,
				Wait{Kind: WaitSample, Text: fmt.Sprintf("%s (%d so far)", steady, *seen.Exposures), steady: steady},
			)
		}
	}
	return append(waits, guardWaits(r, seen)...)
}

// holdEnd is when the hold ends. States that were stored before windows existed have that time in NextStepAt.
func (s State) holdEnd() *time.Time {
	if s.HoldUntil == nil {
		return s.NextStepAt
	}
	return s.HoldUntil
}

// ready is the earliest time at which all the waits with a known end are over.
func ready(waits []Wait, now time.Time) time.Time {
	for _, w := range waits {
		if w.Until != nil && w.Until.After(now) {
			now = *w.Until
		}
	}
	return now
}

// due is when the release goes on by itself; nil if that is not known.
func due(waits []Wait, now time.Time) *time.Time {
	for _, w := range waits {
		if w.Until == nil {
			return nil
		}
	}
	at := ready(waits, now)
	return &at
}

// only tells whether every wait is of one of the kinds.
func only(waits []Wait, kinds ...WaitKind) bool {
	for _, w := range waits {
		is := false
		for _, kind := range kinds {
			is = is || w.Kind == kind
		}
		if !is {
			return false
		}
	}
	return true
}

// waiting joins the texts of the waits: "waiting for …, for … and for …". With steady it gives the form that is
// stored.
func waiting(waits []Wait, steady bool) string {
	texts := make([]string, len(waits))
	for i, w := range waits {
		texts[i] = w.Text
		if steady && w.steady != "" {
			texts[i] = w.steady
		}
	}
	if last := len(texts) - 1; last > 0 {
		return "waiting " + strings.Join(texts[:last], ", ") + " and " + texts[last]
	}
	return "waiting " + strings.Join(texts, "")
}

func approved(s State, step int) bool {
	for _, a := range s.Approvals {
		if a.Step == step {
			return true
		}
	}
	return false
}
