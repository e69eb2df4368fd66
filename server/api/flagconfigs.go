package api

import (
	"net/http"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/store"
)

// flagConfigReadOnly are the fields of a configuration that a PATCH may carry and that it ignores.
var flagConfigReadOnly = []string{"fleetOpen", "killed", "fleetWarning", "flagdWarning", "targetingWarning", "version", "revision", "updatedAt", "updatedBy"}

// GetFlagConfig answers GET /projects/{project}/flags/{flag}/environments/{environment}.
func (a *API) GetFlagConfig(w http.ResponseWriter, r *http.Request, project, flag, environment string) {
	a.respond(w, r, func() (answer, error) {
		c, err := a.Store.FlagConfig(r.Context(), flagRef(project, environment, flag))
		if err != nil {
			return none, err
		}
		return tagged(http.StatusOK, c.Version, a.flagConfigDocument(c)), nil
	})
}

// UpdateFlagConfig answers PATCH /projects/{project}/flags/{flag}/environments/{environment}.
func (a *API) UpdateFlagConfig(w http.ResponseWriter, r *http.Request, project, flag, environment string, params openapi.UpdateFlagConfigParams) {
	a.respond(w, r, func() (answer, error) {
		change, err := decodeConfigPatch(w, r)
		if err != nil {
			return none, err
		}
		guard, by, err := a.editing(r, params.IfMatch, params.ReasonParam)
		if err != nil {
			return none, err
		}
		ref := flagRef(project, environment, flag)
		c, err := a.Edits.UpdateFlagConfig(r.Context(), ref, change, guard, by)
		if err != nil {
			return none, err
		}
		a.settle(r.Context(), ref.EnvironmentRef)
		return versioned(http.StatusOK, c.Version, a.flagConfigDocument(c)), nil
	})
}

func (a *API) flagConfigDocument(c store.FlagConfig) openapi.FlagConfig {
	document := openapi.NewFlagConfigDocument(c.Config)
	document.FleetOpen, document.FleetWarning, document.Killed = c.FleetOpen, c.FleetWarning, c.Kill
	document.Version, document.Revision = c.Version, c.Revision
	document.UpdatedAt, document.UpdatedBy = c.UpdatedAt, c.UpdatedBy
	// What this replica cannot tell yet it does not remark on.
	if snapshot, err := a.Snapshots.Snapshot(c.EnvironmentRef); err == nil {
		if snapshot, ok := withConfig(snapshot, c); ok {
			document.FlagdWarning, document.TargetingWarning = flagdWarning(snapshot, c.Flag), targetingWarning(snapshot, c.Flag)
		}
	}
	return document
}
