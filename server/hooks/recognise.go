package hooks

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// recognise finds the deployment that the report is about if the report alone does not say it. It completes d with
// what is known of that deployment. A note says why there is nothing to take in.
func (h *Receiver) recognise(
	ctx context.Context, ref store.EnvironmentRef, r report, d *release.Deployment, now time.Time,
) (note string, err error) {
	if r.identity == ofDeployment && d.Version != "" && d.Service != "" {
		return "", nil
	}
	filter := store.Recent("")
	if r.identity != ofDeployment {
		filter.Service = d.Service
	}
	recent, err := h.Store.ListDeployments(ctx, ref, filter)
	if err != nil {
		return "", err
	}
	switch r.identity {
	case ofUnderWay:
		return underWay(recent, r, d), nil
	case ofContent:
		return ofRuns(recent, r, d, dated(r.at, now))
	default:
		return reportedBefore(recent, d)
	}
}

// ofRuns finds the run that the report is about. At is when the reported event happened.
func ofRuns(recent []store.Deployment, r report, d *release.Deployment, at time.Time) (note string, err error) {
	if len(r.oneOf) > 0 {
		if note, err := choose(recent, r.oneOf, d); note != "" || err != nil {
			return note, err
		}
	}
	if going, is := underWayOf(recent, r, d); is {
		d.Version, d.ExternalID = going.Version, going.ExternalID
		return "", nil
	}
	last := run(recent, *d, at)
	d.ExternalID = last.ExternalID
	if d.Status == release.StatusFailed && last.Status == release.StatusSucceeded && at.Before(last.UpdatedAt) {
		return "It happened before the deployment succeeded.", nil
	}
	return "", nil
}

// choose finds the version whose instances replace those of another version. If the deployment has failed, its
// version is not the one that succeeded before. If it has succeeded, the version is known only once no other
// instances are left.
func choose(recent []store.Deployment, versions []string, d *release.Deployment) (note string, err error) {
	text := strings.Join(versions, " and ")
	if d.Status == release.StatusSucceeded {
		// Senders that repeat after a 409 come again. By then the older instances may be gone.
		return "", problem.Conflict(
			"Instances of %s run, in the versions %s. Which of them has succeeded is known when the others are gone; where they stay, say the version with the annotation tidegate.io/version.",
			d.Service,
			text,
		)
	}
	before := slices.IndexFunc(recent, func(known store.Deployment) bool {
		return known.Service == d.Service && known.Status == release.StatusSucceeded
	})
	left := versions
	if before >= 0 {
		left = slices.DeleteFunc(
			slices.Clone(versions),
			func(version string) bool { return version == recent[before].Version },
		)
	}
	if len(left) != 1 {
		return fmt.Sprintf(
			"Instances of %s run, in the versions %s, and the event does not say which of them it is about.",
			d.Service,
			text,
		), nil
	}
	d.Version = left[0]
	return "", nil
}

// underWayOf gives the deployment of the family that was under way at the time of the report. If several were, it is
// the one that d names, else the newest.
func underWayOf(recent []store.Deployment, r report, d *release.Deployment) (going store.Deployment, is bool) {
	if r.family == "" {
		return going, false
	}
	for _, known := range recent {
		ours := known.Source == d.Source && known.Service == d.Service && strings.HasPrefix(known.ExternalID, r.family)
		if !ours || known.Status != release.StatusStarted || known.StartedAt.After(r.at) {
			continue
		}
		if known.Version == d.Version {
			return known, true
		}
		if !is {
			going, is = known, true
		}
	}
	return going, is
}

// underWay takes the report to be about the service's newest deployment. That deployment must have begun and not
// ended.
func underWay(recent []store.Deployment, r report, d *release.Deployment) (note string) {
	current, is := newest(recent, d.Service)
	switch {
	case is && current.Status == d.Status:
		return nothingNew
	case !is || current.Status != release.StatusStarted || !r.at.IsZero() && current.StartedAt.After(r.at):
		return fmt.Sprintf(
			"No deployment of %s is known to be under way, and the event names no version. Report its start, or have the event name the version.",
			d.Service,
		)
	}
	d.Version, d.Source, d.ExternalID = current.Version, current.Source, current.ExternalID
	return ""
}

// newest is the deployment of the service that began last.
func newest(recent []store.Deployment, service string) (store.Deployment, bool) {
	i := slices.IndexFunc(recent, func(d store.Deployment) bool { return d.Service == service })
	if i < 0 {
		return store.Deployment{}, false
	}
	return recent[i], true
}

// run distinguishes deployments of the same content: their external ids are id, id#2, id#3 and so on. A report that
// follows the end of the last run is about a new run. Any other report belongs to the last run that had begun by
// then. So the order in which the events come does not matter, as long as they say when they happened. A run that is
// not known yet has only its external id.
func run(recent []store.Deployment, d release.Deployment, at time.Time) (last release.Deployment) {
	number := 0
	for i := range recent {
		known := recent[len(recent)-1-i]
		if known.Source != d.Source ||
			(known.ExternalID != d.ExternalID && !strings.HasPrefix(known.ExternalID, d.ExternalID+"#")) {
			continue
		}
		number++
		if last.ExternalID == "" || !known.StartedAt.After(at) {
			last = known.Deployment
			if follows(d.Status, known.Deployment, at) {
				last = release.Deployment{}
			}
		}
	}
	switch {
	case last.ExternalID != "":
		return last
	case number == 0:
		return release.Deployment{ExternalID: d.ExternalID}
	default:
		return release.Deployment{ExternalID: fmt.Sprintf("%s#%d", d.ExternalID, number+1)}
	}
}

// follows tells whether a report of the status at the given time is about another run than the known one. It is if
// the known run had ended before, and if a run that ended like that cannot go on with this status.
func follows(status release.Status, known release.Deployment, at time.Time) bool {
	if known.FinishedAt == nil || !at.After(*known.FinishedAt) {
		return false
	}
	switch status {
	case release.StatusStarted:
		return true
	case release.StatusSucceeded:
		return known.Status != release.StatusSucceeded
	case release.StatusRefused:
		return known.Status != release.StatusRefused
	default:
		return false
	}
}

// reportedBefore completes a report without a version or a service. It uses what was reported before under the same
// external id.
func reportedBefore(recent []store.Deployment, d *release.Deployment) (note string, err error) {
	i := slices.IndexFunc(recent, func(known store.Deployment) bool {
		return known.Source == d.Source && known.ExternalID == d.ExternalID
	})
	if i >= 0 {
		d.Service, d.Version = recent[i].Service, recent[i].Version
		return "", nil
	}
	what := fmt.Sprintf(
		"The event says neither service nor version of deployment %q of source %q, or only one of them, and nothing is known of that deployment yet",
		d.ExternalID,
		d.Source,
	)
	if d.Status == release.StatusStarted {
		return what + ".", nil
	}
	// Senders that repeat after a 409 come again. By then the deployment may be known.
	return "", problem.Conflict(
		"%s. Report its start first, with the same source and external id: `flagd deploy started --source %s --external-id %s --version …`.",
		what,
		d.Source,
		d.ExternalID,
	)
}
