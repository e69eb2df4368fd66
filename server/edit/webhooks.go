package edit

import (
	"context"

	"github.com/tidegate-io/tidegate/store"
)

// WebhookOf finds a webhook of the project. A webhook of another project is not found.
func (s *Service) WebhookOf(ctx context.Context, project, id string) (store.Webhook, error) {
	w, err := s.store.Webhook(ctx, id)
	if err == nil && w.Project != project {
		return store.Webhook{}, &WebhookNotFoundError{Project: project, ID: id}
	}
	return w, err
}

// UpdateWebhook changes a webhook. This package does not read the mapping: the caller has to check it.
func (s *Service) UpdateWebhook(
	ctx context.Context, project, id string, change Change[store.Webhook], guard Guard, by store.Attribution,
) (store.Webhook, error) {
	return update(ctx, s.webhook(project, id), change, guard, by)
}

// DeleteWebhook deletes a webhook and its deliveries.
func (s *Service) DeleteWebhook(ctx context.Context, project, id string, guard Guard, by store.Attribution) error {
	o := s.webhook(project, id)
	o.write = func(ctx context.Context, w store.Webhook, ifVersion int64, by store.Attribution) (store.Webhook, error) {
		return w, s.store.DeleteWebhook(ctx, id, ifVersion, by)
	}
	return remove(ctx, o, guard, by)
}

func (s *Service) webhook(project, id string) object[store.Webhook] {
	return object[store.Webhook]{
		what:    "webhook " + id,
		load:    func(ctx context.Context) (store.Webhook, error) { return s.WebhookOf(ctx, project, id) },
		version: func(w store.Webhook) int64 { return w.Version },
		write:   s.store.UpdateWebhook,
	}
}
