package api

import (
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/edit"
	"github.com/tidegate-io/tidegate/server/hooks"
	"github.com/tidegate-io/tidegate/server/invalid"
	"github.com/tidegate-io/tidegate/store"
)

// webhookReadOnly are the fields of a webhook that a PATCH may carry and that it ignores.
var webhookReadOnly = []string{"id", "kind", "url", "setup", "version", "createdAt", "updatedAt"}

// ListWebhooks answers GET /projects/{project}/webhooks.
func (a *API) ListWebhooks(w http.ResponseWriter, r *http.Request, project string) {
	a.respond(w, r, func() (answer, error) {
		if _, err := a.Store.Project(r.Context(), project); err != nil {
			return none, err
		}
		webhooks, err := a.Store.ListWebhooks(r.Context(), project)
		if err != nil {
			return none, err
		}
		items := make([]openapi.Webhook, len(webhooks))
		for i, webhook := range webhooks {
			if items[i], err = a.webhookDocument(webhook); err != nil {
				return none, err
			}
		}
		return plain(http.StatusOK, list[openapi.Webhook]{Items: items}), nil
	})
}

// GetWebhook answers GET /projects/{project}/webhooks/{id}.
func (a *API) GetWebhook(w http.ResponseWriter, r *http.Request, project, id string) {
	a.respond(w, r, func() (answer, error) {
		webhook, err := a.Edits.WebhookOf(r.Context(), project, id)
		if err != nil {
			return none, err
		}
		return a.webhookAnswer(http.StatusOK, webhook, "")
	})
}

// CreateWebhook answers POST /projects/{project}/webhooks.
func (a *API) CreateWebhook(
	w http.ResponseWriter,
	r *http.Request,
	project string,
	params openapi.CreateWebhookParams,
) {
	a.respond(w, r, func() (answer, error) {
		body, err := decode[openapi.WebhookCreate](w, r, maxBody)
		if err != nil {
			return none, err
		}
		webhook := store.Webhook{
			Project: project,
			ID:      uuid.NewString(),
			Kind:    string(body.Kind),
			Enabled: body.Enabled == nil || *body.Enabled,
		}
		if err := writeWebhook(&webhook, body.Name, body.Mapping); err != nil {
			return none, err
		}
		by, err := a.by(r, params.ReasonParam)
		if err != nil {
			return none, err
		}
		secret := auth.NewSecret(auth.PrefixWebhook)
		webhook.Secret = storedSecret(body.Kind, secret)
		if webhook, err = a.Store.CreateWebhook(r.Context(), webhook, by); err != nil {
			return none, err
		}
		a.settleProject(r.Context(), project)
		return a.webhookAnswer(http.StatusCreated, webhook, secret.Text)
	})
}

// UpdateWebhook answers PATCH /projects/{project}/webhooks/{id}.
func (a *API) UpdateWebhook(
	w http.ResponseWriter,
	r *http.Request,
	project, id string,
	params openapi.UpdateWebhookParams,
) {
	a.respond(w, r, func() (answer, error) {
		patch, err := decodePatch(w, r, maxBody, webhookReadOnly...)
		if err != nil {
			return none, err
		}
		guard, by, err := a.editing(r, params.IfMatch, params.ReasonParam)
		if err != nil {
			return none, err
		}
		webhook, err := a.Edits.UpdateWebhook(r.Context(), project, id, webhookChange(patch), guard, by)
		if err != nil {
			return none, err
		}
		a.settleProject(r.Context(), project)
		return a.webhookAnswer(http.StatusOK, webhook, "")
	})
}

// RotateWebhookSecret answers POST /projects/{project}/webhooks/{id}/secret.
func (a *API) RotateWebhookSecret(
	w http.ResponseWriter,
	r *http.Request,
	project, id string,
	params openapi.RotateWebhookSecretParams,
) {
	a.respond(w, r, func() (answer, error) {
		by, err := a.by(r, params.ReasonParam)
		if err != nil {
			return none, err
		}
		secret := auth.NewSecret(auth.PrefixWebhook)
		webhook, err := a.Edits.UpdateWebhook(
			r.Context(),
			project,
			id,
			func(webhook store.Webhook) (store.Webhook, error) {
				webhook.Secret = storedSecret(openapi.WebhookKind(webhook.Kind), secret)
				return webhook, nil
			},
			edit.Guard{},
			by,
		)
		if err != nil {
			return none, err
		}
		a.settleProject(r.Context(), project)
		return a.webhookAnswer(http.StatusOK, webhook, secret.Text)
	})
}

// DeleteWebhook answers DELETE /projects/{project}/webhooks/{id}.
func (a *API) DeleteWebhook(
	w http.ResponseWriter,
	r *http.Request,
	project, id string,
	params openapi.DeleteWebhookParams,
) {
	a.respond(w, r, func() (answer, error) {
		guard, by, err := a.editing(r, params.IfMatch, params.ReasonParam)
		if err != nil {
			return none, err
		}
		if err := a.Edits.DeleteWebhook(r.Context(), project, id, guard, by); err != nil {
			return none, err
		}
		a.settleProject(r.Context(), project)
		return noContent(), nil
	})
}

// webhookChange applies a patch to a webhook.
func webhookChange(patch mergePatch) edit.Change[store.Webhook] {
	return func(webhook store.Webhook) (store.Webhook, error) {
		mapping, err := webhookMapping(webhook)
		if err != nil {
			return webhook, err
		}
		body, err := applyPatch(
			patch,
			openapi.WebhookPatch{Name: webhook.Name, Enabled: webhook.Enabled, Mapping: mapping},
		)
		if err != nil {
			return webhook, err
		}
		webhook.Enabled = body.Enabled
		return webhook, writeWebhook(&webhook, body.Name, body.Mapping)
	}
}

// writeWebhook gives the webhook the name and the mapping that a body says, if they are valid.
func writeWebhook(webhook *store.Webhook, name string, mapping openapi.WebhookMapping) (err error) {
	kind := openapi.WebhookKind(webhook.Kind)
	var f invalid.Fields
	f.Required("/name", name, maxName)
	f.OneOf("/kind", kind.Valid(), string(kind), "github, argocd, argo-rollouts, flagger, codedeploy or generic")
	for _, wrong := range hooks.CheckMapping(kind, mapping, "/mapping") {
		f = append(f, invalid.Field(wrong))
	}
	if err := f.Err(); err != nil {
		return err
	}
	webhook.Name = name
	webhook.Mapping, err = json.Marshal(mapping, wire)
	return err
}

// storedSecret is what a sender is verified with. If senders sign with the secret, the secret itself must be known.
// For any other kind its hash is enough.
func storedSecret(kind openapi.WebhookKind, secret auth.Secret) []byte {
	if hooks.Signs(kind) {
		return []byte(secret.Text)
	}
	return secret.Hash
}
