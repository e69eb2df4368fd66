package api

import (
	"context"
	"net/http"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// flagConfigReadOnly are the fields of a configuration that a PATCH may carry and that it ignores.
var flagConfigReadOnly = []string{
	"serving",
	"servingIfSwitched",
	"servingIfKilled",
	"fleetOpen",
	"killed",
	"fleetWarning",
	"flagdWarning",
	"targetingWarning",
	"version",
	"revision",
	"updatedAt",
	"updatedBy",
}

// GetFlagConfig answers GET /projects/{project}/flags/{flag}/environments/{environment}.
func (a *API) GetFlagConfig(w http.ResponseWriter, r *http.Request, project, flag, environment string) {
	a.respond(w, r, func() (answer, error) {
		c, err := a.Store.FlagConfig(r.Context(), flagRef(project, environment, flag))
		if err != nil {
			return none, err
		}
		document, err := a.flagConfigDocument(r.Context(), c)
		return tagged(http.StatusOK, c.Version, document), err
	})
}

// UpdateFlagConfig answers PATCH /projects/{project}/flags/{flag}/environments/{environment}.
func (a *API) UpdateFlagConfig(
	w http.ResponseWriter,
	r *http.Request,
	project, flag, environment string,
	params openapi.UpdateFlagConfigParams,
) {
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
		document, err := a.flagConfigDocument(r.Context(), c)
		return versioned(http.StatusOK, c.Version, document), err
	})
}

func (a *API) flagConfigDocument(ctx context.Context, c store.FlagConfig) (openapi.FlagConfig, error) {
	document := openapi.NewFlagConfigDocument(c.Config)
	latest, err := a.latestRelease(ctx, c.FlagRef)
	if err != nil {
		return document, err
	}
	describeServing(&document, servedBy(c, latest))
	document.FleetOpen, document.FleetWarning, document.Killed = c.FleetOpen, c.FleetWarning, c.Kill
	document.Version, document.Revision = c.Version, c.Revision
	document.UpdatedAt, document.UpdatedBy = c.UpdatedAt, c.UpdatedBy
	// This replica gives no warnings about a flag that it does not know yet.
	if snapshot, err := a.Snapshots.Snapshot(c.EnvironmentRef); err == nil {
		if snapshot, ok := withConfig(snapshot, c); ok {
			document.FlagdWarning, document.TargetingWarning = flagdWarning(
				snapshot,
				c.Flag,
			), targetingWarning(
				snapshot,
				c.Flag,
			)
		}
	}
	return document, nil
}

// describeServing says what is served, and what would be served if the flag was switched or killed.
func describeServing(document *openapi.FlagConfig, served release.Served) {
	document.Serving = release.Describe(served)
	switched, killed := served, served
	switched.Config.Enabled, switched.Release = !served.Config.Enabled, nil
	killed.Killed = !served.Killed
	document.ServingIfSwitched, document.ServingIfKilled = release.Describe(switched), release.Describe(killed)
}
