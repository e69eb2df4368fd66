package hooks

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/control"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// maxTrafficWeight is all of the traffic.
const maxTrafficWeight = 100_000

// nothingNew is the note on a report that was known already.
const nothingNew = "Nothing new."

// source is where an event comes from.
type source struct {
	project string
	kind    openapi.WebhookKind
	names   *names
	taking
}

// taking is how an event is taken in.
type taking struct {
	// by says who the changes are attributed to. Its time is when the event came. Its reason, if any, is put before
	// the event's own reason.
	by store.Attribution
	// dry asks what would happen, without doing it.
	dry bool
	// digest stands for a signed delivery, which is taken in only once. It is nil if nothing was signed.
	digest []byte
}

// handle reads an event and takes in what it reports, or answers what it asks. An error is meant for the sender.
func (h *Receiver) handle(
	ctx context.Context,
	from source,
	event string,
	payload []byte,
) (openapi.WebhookOutcome, error) {
	outcome := openapi.WebhookOutcome{Status: http.StatusOK, Deployments: []openapi.WebhookReport{}}
	said, err := toolOf(from.kind).read(event, payload, from.names)
	if err != nil {
		return outcome, err
	}
	outcome.Note = said.note
	if said.question != nil {
		outcome.Status, outcome.Note, err = h.answer(ctx, from, *said.question)
		return outcome, err
	}
	for _, r := range said.reports {
		taken, note, err := h.take(ctx, from, r)
		if err != nil {
			return outcome, err
		}
		outcome.Note = cmp.Or(outcome.Note, note)
		if taken != nil {
			outcome.Deployments = append(outcome.Deployments, *taken)
		}
	}
	return outcome, nil
}

// take takes in one report. Taken is nil where there was nothing to take in, and note says why.
func (h *Receiver) take(
	ctx context.Context,
	from source,
	r report,
) (taken *openapi.WebhookReport, note string, err error) {
	ref, err := h.environment(ctx, from, r.environment)
	if err != nil {
		return nil, "", err
	}
	d := r.deployment
	d.Service = from.names.service(r.service)
	d.Source = cmp.Or(d.Source, string(from.kind))
	if note, err = h.recognise(ctx, ref, r, &d, from.by.At); note != "" || err != nil {
		return nil, note, err
	}
	date(&d, r.at, from.by.At)
	if err := tidy(&d); err != nil {
		return nil, "", err
	}
	report := store.Deployment{EnvironmentRef: ref, Deployment: d}
	if from.dry {
		preview, err := h.Deployer.Preview(ctx, report, from.by.At)
		if err != nil {
			return nil, "", err
		}
		return &openapi.WebhookReport{
			Environment: ref.Environment,
			Deployment:  preview.Deployment.Deployment,
			Changed:     preview.Changed,
			Releases:    Moves(preview.Moves),
		}, "", nil
	}
	by := from.by
	by.Reason += r.reason
	stored, changed, note, err := h.deployOnce(ctx, from, r, report, by)
	if note != "" || err != nil {
		return nil, note, err
	}
	return &openapi.WebhookReport{
		Environment: ref.Environment,
		Deployment:  stored.Deployment,
		Changed:     changed,
	}, "", nil
}

// Moves are the documents of what releases would do.
func Moves(moves []control.Move) []openapi.ReleaseMove {
	documents := make([]openapi.ReleaseMove, len(moves))
	for i, m := range moves {
		documents[i] = openapi.ReleaseMove{
			Flag:   m.Release.Flag,
			Before: openapi.ReleasePhase(m.Release.State.Phase),
			Phase:  openapi.ReleasePhase(m.Next.Phase),
			Weight: m.Next.Weight,
			Reason: m.Next.Reason,
		}
	}
	return documents
}

// environment finds the environment that the tool's name stands for.
func (h *Receiver) environment(ctx context.Context, from source, n named) (store.EnvironmentRef, error) {
	ref := store.EnvironmentRef{Project: from.project, Environment: from.names.environment(n)}
	if ref.Environment == "" {
		return ref, problem.Invalid(problem.Field(n.pointer, "is required: what the event is about was deployed there"))
	}
	_, err := h.Store.Environment(ctx, ref)
	if errors.Is(err, store.ErrNotFound) {
		return ref, problem.Invalid(problem.Field(
			n.pointer,
			"%q stands for the environment %q, which project %q does not have; create it, or map the name to another",
			n.short(),
			ref.Environment,
			from.project,
		))
	}
	return ref, err
}

const (
	// promptness bounds small delays. An event that comes less late than this is taken to have happened when it came.
	promptness = time.Minute
	// lateness is how late an event may come for its own time to be believed. Senders repeat for some days; an older
	// event is a recording that somebody replays.
	lateness = 7 * 24 * time.Hour
)

// dated is when an event that came now is taken to have happened. The order in which events come is more reliable
// than the clocks of other machines, which count in seconds. The exception is an event that comes late.
func dated(said, now time.Time) time.Time {
	if late := now.Sub(said); late < promptness || late > lateness {
		return now
	}
	return said
}

// date sets the times of a deployment by what the event says of them.
func date(d *release.Deployment, said, now time.Time) {
	d.UpdatedAt = dated(said, now)
	if started := dated(d.StartedAt, now); started.Before(d.UpdatedAt) {
		d.StartedAt = started
	} else {
		d.StartedAt = d.UpdatedAt
	}
}
