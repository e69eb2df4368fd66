// Package edit changes flags, their configurations, segments, environments, projects, release policies and webhooks
// for people, tools and the server itself. Every edit goes the same way: load → apply → check → write. A Change is
// applied to what is stored. The result is checked against everything that it may break. Then it is written, provided
// that the stored version is still the loaded one. The author of an edit is an Attribution; nothing here knows a
// request or its transport.
//
// A checked edit is a value, and only update writes it. So a set of edits can be checked without being applied.
package edit

import (
	"context"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// Store is the part of a store.Store that this package works with.
type Store interface {
	store.Projects
	store.Flags
	store.Segments
	store.ReleasePolicies

	ListReleases(ctx context.Context, ref store.EnvironmentRef) ([]store.Release, error)
	Definition(ctx context.Context, ref store.EnvironmentRef) (evaluator.Definition, error)

	CreateWebhook(ctx context.Context, w store.Webhook, by store.Attribution) (store.Webhook, error)
	Webhook(ctx context.Context, id string) (store.Webhook, error)
	UpdateWebhook(ctx context.Context, w store.Webhook, ifVersion int64, by store.Attribution) (store.Webhook, error)
	DeleteWebhook(ctx context.Context, id string, ifVersion int64, by store.Attribution) error
}

// Snapshots are what this process serves now. It may be a little older than what is stored.
type Snapshots interface {
	Snapshot(ref store.EnvironmentRef) (*evaluator.Snapshot, error)
}

// Service edits what a store holds. The time of an Attribution is the time at which it edits.
type Service struct {
	store  Store
	served Snapshots
}

// New returns a Service on s. With served, most edits of configurations need not read everything that is stored.
// Served is nil where nothing is served.
func New(s Store, served Snapshots) *Service { return &Service{store: s, served: served} }
