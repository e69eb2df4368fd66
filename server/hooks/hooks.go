// Package hooks takes in what deploy tools report with their own webhooks. Every event is verified before it is read.
// Events may come late, repeatedly or out of order.
//
// A tool translates the events of one kind into reports. Everything else is the same for all kinds: verifying the
// sender, mapping its names to services and environments, storing each event with its outcome, replaying it, and
// telling what an event would do.
package hooks

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/tidegate-io/tidegate/server/control"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// Deployer takes in deployments.
type Deployer interface {
	Deploy(
		ctx context.Context,
		d store.Deployment,
		by store.Attribution,
	) (stored store.Deployment, changed bool, err error)
	// Preview tells what Deploy would do.
	Preview(ctx context.Context, d store.Deployment, now time.Time) (control.Preview, error)
}

// Store is the part of a store.Store that this package works with.
type Store interface {
	Webhook(ctx context.Context, id string) (store.Webhook, error)
	PutAnswer(ctx context.Context, r store.Request, answer []byte, at time.Time) error
	AddDelivery(ctx context.Context, d store.Delivery, keep int) error
	Delivery(ctx context.Context, webhook, id string) (store.Delivery, error)
	Environment(ctx context.Context, ref store.EnvironmentRef) (store.Environment, error)
	ListDeployments(
		ctx context.Context,
		ref store.EnvironmentRef,
		filter store.DeploymentFilter,
	) ([]store.Deployment, error)
	ListReleases(ctx context.Context, ref store.EnvironmentRef) ([]store.Release, error)
}

// Options are what the hooks work with. All of them are needed.
type Options struct {
	Deployer Deployer
	Store    Store
	Now      func() time.Time
	Log      *slog.Logger
	GitHub   GitHub
}

// Receiver takes in the events of webhooks.
type Receiver struct{ Options }

// New returns a Receiver.
func New(o Options) *Receiver { return &Receiver{o} }

// Routes returns the routes, which are relative to /hooks.
func (h *Receiver) Routes() http.Handler {
	router := chi.NewRouter()
	router.NotFound(func(w http.ResponseWriter, r *http.Request) {
		problem.Write(
			w,
			r,
			problem.NotFound(
				"There is no hook at %s; a webhook is at /hooks/{kind}/{id}, as its page tells.",
				r.URL.Path,
			),
		)
	})
	router.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", http.MethodPost)
		problem.Write(w, r, &problem.Error{
			Status: http.StatusMethodNotAllowed, Slug: "method-not-allowed", Detail: "Webhooks are sent by POST.",
		})
	})
	router.Post("/github", h.github)
	router.Post("/{kind}/{id}", h.receive)
	router.Post("/{kind}/{id}/{hook}", h.receive)
	return router
}

// respond tells the sender. GitHub and others show it beside the delivery.
func respond(w http.ResponseWriter, status int, document any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// An error now means that the sender has gone away; what it sent is taken in.
	_ = json.NewEncoder(w).Encode(document)
}
