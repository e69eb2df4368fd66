package release

import "time"

// Objection tells whether a release speaks against a deployment that went out since began, and why: it needs the
// version that is deployed and was reverted since. A release that was reverted because that version failed or was
// rolled back speaks against it too, which changes nothing: it is going already.
func Objection(r Release, service, version string, began time.Time) (why string, is bool) {
	trigger := r.Spec.Trigger.Deployment
	if trigger == nil || trigger.Service != service || !inRange(trigger.Version, version) {
		return "", false
	}
	if r.State.Phase != PhaseReverted || r.State.StartedAt == nil || r.State.FinishedAt == nil ||
		r.State.FinishedAt.Before(began) {
		return "", false
	}
	return r.State.Reason, true
}
