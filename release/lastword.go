package release

import (
	"cmp"
	"slices"
	"strings"
)

// triggered gives the deployment that meets the trigger: the service's last word, if it is the success of a version
// in the range. A later failure, rollback or success of another version takes that back, until the next success.
func triggered(trigger DeploymentTrigger, deployments []Deployment) (Deployment, bool) {
	words := finished(trigger.Service, deployments)
	if len(words) == 0 {
		return Deployment{}, false
	}
	last := words[len(words)-1]
	return last, last.Status == StatusSucceeded && inRange(trigger.Version, last.Version)
}

// codeLost gives the deployment that took away the code that r releases, if there is one and r has to react to it.
//
// Until r is completed, that deployment is the service's last word since the start: a failure, a rollback, or the
// success of a version older than the origin's. The success of a version in the range takes nothing away. Once r is
// completed, a later deployment that fails or is rolled back counts only if the version that runs then is out of the
// range. Newer versions out of the range take nothing away.
func codeLost(r Release, deployments []Deployment) (Deployment, bool) {
	if r.Spec.Trigger.Deployment == nil || r.Spec.OnRollback == OnRollbackIgnore || r.State.Phase == PhaseReverted ||
		r.State.StartedAt == nil {
		return Deployment{}, false
	}
	trigger := *r.Spec.Trigger.Deployment
	words := finished(trigger.Service, deployments)
	from := origin(r, words)
	good := func(d Deployment) bool {
		return d.Status == StatusSucceeded &&
			(inRange(trigger.Version, d.Version) || age(d, from, trigger.Version, words) >= 0)
	}
	for _, word := range slices.Backward(words) {
		if !counts(r.State, word, from) {
			continue
		}
		if !inRange(trigger.Version, word.Version) && age(word, from, trigger.Version, words) > 0 {
			continue
		}
		if good(word) {
			return Deployment{}, false
		}
		if live, is := running(words); r.State.Phase == PhaseCompleted && is && good(live) {
			return Deployment{}, false
		}
		return word, true
	}
	return Deployment{}, false
}

// finished gives the service's deployments that have succeeded, failed or were rolled back, in the order in which
// they did so. It leaves out shadows, since they serve nobody's traffic. It also leaves out refused and abandoned
// deployments, since they have changed nothing.
func finished(service string, deployments []Deployment) []Deployment {
	var words []Deployment
	for _, d := range deployments {
		if d.Service == service && decided(d.Status) && d.Strategy != StrategyShadow {
			words = append(words, d)
		}
	}
	slices.SortFunc(words, inOrder)
	return words
}

func inOrder(a, b Deployment) int {
	return cmp.Or(a.UpdatedAt.Compare(b.UpdatedAt), a.StartedAt.Compare(b.StartedAt), strings.Compare(a.ID, b.ID))
}

func byID(deployments []Deployment, id string) (Deployment, bool) {
	i := slices.IndexFunc(deployments, func(d Deployment) bool { return d.ID == id })
	if i < 0 {
		return Deployment{}, false
	}
	return deployments[i], true
}

// running is the last deployment that succeeded and was not taken back.
func running(words []Deployment) (Deployment, bool) {
	for _, word := range slices.Backward(words) {
		if word.Status == StatusSucceeded {
			return word, true
		}
	}
	return Deployment{}, false
}

// counts tells whether the word came after the start of the release, and after everything that somebody has accepted
// since.
func counts(state State, word Deployment, origin *Deployment) bool {
	if state.AcceptedUntil != nil && !word.UpdatedAt.After(*state.AcceptedUntil) {
		return false
	}
	if origin == nil || origin.ID != state.Deployment {
		return word.UpdatedAt.After(*state.StartedAt)
	}
	if word.ID == origin.ID {
		return word.Status != StatusSucceeded
	}
	start := *origin
	start.UpdatedAt = succeededAt(start)
	return inOrder(word, start) > 0
}
