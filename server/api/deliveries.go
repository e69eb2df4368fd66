package api

import (
	"net/http"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/problem"
)

// ListWebhookDeliveries answers GET /projects/{project}/webhooks/{id}/deliveries.
func (a *API) ListWebhookDeliveries(w http.ResponseWriter, r *http.Request, project, id string) {
	if _, err := a.webhook(r, project, id); err != nil {
		problem.Write(w, r, err)
		return
	}
	deliveries, err := a.Store.ListDeliveries(r.Context(), id)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	items := make([]openapi.WebhookDelivery, len(deliveries))
	for i, d := range deliveries {
		if items[i], err = deliveryDocument(d); err != nil {
			problem.Write(w, r, err)
			return
		}
	}
	respond(w, r, http.StatusOK, list[openapi.WebhookDelivery]{Items: items})
}

// GetWebhookDelivery answers GET /projects/{project}/webhooks/{id}/deliveries/{delivery}.
func (a *API) GetWebhookDelivery(w http.ResponseWriter, r *http.Request, project, id, delivery string) {
	_, err := a.webhook(r, project, id)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	d, err := a.Store.Delivery(r.Context(), id, delivery)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	document, err := deliveryDocument(d)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	respond(w, r, http.StatusOK, document)
}

// ReplayWebhookDelivery answers POST /projects/{project}/webhooks/{id}/deliveries/{delivery}/replay.
func (a *API) ReplayWebhookDelivery(
	w http.ResponseWriter, r *http.Request, project, id, delivery string, params openapi.ReplayWebhookDeliveryParams,
) {
	webhook, err := a.webhook(r, project, id)
	if err == nil {
		err = checkReason(params.ReasonParam)
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	again, err := a.Hooks.Replay(r.Context(), webhook, delivery, a.by(r, params.ReasonParam))
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	a.settleProject(r.Context(), project)
	document, err := deliveryDocument(again)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	respond(w, r, http.StatusOK, document)
}

// DryRunWebhook answers POST /projects/{project}/webhooks/{id}/dry-run.
func (a *API) DryRunWebhook(w http.ResponseWriter, r *http.Request, project, id string) {
	body, err := decode[openapi.WebhookDryRun](w, r, maxBody)
	if err == nil {
		err = checkDryRun(body)
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	webhook, err := a.webhook(r, project, id)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	outcome, err := a.Hooks.DryRun(r.Context(), webhook, body.Event, body.Payload)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	respond(w, r, http.StatusOK, outcome)
}

func checkDryRun(body openapi.WebhookDryRun) error {
	var f fields
	f.atMost("/event", body.Event, maxName)
	if len(body.Payload) == 0 {
		f.add("/payload", "is required: the body of the event")
	}
	return f.err()
}
