package release

import (
	"slices"
	"time"
)

// Merge joins a report of a deployment into what is known of it. It is idempotent and does not depend on order:
// whatever the order in which the reports of one deployment come, and however often each comes, the result is the
// same, so a late or repeated report does no harm.
//
// The status that is worse wins: started gives way to abandoned, that to succeeded, that to refused, that to failed,
// and that to rolledBack. So a late "started" never takes back a final state, a success that turns out to be none is
// a failure, and a failed deployment that is tried again is a new deployment, with an external id of its own. What
// was refused although it had traffic has failed: its instances did run.
//
// StartedAt and FinishedAt are the earliest that were reported, and UpdatedAt is when the deployment first had the
// status that it has. Of texts, what is empty never erases what is known; where two reports contradict each other the
// text that sorts last wins, which is arbitrary but the same in every order. Of traffic weights the greatest stays: a
// canary that gave its traffic back has another status.
//
// The id is that of known, unless it has none. Changed tells whether merged differs from known.
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

// Believed makes a failure of what was refused although it had traffic.
func Believed(d Deployment) Deployment {
	if d.Status == StatusRefused && d.TrafficWeight > 0 {
		d.Status = StatusFailed
	}
	return d
}

// rank orders the statuses from the one that gives way to all to the one that gives way to none; 0 is for what is none.
func rank(s Status) int {
	order := []Status{StatusStarted, StatusAbandoned, StatusSucceeded, StatusRefused, StatusFailed, StatusRolledBack}
	return slices.Index(order, s) + 1
}

// Valid tells whether s is one of the states.
func (s Status) Valid() bool { return rank(s) > 0 }

// EndedBadly tells whether a deployment in the status stays in it, or in a worse one: another attempt is another
// deployment.
func (s Status) EndedBadly() bool { return rank(s) > rank(StatusSucceeded) }

// denied tells whether the status is refused, or failed, which a refusal becomes once it is known that there was
// traffic.
func denied(s Status) bool { return s == StatusRefused || s == StatusFailed }

// decided tells whether a deployment in the status says something of what runs. One that is started does not yet, and
// one that was abandoned or refused never will.
func decided(s Status) bool {
	return s == StatusSucceeded || s == StatusFailed || s == StatusRolledBack
}

// earliest is the earlier of two times, where the zero time is not known. Times that are equal are both a's, so that
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

// same compares deployments by their meaning: instants, not their representation.
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
