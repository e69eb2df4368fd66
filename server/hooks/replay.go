package hooks

import (
	"context"
	"net/http"

	"github.com/go-json-experiment/json"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// Replay takes in the payload of a delivery again, with the webhook as it is now, and gives the delivery that this
// makes. If the event is refused, the refusal is the outcome of that delivery and not an error.
func (h *Receiver) Replay(
	ctx context.Context,
	webhook store.Webhook,
	id string,
	by store.Attribution,
) (store.Delivery, error) {
	first, err := h.Store.Delivery(ctx, webhook.ID, id)
	if err != nil {
		return store.Delivery{}, err
	}
	if first.Payload == nil {
		return store.Delivery{}, problem.Conflict(
			"The payload of %d bytes was too large to be kept. Let the sender send it again.",
			first.Size,
		)
	}
	if by.Reason != "" {
		by.Reason += " "
	}
	outcome, failure := h.process(ctx, webhook, first.Event, first.Payload, taking{by: by})
	if failure != nil && refused(failure).Status >= http.StatusInternalServerError {
		return store.Delivery{}, failure
	}
	again := newDelivery(webhook, first.Event, first.Payload, by.At)
	again.ReplayOf = first.ID
	return h.keep(ctx, again, outcome, failure), nil
}

// DryRun tells what an event would do, including a refusal. It stores nothing.
func (h *Receiver) DryRun(
	ctx context.Context,
	webhook store.Webhook,
	event string,
	payload []byte,
) (openapi.WebhookOutcome, error) {
	outcome, err := h.process(ctx, webhook, event, payload, taking{by: store.Attribution{At: h.Now()}, dry: true})
	if err == nil {
		return outcome, nil
	}
	if outcome = refused(err); outcome.Status >= http.StatusInternalServerError {
		return outcome, err
	}
	return outcome, nil
}

// Kept tells whether payloads of a size are kept.
func Kept(size int64) bool { return size <= maxKept }

// Outcome reads what came of a delivery.
func Outcome(d store.Delivery) (outcome openapi.WebhookOutcome, err error) {
	err = json.Unmarshal(d.Outcome, &outcome)
	return outcome, err
}
