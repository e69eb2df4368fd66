package api

import (
	"context"

	"github.com/tidegate-io/tidegate/store"
)

// checkedAt has the revision of each environment at which a write was checked; nil if it needs no check. A revision must
// be read before, or with, all that the check looks at: whatever changes later then fails the write with store.ErrMoved.
type checkedAt map[store.EnvironmentRef]int64

// revisions begins a check of a write that touches every environment of the project.
func (a *API) revisions(ctx context.Context, project string) (checkedAt, error) {
	environments, err := a.Store.ListEnvironments(ctx, project)
	if err != nil {
		return nil, err
	}
	checked := make(checkedAt, len(environments))
	for _, environment := range environments {
		checked[environment.EnvironmentRef] = environment.Revision
	}
	return checked, nil
}
