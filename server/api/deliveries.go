package api

import (
	"net/http"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/invalid"
)

// ListWebhookDeliveries answers GET /projects/{project}/webhooks/{id}/deliveries.
func (a *API) ListWebhookDeliveries(w http.ResponseWriter, r *http.Request, project, id string) {
	a.respond(w, r, func() (answer, error) {
		if _, err := a.Edits.WebhookOf(r.Context(), project, id); err != nil {
			return none, err
		}
		deliveries, err := a.Store.ListDeliveries(r.Context(), id)
		if err != nil {
			return none, err
		}
		items := make([]openapi.WebhookDelivery, len(deliveries))
		for i, d := range deliveries {
			if items[i], err = deliveryDocument(d); err != nil {
				return none, err
			}
		}
		return plain(http.StatusOK, list[openapi.WebhookDelivery]{Items: items}), nil
	})
}

// GetWebhookDelivery answers GET /projects/{project}/webhooks/{id}/deliveries/{delivery}.
func (a *API) GetWebhookDelivery(w http.ResponseWriter, r *http.Request, project, id, delivery string) {
	a.respond(w, r, func() (answer, error) {
		_, err := a.Edits.WebhookOf(r.Context(), project, id)
		if err != nil {
			return none, err
		}
		d, err := a.Store.Delivery(r.Context(), id, delivery)
		if err != nil {
			return none, err
		}
		document, err := deliveryDocument(d)
		return plain(http.StatusOK, document), err
	})
}

// ReplayWebhookDelivery answers POST /projects/{project}/webhooks/{id}/deliveries/{delivery}/replay.
func (a *API) ReplayWebhookDelivery(
	w http.ResponseWriter, r *http.Request, project, id, delivery string, params openapi.ReplayWebhookDeliveryParams,
) {
	a.respond(w, r, func() (answer, error) {
		webhook, err := a.Edits.WebhookOf(r.Context(), project, id)
		if err != nil {
			return none, err
		}
		by, err := a.by(r, params.ReasonParam)
		if err != nil {
			return none, err
		}
		again, err := a.Hooks.Replay(r.Context(), webhook, delivery, by)
		if err != nil {
			return none, err
		}
		a.settleProject(r.Context(), project)
		document, err := deliveryDocument(again)
		return plain(http.StatusOK, document), err
	})
}

// DryRunWebhook answers POST /projects/{project}/webhooks/{id}/dry-run.
func (a *API) DryRunWebhook(w http.ResponseWriter, r *http.Request, project, id string) {
	a.respond(w, r, func() (answer, error) {
		body, err := decode[openapi.WebhookDryRun](w, r, maxBody)
		if err == nil {
			err = checkDryRun(body)
		}
		if err != nil {
			return none, err
		}
		webhook, err := a.Edits.WebhookOf(r.Context(), project, id)
		if err != nil {
			return none, err
		}
		outcome, err := a.Hooks.DryRun(r.Context(), webhook, body.Event, body.Payload)
		return plain(http.StatusOK, outcome), err
	})
}

func checkDryRun(body openapi.WebhookDryRun) error {
	var f invalid.Fields
	f.AtMost("/event", body.Event, maxName)
	if len(body.Payload) == 0 {
		f.Add("/payload", "is required: the body of the event")
	}
	return f.Err()
}
