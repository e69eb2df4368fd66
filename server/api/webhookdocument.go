package api

import (
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/hooks"
	"github.com/tidegate-io/tidegate/store"
)

// webhookAnswer answers with one webhook, and what to do at the tool. Secret is shown if it is new.
func (a *API) webhookAnswer(status int, webhook store.Webhook, secret string) (answer, error) {
	document, err := a.wholeWebhook(webhook, secret)
	return tagged(status, webhook.Version, document), err
}

func (a *API) wholeWebhook(webhook store.Webhook, secret string) (openapi.Webhook, error) {
	document, err := a.webhookDocument(webhook)
	if err == nil {
		document.Setup, err = hooks.Setup(document.Kind, document.URL)
	}
	document.Secret = secret
	return document, err
}

func (a *API) webhookDocument(webhook store.Webhook) (openapi.Webhook, error) {
	mapping, err := webhookMapping(webhook)
	return openapi.Webhook{
		ID:        webhook.ID,
		Name:      webhook.Name,
		Kind:      openapi.WebhookKind(webhook.Kind),
		Enabled:   webhook.Enabled,
		Mapping:   mapping,
		URL:       fmt.Sprintf("%s/hooks/%s/%s", a.URL, webhook.Kind, webhook.ID),
		Version:   webhook.Version,
		CreatedAt: webhook.CreatedAt,
		UpdatedAt: webhook.UpdatedAt,
	}, err
}

func webhookMapping(webhook store.Webhook) (mapping openapi.WebhookMapping, err error) {
	if err = json.Unmarshal(webhook.Mapping, &mapping); err != nil {
		err = fmt.Errorf("decode stored mapping of webhook %s: %w", webhook.ID, err)
	}
	return mapping, err
}

func deliveryDocument(d store.Delivery) (openapi.WebhookDelivery, error) {
	outcome, err := hooks.Outcome(d)
	if err != nil {
		return openapi.WebhookDelivery{}, fmt.Errorf("decode stored outcome of delivery %s: %w", d.ID, err)
	}
	return openapi.WebhookDelivery{
		ID:         d.ID,
		ReceivedAt: d.ReceivedAt,
		Event:      d.Event,
		Size:       d.Size,
		Replayable: hooks.Kept(d.Size),
		ReplayOf:   d.ReplayOf,
		Outcome:    outcome,
		Payload:    string(d.Payload),
	}, nil
}
