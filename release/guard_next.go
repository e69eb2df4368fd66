package release

import (
	"fmt"
	"slices"
	"time"
)

// Guarded tells whether measurements matter to the release now. That is so if it is under way and has guards, or if a
// step of it asks for a sample.
func Guarded(r Release) bool {
	if !UnderWay(r) {
		return false
	}
	return len(r.Spec.Guards) > 0 || slices.ContainsFunc(r.Spec.Steps, func(s Step) bool { return s.MinSample > 0 })
}

// breach is the reading to which a release has to react. A reading that reverts the release goes before one that
// pauses it. A paused release reacts only to readings that revert it. A release that a guard has paused already does
// not react again.
func breach(r Release, seen Observation) (reading Reading, reaction OnBreach, is bool) {
	if !UnderWay(r) || r.State.Breached {
		return Reading{}, "", false
	}
	for _, candidate := range seen.Readings {
		if candidate.Verdict != VerdictBreached {
			continue
		}
		switch to := r.Spec.onBreach(candidate.Guard); {
		case to == OnBreachRevert:
			return candidate, to, true
		case !is && r.State.Phase == PhaseProgressing:
			reading, reaction, is = candidate, to, true
		}
	}
	return reading, reaction, is
}

// onBreach is the reaction to a guard. A wrong sample ratio does not say that anything is worse. It says that the
// measurements cannot be trusted. So a person has to look at it.
func (s Spec) onBreach(guard string) OnBreach {
	for _, g := range s.Guards {
		if g.Name == guard && g.OnBreach != OnBreachPause {
			return OnBreachRevert
		}
	}
	return OnBreachPause
}

// afterBreach reacts to a guard.
func afterBreach(r Release, seen Observation, reading Reading, reaction OnBreach, now time.Time) Decision {
	what := fmt.Sprintf("guard %s: %s", reading.Guard, reading.Text)
	if reaction == OnBreachRevert {
		obstacle := keepsFromReverting(r, seen)
		if obstacle == "" {
			return revert(r, seen, fmt.Sprintf("Reverted by %s.", what), now)
		}
		what += "; not reverted, since " + obstacle
	}
	if r.State.Phase == PhasePaused {
		return explain(r, fmt.Sprintf("Paused; %s.", what))
	}
	decision := pause(r, now, fmt.Sprintf("Paused by %s.", what))
	decision.State.Breached = true
	return decision
}

// guardWaits are the guards that have seen too little for the next step.
func guardWaits(r Release, seen Observation) (waits []Wait) {
	step := r.Spec.Steps[r.State.Step]
	for _, g := range r.Spec.Guards {
		if g.MissingData == MissingIgnore || g.Compares() && step.Segment != "" {
			continue // the members of a segment are no random sample: there is nobody to compare them with
		}
		text := "nothing is measured yet"
		if i := slices.IndexFunc(seen.Readings, func(r Reading) bool { return r.Guard == g.Name }); i >= 0 {
			if seen.Readings[i].Verdict == VerdictGood {
				continue
			}
			text = seen.Readings[i].Text
		}
		steady := "for guard " + g.Name
		waits = append(waits, Wait{
			Kind:   WaitGuard,
			Text:   fmt.Sprintf("%s (%s)", steady, text),
			steady: steady,
			pauses: g.MissingData == MissingPause,
		})
	}
	return waits
}

// pauseForData pauses a release that waits only for guards, if at least one of these guards asks for a pause.
func pauseForData(r Release, waits []Wait, now time.Time) (Decision, bool) {
	if !only(waits, WaitGuard) || !slices.ContainsFunc(waits, func(w Wait) bool { return w.pauses }) {
		return Decision{}, false
	}
	return pause(
		r,
		now,
		fmt.Sprintf(
			"Paused: everything is ready for the next step, but the release is still %s. Promote it to go on without.",
			waiting(waits, false),
		),
	), true
}
