package control

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// defaultSource names reports that do not say where they come from.
const defaultSource = "api"

// Deploy takes in the report of a deployment and wakes the loop. It fills in what the report leaves out: id, source,
// times and external id. If the external id is missing, a report that continues the service's newest deployment
// belongs to that deployment. Any other report is of a new deployment. Changed is false if the report says nothing
// new.
//
// It gives an evaluator.CompileErrors if the report is wrong. It gives a release.RefusedError if the report's source
// and external id already belong to another version.
func (s *Releases) Deploy(
	ctx context.Context, d store.Deployment, by store.Attribution,
) (stored store.Deployment, changed bool, err error) {
	if err := s.completeReport(ctx, &d, by.At); err != nil {
		return store.Deployment{}, false, err
	}
	stored, changed, err = s.store.PutDeployment(ctx, d, by)
	if err != nil {
		return store.Deployment{}, false, err
	}
	if stored.Status == release.StatusSucceeded {
		if err := s.abandon(ctx, stored, by); err != nil {
			return store.Deployment{}, false, err
		}
	}
	if changed {
		s.wake()
	}
	return stored, changed, nil
}

// abandon ends the deployments that the success has overtaken. These are deployments of other versions of the same
// service, from the same source, that began before the success and never ended. An example is a canary whose place
// another revision took: nobody reports its end.
func (s *Releases) abandon(ctx context.Context, success store.Deployment, by store.Attribution) error {
	recent, err := s.store.ListDeployments(ctx, success.EnvironmentRef, store.Recent(success.Service))
	if err != nil {
		return err
	}
	by.Request = nil // the report itself has left the receipt
	for _, known := range recent {
		overtaken := known.Status == release.StatusStarted && known.Source == success.Source &&
			known.Version != success.Version &&
			known.StartedAt.Before(success.StartedAt)
		if !overtaken || known.Strategy == release.StrategyShadow || success.Strategy == release.StrategyShadow {
			continue
		}
		known.Status, known.UpdatedAt, known.FinishedAt = release.StatusAbandoned, success.UpdatedAt, &success.UpdatedAt
		by.Reason = fmt.Sprintf("%s %s took its place.", success.Service, success.Version)
		if _, _, err := s.store.PutDeployment(ctx, known, by); err != nil {
			return err
		}
	}
	return nil
}

// completeReport checks a report and fills in what it leaves out.
func (s *Releases) completeReport(ctx context.Context, d *store.Deployment, reportedAt time.Time) error {
	if err := checkDeployment(d.Deployment); err != nil {
		return err
	}
	d.ID = cmp.Or(d.ID, uuid.NewString())
	d.Source = cmp.Or(d.Source, defaultSource)
	recent, err := s.recent(ctx, *d)
	if err != nil {
		return err
	}
	setTimes(&d.Deployment, afterAll(recent, d.Service, reportedAt))
	d.Deployment = release.Believed(d.Deployment)
	if d.ExternalID == "" {
		d.ExternalID = externalID(recent, *d)
		return nil
	}
	return checkIdentity(recent, *d)
}

// afterAll is the time at which a report came. Usually it is the given time. The clock may have been ahead when other
// reports came, and may have been set back since. Then the time is right after the last of those reports. Otherwise a
// rollback would seem to come before the deployment that it takes back.
func afterAll(recent []store.Deployment, service string, reportedAt time.Time) time.Time {
	for _, known := range recent {
		if known.Service == service && !known.UpdatedAt.Before(reportedAt) {
			reportedAt = known.UpdatedAt.Add(time.Microsecond)
		}
	}
	return reportedAt
}

// setTimes fills in the times that a report leaves out. No time is later than the report itself. Otherwise a
// deployment whose clock is ahead would have the last word about its service until that time, and nobody would see a
// rollback in between.
func setTimes(d *release.Deployment, reportedAt time.Time) {
	if d.UpdatedAt.IsZero() || d.UpdatedAt.After(reportedAt) {
		d.UpdatedAt = reportedAt
	}
	if d.StartedAt.IsZero() || d.StartedAt.After(d.UpdatedAt) {
		d.StartedAt = d.UpdatedAt
	}
	switch {
	case d.FinishedAt != nil && d.FinishedAt.After(d.UpdatedAt):
		d.FinishedAt = &d.UpdatedAt
	case d.FinishedAt == nil && d.Status != release.StatusStarted:
		d.FinishedAt = &d.UpdatedAt
	}
}

