package sqlstore

import (
	"context"

	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

// AddDelivery stores a delivery and forgets the oldest.
func (s *Store) AddDelivery(ctx context.Context, d store.Delivery, keep int) error {
	err := s.engine.Write(ctx, func(q db.Querier) error {
		err := q.WebhookDeliveryInsert(ctx, db.WebhookDeliveryInsertParams{
			Webhook:    d.Webhook,
			ID:         d.ID,
			Event:      d.Event,
			Payload:    d.Payload,
			Size:       d.Size,
			Status:     int64(d.Status),
			Outcome:    d.Outcome,
			ReplayOf:   d.ReplayOf,
			ReceivedAt: micros(d.ReceivedAt),
		})
		if err != nil {
			return err
		}
		return q.WebhookDeliveryForget(ctx, db.WebhookDeliveryForgetParams{Webhook: d.Webhook, N: int64(keep)})
	})
	return s.wrap(err, "add", "delivery %q to webhook %q", d.ID, d.Webhook)
}

// Delivery reads a delivery with its payload.
func (s *Store) Delivery(ctx context.Context, webhook, id string) (store.Delivery, error) {
	row, err := s.queries().WebhookDeliveryGet(ctx, db.WebhookDeliveryGetParams{Webhook: webhook, ID: id})
	if err != nil {
		return store.Delivery{}, s.wrap(err, "read", "delivery %q", id)
	}
	d := deliveryOf(db.WebhookDeliveryListRow{
		Webhook: row.Webhook, ID: row.ID, Event: row.Event, Size: row.Size, Status: row.Status, Outcome: row.Outcome,
		ReplayOf: row.ReplayOf, ReceivedAt: row.ReceivedAt,
	})
	d.Payload = row.Payload
	return d, nil
}

// ListDeliveries gives those of a webhook.
func (s *Store) ListDeliveries(ctx context.Context, webhook string) ([]store.Delivery, error) {
	rows, err := s.queries().WebhookDeliveryList(ctx, webhook)
	if err != nil {
		return nil, s.wrap(err, "list", "deliveries of webhook %q", webhook)
	}
	return convert(rows, deliveryOf), nil
}

func deliveryOf(row db.WebhookDeliveryListRow) store.Delivery {
	return store.Delivery{
		Webhook:    row.Webhook,
		ID:         row.ID,
		Event:      row.Event,
		Size:       row.Size,
		Status:     int(row.Status),
		Outcome:    row.Outcome,
		ReplayOf:   row.ReplayOf,
		ReceivedAt: timeOf(row.ReceivedAt),
	}
}
