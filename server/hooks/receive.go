package hooks

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

const (
	// keptDeliveries is how many deliveries of each webhook are kept. Payloads larger than maxKept are not kept.
	keptDeliveries = 50
	maxKept        = 256 << 10
	// keepTimeout bounds how long the sender waits for its delivery to be kept.
	keepTimeout = 2 * time.Second
)

// receive answers POST /hooks/{kind}/{id} and, for kinds that have several hooks, POST /hooks/{kind}/{id}/{hook}.
func (h *Receiver) receive(w http.ResponseWriter, r *http.Request) {
	outcome, err := h.receiveEvent(w, r)
	switch {
	case err != nil:
		problem.Write(w, r, err)
	default:
		respond(w, outcome.Status, outcome)
	}
}

// receiveEvent verifies and takes in an event and keeps it. An error is meant for the sender.
func (h *Receiver) receiveEvent(w http.ResponseWriter, r *http.Request) (openapi.WebhookOutcome, error) {
	webhook, err := h.find(r)
	if err != nil {
		return openapi.WebhookOutcome{}, err
	}
	t := toolOf(openapi.WebhookKind(webhook.Kind))
	payload, err := readEvent(w, r)
	var signed bool
	if err == nil {
		signed, err = verify(r, t, webhook.Secret, payload)
	}
	if err == nil {
		err = checkMediaType(r)
	}
	if err == nil && !webhook.Enabled {
		err = problem.Forbidden("This webhook is switched off. Switch it on in the web app, or with PATCH.")
	}
	if err != nil {
		return openapi.WebhookOutcome{}, err
	}
	by := store.Attribution{Actor: store.Actor{Kind: store.ActorHook, Name: webhook.Name}, At: h.Now()}
	event := t.event(r)
	from := taking{by: by}
	if signed {
		from.digest = digest(webhook.ID, webhook.Secret, payload)
	}
	outcome, err := h.process(r.Context(), webhook, event, payload, from)
	if worthKeeping(t, event, outcome, err) {
		h.keep(r.Context(), newDelivery(webhook, event, payload, by.At), outcome, err)
	}
	return outcome, err
}

// find gives the webhook of the address.
func (h *Receiver) find(r *http.Request) (store.Webhook, error) {
	kind, id := chi.URLParam(r, "kind"), chi.URLParam(r, "id")
	unknown := problem.NotFound(
		"There is no webhook of kind %s at this address. The webhook's page has the right one.",
		kind,
	)
	if strings.ContainsRune(id, 0) || toolOf(openapi.WebhookKind(kind)) == nil {
		return store.Webhook{}, unknown
	}
	webhook, err := h.Store.Webhook(r.Context(), id)
	if errors.Is(err, store.ErrNotFound) || (err == nil && webhook.Kind != kind) {
		return store.Webhook{}, unknown
	}
	if hook := chi.URLParam(r, "hook"); hook != "" && webhook.Kind != string(openapi.WebhookKindFlagger) {
		return store.Webhook{}, unknown
	}
	return webhook, err
}

// process is handle for an event of a webhook.
func (h *Receiver) process(
	ctx context.Context, webhook store.Webhook, event string, payload []byte, how taking,
) (openapi.WebhookOutcome, error) {
	kind := openapi.WebhookKind(webhook.Kind)
	n, err := decodeMapping(kind, webhook.Mapping)
	if err != nil {
		return openapi.WebhookOutcome{}, err
	}
	return h.handle(ctx, source{project: webhook.Project, kind: kind, names: n, taking: how}, event, payload)
}

// worthKeeping leaves out questions that are asked again and again. It keeps those whose answer takes something back.
func worthKeeping(t tool, event string, outcome openapi.WebhookOutcome, err error) bool {
	if _, asks := t.(flagger); !asks || event == flaggerEventHook || event == flaggerUnnamed || err != nil {
		return true
	}
	return event == flaggerRollback && outcome.Status == http.StatusOK
}

func newDelivery(webhook store.Webhook, event string, payload []byte, at time.Time) store.Delivery {
	d := store.Delivery{
		Webhook: webhook.ID, ID: uuid.NewString(), Event: printable(event), Size: int64(len(payload)), ReceivedAt: at,
	}
	if len(payload) <= maxKept {
		d.Payload = bytes.Clone(payload)
	}
	return d
}

// printable is a text of a header as it can be stored.
func printable(text string) string {
	return cut(strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), ""), maxText)
}

// keep stores the delivery with its outcome, for people who look at it. If keep fails, the reported deployment is
// taken in all the same.
func (h *Receiver) keep(
	ctx context.Context,
	d store.Delivery,
	outcome openapi.WebhookOutcome,
	failure error,
) store.Delivery {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepTimeout)
	defer cancel()
	if failure != nil {
		outcome = refused(failure)
	}
	encoded, err := json.Marshal(outcome)
	if err == nil {
		d.Status, d.Outcome = outcome.Status, encoded
		err = h.Store.AddDelivery(ctx, d, keptDeliveries)
	}
	if err != nil && !errors.Is(err, store.ErrUnavailable) {
		h.Log.WarnContext(
			ctx,
			"an event of a webhook was answered but is not among its deliveries",
			"webhook",
			d.Webhook,
			"error",
			err,
		)
	}
	return d
}

// refused is the outcome of an event that was answered with a problem.
func refused(err error) openapi.WebhookOutcome {
	described := problem.Describe(err)
	return openapi.WebhookOutcome{Status: described.Status, Problem: &described, Deployments: []openapi.WebhookReport{}}
}
