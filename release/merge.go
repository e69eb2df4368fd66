package release

import (
	"slices"
	"time"
)

// Merge joins a report of a deployment into what is known of it. It is idempotent. The order in which the reports of
// one deployment come does not matter, nor how often each comes. So a late or repeated report does no harm.
//
// The worse status wins: started gives way to abandoned, that to succeeded, that to refused, that to failed, and that
// to rolledBack. So a late "started" never takes back a final state. A success that turns out not to be one is a
// failure. A failed deployment that is tried again is a new deployment, with an external id of its own. A deployment
// that was refused but had traffic has failed, since its instances did run.
//
// StartedAt and FinishedAt are the earliest that were reported. UpdatedAt is when the deployment first had its
// status. An empty text never erases a known one. If two reports contradict each other, the text that sorts last
// wins. That is arbitrary, but the same in every order. The greatest traffic weight stays, since a canary that gave
// its traffic back has another status.
//
// The id is that of known, unless known has none. Changed tells whether merged differs from known.
func Merge(known, report Deployment) (merged Deployment, changed bool) {
	merged = Deployment{
		ID:            known.ID,
		Service:       max(known.Service, report.Service),
		Version:       max(known.Version, report.Version),
		Source:        max(known.Source, report.Source),
		ExternalID:    max(known.ExternalID, report.ExternalID),
		Commit:        max(known.Commit, report.Commit),
		Strategy:      max(known.Strategy, report.Strategy),
		Description:   max(known.Description, report.Description),
		URL:           max(known.URL, report.URL),
		TrafficWeight: max(known.TrafficWeight, report.TrafficWeight),
		StartedAt:     earliest(known.StartedAt, report.StartedAt),
		FinishedAt:    earliestKnown(known.FinishedAt, report.FinishedAt),
	}
	if merged.ID == "" {
		merged.ID = report.ID
	}
	worse := known
	if rank(known.Status) < rank(report.Status) {
		worse = report
	}
	merged.Status, merged.UpdatedAt = worse.Status, worse.UpdatedAt
	if known.Status == report.Status || denied(known.Status) && denied(report.Status) {
		merged.UpdatedAt = earliest(known.UpdatedAt, report.UpdatedAt)
	}
	merged = Believed(merged)
	return merged, !same(merged, known)
}

// Believed gives d with the status failed if it was refused but had traffic. It changes nothing else.
func Believed(d Deployment) Deployment {
	if d.Status == StatusRefused && d.TrafficWeight > 0 {
		d.Status = StatusFailed
	}
	return d
}

// rank orders the statuses. The lowest gives way to all others, the highest gives way to none. It is 0 for a text
// that is no status.
func rank(s Status) int {
	order := []Status{StatusStarted, StatusAbandoned, StatusSucceeded, StatusRefused, StatusFailed, StatusRolledBack}
	return slices.Index(order, s) + 1
}

// Valid tells whether s is one of the states.
func (s Status) Valid() bool { return rank(s) > 0 }

// EndedBadly tells whether a deployment in this status can only stay in it or get a worse one. Another attempt is
// another deployment.
func (s Status) EndedBadly() bool { return rank(s) > rank(StatusSucceeded) }

// denied tells whether the status is refused or failed. A refusal becomes a failure once it is known that there was
// traffic.
func denied(s Status) bool { return s == StatusRefused || s == StatusFailed }

// decided tells whether a deployment in the status says something about what runs. A started deployment does not do
// so yet. An abandoned or refused one never will.
func decided(s Status) bool {
	return s == StatusSucceeded || s == StatusFailed || s == StatusRolledBack
}

// earliest is the earlier of two times. The zero time is an unknown time. If the two are equal, it gives a. So
// merging the same instant in another time zone changes nothing.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

func earliestKnown(a, b *time.Time) *time.Time {
	if a == nil || (b != nil && b.Before(*a)) {
		return b
	}
	return a
}

// same compares deployments by their meaning: times are compared as instants, not by how they are written.
func same(a, b Deployment) bool {
	if (a.FinishedAt == nil) != (b.FinishedAt == nil) || (a.FinishedAt != nil && !a.FinishedAt.Equal(*b.FinishedAt)) {
		return false
	}
	if !a.StartedAt.Equal(b.StartedAt) || !a.UpdatedAt.Equal(b.UpdatedAt) {
		return false
	}
	a.FinishedAt, a.StartedAt, a.UpdatedAt = b.FinishedAt, b.StartedAt, b.UpdatedAt
	return a == b
}
