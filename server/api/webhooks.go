package api

import (
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/hooks"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// ListWebhooks answers GET /projects/{project}/webhooks.
func (a *API) ListWebhooks(w http.ResponseWriter, r *http.Request, project string) {
	if _, err := a.Store.Project(r.Context(), project); err != nil {
		problem.Write(w, r, err)
		return
	}
	webhooks, err := a.Store.ListWebhooks(r.Context(), project)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	items := make([]openapi.Webhook, len(webhooks))
	for i, webhook := range webhooks {
		if items[i], err = a.webhookDocument(webhook); err != nil {
			problem.Write(w, r, err)
			return
		}
	}
	respond(w, r, http.StatusOK, list[openapi.Webhook]{Items: items})
}

// GetWebhook answers GET /projects/{project}/webhooks/{id}.
func (a *API) GetWebhook(w http.ResponseWriter, r *http.Request, project, id string) {
	webhook, err := a.webhook(r, project, id)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	a.respondWebhook(w, r, http.StatusOK, webhook, "")
}

// CreateWebhook answers POST /projects/{project}/webhooks.
func (a *API) CreateWebhook(w http.ResponseWriter, r *http.Request, project string, params openapi.CreateWebhookParams) {
	body, err := decode[openapi.WebhookCreate](w, r, maxBody)
	if err == nil {
		err = checkWebhook(body.Kind, body.Name, body.Mapping, params.ReasonParam)
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	mapping, err := json.Marshal(body.Mapping, wire)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	secret := auth.NewSecret(auth.PrefixWebhook)
	webhook, err := a.Store.CreateWebhook(r.Context(), store.Webhook{
		Project: project, ID: uuid.NewString(), Name: body.Name, Kind: string(body.Kind), Mapping: mapping,
		Enabled: body.Enabled == nil || *body.Enabled, Secret: storedSecret(body.Kind, secret),
	}, a.by(r, params.ReasonParam))
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	a.settleProject(r.Context(), project)
	a.respondWebhook(w, r, http.StatusCreated, webhook, secret.Text)
}

// UpdateWebhook answers PATCH /projects/{project}/webhooks/{id}.
func (a *API) UpdateWebhook(w http.ResponseWriter, r *http.Request, project, id string, params openapi.UpdateWebhookParams) {
	patch, err := decodePatch(w, r, maxBody, "id", "kind", "url", "setup", "version", "createdAt", "updatedAt")
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	webhook, err := a.editWebhook(r, project, id, params.IfMatch, params.ReasonParam, func(webhook *store.Webhook) error {
		return patchWebhook(webhook, patch, params.ReasonParam)
	})
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	a.settleProject(r.Context(), project)
	a.respondWebhook(w, r, http.StatusOK, webhook, "")
}

// RotateWebhookSecret answers POST /projects/{project}/webhooks/{id}/secret.
func (a *API) RotateWebhookSecret(w http.ResponseWriter, r *http.Request, project, id string, params openapi.RotateWebhookSecretParams) {
	secret := auth.NewSecret(auth.PrefixWebhook)
	webhook, err := a.editWebhook(r, project, id, "", params.ReasonParam, func(webhook *store.Webhook) error {
		webhook.Secret = storedSecret(openapi.WebhookKind(webhook.Kind), secret)
		return checkReason(params.ReasonParam)
	})
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	a.settleProject(r.Context(), project)
	a.respondWebhook(w, r, http.StatusOK, webhook, secret.Text)
}

// DeleteWebhook answers DELETE /projects/{project}/webhooks/{id}.
func (a *API) DeleteWebhook(w http.ResponseWriter, r *http.Request, project, id string, params openapi.DeleteWebhookParams) {
	guard, err := parsePrecondition(params.IfMatch)
	if err == nil {
		err = checkReason(params.ReasonParam)
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	_, err = write(r.Context(), guard, func() (store.Webhook, error) {
		webhook, err := a.webhook(r, project, id)
		if err == nil {
			err = guard.check("webhook "+id, webhook.Version)
		}
		if err != nil {
			return webhook, err
		}
		return webhook, a.Store.DeleteWebhook(r.Context(), id, webhook.Version, a.by(r, params.ReasonParam))
	})
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	a.settleProject(r.Context(), project)
	w.WriteHeader(http.StatusNoContent)
}

// editWebhook loads, edits and stores a webhook under its version.
func (a *API) editWebhook(
	r *http.Request, project, id, ifMatch, reason string, edit func(*store.Webhook) error,
) (store.Webhook, error) {
	guard, err := parsePrecondition(ifMatch)
	if err != nil {
		return store.Webhook{}, err
	}
	return write(r.Context(), guard, func() (store.Webhook, error) {
		webhook, err := a.webhook(r, project, id)
		if err == nil {
			err = guard.check("webhook "+id, webhook.Version)
		}
		if err == nil {
			err = edit(&webhook)
		}
		if err != nil {
			return store.Webhook{}, err
		}
		return a.Store.UpdateWebhook(r.Context(), webhook, webhook.Version, a.by(r, reason))
	})
}

func patchWebhook(webhook *store.Webhook, patch mergePatch, reason string) error {
	mapping, err := webhookMapping(*webhook)
	if err != nil {
		return err
	}
	body, err := applyPatch(patch, openapi.WebhookPatch{Name: webhook.Name, Enabled: webhook.Enabled, Mapping: mapping})
	if err == nil {
		err = checkWebhook(openapi.WebhookKind(webhook.Kind), body.Name, body.Mapping, reason)
	}
	if err != nil {
		return err
	}
	webhook.Name, webhook.Enabled = body.Name, body.Enabled
	webhook.Mapping, err = json.Marshal(body.Mapping, wire)
	return err
}

func checkWebhook(kind openapi.WebhookKind, name string, mapping openapi.WebhookMapping, reason string) error {
	var f fields
	f.required("/name", name, maxName)
	f.oneOf("/kind", kind.Valid(), string(kind), "github, argocd, argo-rollouts, flagger, codedeploy or generic")
	f = append(f, hooks.CheckMapping(kind, mapping, "/mapping")...)
	if err := f.err(); err != nil {
		return err
	}
	return checkReason(reason)
}

// storedSecret is what a sender is verified with: a secret that senders sign with must be known, of any other the hash is
// enough.
func storedSecret(kind openapi.WebhookKind, secret auth.Secret) []byte {
	if hooks.Signs(kind) {
		return []byte(secret.Text)
	}
	return secret.Hash
}

// webhook finds a webhook of the project.
func (a *API) webhook(r *http.Request, project, id string) (store.Webhook, error) {
	webhook, err := a.Store.Webhook(r.Context(), id)
	if err == nil && webhook.Project != project {
		return store.Webhook{}, problem.NotFound("There is no webhook %q in project %s.", id, project)
	}
	return webhook, err
}
