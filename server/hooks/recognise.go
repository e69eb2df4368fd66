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

// recognise finds the deployment that the report is about, where the report alone does not say it, and completes d by what
// is known of it. A note says why there is nothing to take in.
func (h *Receiver) recognise(ctx context.Context, ref store.EnvironmentRef, r report, d *release.Deployment) (note string, err error) {
	if r.identity == ofDeployment && d.Version != "" && d.Service != "" {
		return "", nil
	}
	recent, err := h.Store.ListDeployments(ctx, ref, store.DeploymentFilter{Limit: store.RecentDeployments})
	if err != nil {
		return "", err
	}
	switch r.identity {
	case ofUnderWay:
		return underWay(recent, r, d), nil
	case ofContent:
		d.ExternalID = run(recent, d.Source, d.ExternalID, d.Status, r.at)
		return "", nil
	default:
		return reportedBefore(recent, d)
	}
}

// underWay takes the report as being about the service's newest deployment, which must have begun and not ended.
func underWay(recent []store.Deployment, r report, d *release.Deployment) (note string) {
	current, is := newest(recent, d.Service)
	switch {
	case is && current.Status == d.Status:
		return nothingNew
	case !is || current.Status != release.StatusStarted:
		return fmt.Sprintf("No deployment of %s is known to be under way, and the event names no version. Report its start, or have the event name the version.", d.Service)
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

// run tells deployments of the same content apart: their external ids are id, id#2, id#3 and so on. What begins after the
// last one has ended is a new one; anything else belongs to the last one that had begun by then. So the order in which the
// events come does not matter, as long as they say when they happened.
func run(recent []store.Deployment, source, id string, status release.Status, at time.Time) string {
	last, number := "", 0
	for i := range recent {
		d := recent[len(recent)-1-i]
		if d.Source != source || (d.ExternalID != id && !strings.HasPrefix(d.ExternalID, id+"#")) {
			continue
		}
		number++
		begun := last == "" || at.IsZero() || !d.StartedAt.After(at)
		if begun {
			last = d.ExternalID
		}
		ended := d.FinishedAt != nil && !at.IsZero() && at.After(*d.FinishedAt)
		if begun && status == release.StatusStarted && ended {
			last = ""
		}
	}
	switch {
	case last != "":
		return last
	case number == 0:
		return id
	default:
		return fmt.Sprintf("%s#%d", id, number+1)
	}
}

// reportedBefore completes a report without a version or a service by what was reported before under the same external id.
func reportedBefore(recent []store.Deployment, d *release.Deployment) (note string, err error) {
	i := slices.IndexFunc(recent, func(known store.Deployment) bool {
		return known.Source == d.Source && known.ExternalID == d.ExternalID
	})
	if i >= 0 {
		d.Service, d.Version = recent[i].Service, recent[i].Version
		return "", nil
	}
	what := fmt.Sprintf("The event says neither service nor version of deployment %q of source %q, or only one of them, and nothing is known of that deployment yet", d.ExternalID, d.Source)
	if d.Status == release.StatusStarted {
		return what + ".", nil
	}
	// Senders that repeat what is answered with 409 come again when it is known.
	return "", problem.Conflict("%s. Report its start first, with the same source and external id: `flagd deploy started --source %s --external-id %s --version …`.",
		what, d.Source, d.ExternalID)
}
