package sqlstore

import (
	"context"

	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

func webhookOf(row db.Webhook) store.Webhook {
	return store.Webhook{
		Project:   row.Project,
		ID:        row.ID,
		Name:      row.Name,
		Kind:      row.Kind,
		Mapping:   row.Mapping,
		Enabled:   row.Enabled,
		Secret:    row.Secret,
		Version:   row.Version,
		CreatedAt: timeOf(row.CreatedAt),
		UpdatedAt: timeOf(row.UpdatedAt),
	}
}

// CreateWebhook stores a webhook.
func (s *Store) CreateWebhook(ctx context.Context, w store.Webhook, by store.Attribution) (store.Webhook, error) {
	row := db.Webhook{
		Project:   w.Project,
		ID:        w.ID,
		Name:      w.Name,
		Kind:      w.Kind,
		Mapping:   w.Mapping,
		Enabled:   w.Enabled,
		Secret:    w.Secret,
		Version:   1,
		CreatedAt: micros(by.At),
		UpdatedAt: micros(by.At),
	}
	created := webhookOf(row)
	err := s.write(ctx, by, func(tx *writeTx) error {
		if _, err := tx.lockProject(ctx, w.Project); err != nil {
			return err
		}
		if err := tx.WebhookInsert(ctx, db.WebhookInsertParams(row)); err != nil {
			return err
		}
		return tx.recordWebhook(ctx, created, nil, created)
	})
	if err != nil {
		return store.Webhook{}, s.wrap(err, "create", "webhook %q", w.ID)
	}
	return created, nil
}

// Webhook reads a webhook.
func (s *Store) Webhook(ctx context.Context, id string) (store.Webhook, error) {
	row, err := s.queries().WebhookGet(ctx, id)
	if err != nil {
		return store.Webhook{}, s.wrap(err, "read", "webhook %q", id)
	}
	return webhookOf(row), nil
}

// ListWebhooks gives those of a project.
func (s *Store) ListWebhooks(ctx context.Context, project string) ([]store.Webhook, error) {
	rows, err := s.queries().WebhookList(ctx, project)
	if err != nil {
		return nil, s.wrap(err, "list", "webhooks of project %q", project)
	}
	return convert(rows, webhookOf), nil
}

// UpdateWebhook replaces the parts of a webhook that may change.
func (s *Store) UpdateWebhook(
	ctx context.Context, w store.Webhook, ifVersion int64, by store.Attribution,
) (updated store.Webhook, err error) {
	err = s.write(ctx, by, func(tx *writeTx) error {
		before, err := tx.lockWebhook(ctx, w.ID, ifVersion)
		if err != nil {
			return err
		}
		updated = before
		updated.Name, updated.Mapping, updated.Enabled = w.Name, w.Mapping, w.Enabled
		updated.Version, updated.UpdatedAt = before.Version+1, timeOf(micros(by.At))
		if w.Secret != nil {
			updated.Secret = w.Secret
		}
		err = tx.WebhookUpdate(ctx, db.WebhookUpdateParams{
			Name: updated.Name, Mapping: updated.Mapping, Enabled: updated.Enabled, Secret: updated.Secret,
			Version: updated.Version, UpdatedAt: micros(updated.UpdatedAt), ID: updated.ID,
		})
		if err != nil {
			return err
		}
		return tx.recordWebhook(ctx, updated, before, updated)
	})
	if err != nil {
		return store.Webhook{}, s.wrap(err, "update", "webhook %q", w.ID)
	}
	return updated, nil
}

// DeleteWebhook deletes a webhook with all that belongs to it.
func (s *Store) DeleteWebhook(ctx context.Context, id string, ifVersion int64, by store.Attribution) error {
	err := s.write(ctx, by, func(tx *writeTx) error {
		before, err := tx.lockWebhook(ctx, id, ifVersion)
		if err != nil {
			return err
		}
		if err := tx.WebhookDeliveryDeleteAll(ctx, id); err != nil {
			return err
		}
		if err := tx.WebhookDelete(ctx, id); err != nil {
			return err
		}
		return tx.recordWebhook(ctx, before, before, nil)
	})
	return s.wrap(err, "delete", "webhook %q", id)
}

// lockWebhook locks the webhook's project until the end of the transaction, and reads the webhook.
func (tx *writeTx) lockWebhook(ctx context.Context, id string, ifVersion int64) (store.Webhook, error) {
	row, err := tx.WebhookGet(ctx, id)
	if err != nil {
		return store.Webhook{}, err
	}
	if _, err := tx.lockProject(ctx, row.Project); err != nil {
		return store.Webhook{}, err
	}
	if row, err = tx.WebhookGet(ctx, id); err != nil {
		return store.Webhook{}, err
	}
	return webhookOf(row), checkVersion("webhook "+id, row.Version, ifVersion)
}

// recordWebhook makes the Changes of a write of w.
func (tx *writeTx) recordWebhook(ctx context.Context, w store.Webhook, before, after any) error {
	what := subject{store.ChangeWebhook, w.ID}
	return tx.recordEverywhere(
		ctx,
		w.Project,
		what,
		before,
		after,
		func(store.EnvironmentRef, int64) error { return nil },
	)
}
