package release

import "time"

// Objection tells whether and why a release speaks against a deployment that began at the given time. It does so if
// it needs the deployed version and was reverted since then. It also does so if it was reverted because that version
// failed or was rolled back. That does no harm, since that version is being removed anyway.
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
