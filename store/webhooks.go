package store

import (
	"context"
	"encoding/json"
	"time"
)

// Webhook receives what one deploy tool reports to the environments of a project.
type Webhook struct {
	Project string `json:"project"`
	// ID is unguessable and part of the address that the tool sends to.
	ID   string `json:"id"`
	Name string `json:"name"`
	// Kind says whose events it receives. It never changes.
	Kind string `json:"kind"`
	// Mapping is a document. It says which services and environments the tool's names stand for. This package does
	// not read it.
	Mapping json.RawMessage `json:"mapping"`
	Enabled bool            `json:"enabled"`
	// Secret is what the sender is verified with. It is the secret itself if the sender signs with it, otherwise its
	// SHA-256. No Change has it.
	Secret    []byte    `json:"-"`
	Version   int64     `json:"version"`
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`
}

// Delivery is one event that a webhook received, after its sender was verified.
type Delivery struct {
	// Webhook is the id of the webhook.
	Webhook string
	ID      string
	// Event is the name of the event in the sender's headers. It is empty if the kind has no such header.
	Event string
	// Payload is the body. It is nil in lists, and if the body was too large to be kept.
	Payload []byte
	// Size is the size of the body in bytes, even if the body was not kept.
	Size int64
	// Status is the HTTP status of the answer. Outcome is the document with the result; this package does not read
	// it.
	Status  int
	Outcome json.RawMessage
	// ReplayOf is the id of the delivery that this one repeats. It is empty for a delivery that came from outside.
	ReplayOf   string
	ReceivedAt time.Time
}

// Webhooks stores webhooks and what they received last. A write of a webhook is a Change in every environment of its
// project. The Change does not have the secret. Deliveries make no Changes.
type Webhooks interface {
	CreateWebhook(ctx context.Context, w Webhook, by Attribution) (Webhook, error)
	// Webhook finds a webhook of any project.
	Webhook(ctx context.Context, id string) (Webhook, error)
	// ListWebhooks orders by time of creation.
	ListWebhooks(ctx context.Context, project string) ([]Webhook, error)
	// UpdateWebhook replaces the name, the mapping and whether it is enabled, and the secret unless w has none.
	UpdateWebhook(ctx context.Context, w Webhook, ifVersion int64, by Attribution) (Webhook, error)
	// DeleteWebhook deletes the webhook and its deliveries.
	DeleteWebhook(ctx context.Context, id string, ifVersion int64, by Attribution) error

	// AddDelivery stores d and forgets all but the newest deliveries of its webhook, so many of them as keep says.
	AddDelivery(ctx context.Context, d Delivery, keep int) error
	Delivery(ctx context.Context, webhook, id string) (Delivery, error)
	// ListDeliveries gives the newest first, without their payloads.
	ListDeliveries(ctx context.Context, webhook string) ([]Delivery, error)
}