// recent gives the deployments that d may be one of. These are the deployments of its service. If d has an external
// id, they are the deployments of all services, since another service may have the same id.
func (s *Releases) recent(ctx context.Context, d store.Deployment) ([]store.Deployment, error) {
	filter := store.Recent("")
	if d.ExternalID == "" {
		filter.Service = d.Service
	}
	return s.store.ListDeployments(ctx, d.EnvironmentRef, filter)
}

// externalID is the external id of the service's newest deployment from the same source, if the report has the same
// version and the same status or a later one. Otherwise the report is of a new deployment. That is the old version
// again after a newer one, or another attempt after a failure.
func externalID(recent []store.Deployment, d store.Deployment) string {
	newest := slices.IndexFunc(recent, func(known store.Deployment) bool {
		return known.Source == d.Source
	})
	if newest >= 0 && recent[newest].Version == d.Version {
		if merged, _ := release.Merge(recent[newest].Deployment, d.Deployment); merged.Status == d.Status {
			return recent[newest].ExternalID
		}
	}
	return d.ID
}

// checkIdentity makes sure that two different deployments are not taken for one.
func checkIdentity(recent []store.Deployment, d store.Deployment) error {
	for _, known := range recent {
		if known.Source != d.Source || known.ExternalID != d.ExternalID {
			continue
		}
		if known.Service != d.Service || known.Version != d.Version {
			return &release.RefusedError{Message: fmt.Sprintf(
				"The externalId %q of source %q is already that of the deployment of %s %s. Give every deployment an externalId of its own.",
				d.ExternalID,
				d.Source,
				known.Service,
				known.Version,
			)}
		}
	}
	return nil
}

func checkDeployment(d release.Deployment) error {
	var errs evaluator.CompileErrors
	if d.Service == "" {
		errs = append(
			errs,
			evaluator.CompileError{Pointer: "/service", Message: "must name the service that was deployed"},
		)
	}
	if d.Version == "" {
		errs = append(
			errs,
			evaluator.CompileError{Pointer: "/version", Message: "must be the version that was deployed"},
		)
	}
	if !d.Status.Valid() {
		errs = append(errs, evaluator.CompileError{Pointer: "/status", Message: fmt.Sprintf(
			`must be "started", "succeeded", "failed", "rolledBack", "refused" or "abandoned", not %q`,
			string(d.Status),
		)})
	}
	errs = append(errs, unstorable(d)...)
	if !isLink(d.URL) && !strings.Contains(d.URL, "\x00") {
		errs = append(
			errs,
			evaluator.CompileError{
				Pointer: "/url",
				Message: "must be an address of the web, https://… or http://…, for others open it",
			},
		)
	}
	if len(errs) == 0 {
		return nil
	}
	return errs
}

// isLink tells whether a text is an absolute http(s) address, or empty.
func isLink(text string) bool {
	if text == "" {
		return true
	}
	parsed, err := url.Parse(text)
	return err == nil && (parsed.Scheme == "https" || parsed.Scheme == "http") && parsed.Host != ""
}

// unstorable names the texts with the character U+0000, which PostgreSQL cannot store.
func unstorable(d release.Deployment) (errs evaluator.CompileErrors) {
	for _, field := range []struct{ pointer, text string }{
		{"/service", d.Service}, {"/version", d.Version}, {"/source", d.Source}, {"/externalId", d.ExternalID},
		{"/commit", d.Commit}, {"/description", d.Description}, {"/url", d.URL},
	} {
		if strings.ContainsRune(field.text, 0) {
			errs = append(
				errs,
				evaluator.CompileError{Pointer: field.pointer, Message: "must not hold the character U+0000"},
			)
		}
	}
	return errs
}
