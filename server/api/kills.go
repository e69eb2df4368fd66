package api

import (
	"cmp"
	"context"
	"net/http"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/invalid"
	"github.com/tidegate-io/tidegate/store"
)

// KillFlag answers POST /projects/{project}/flags/{flag}/environments/{environment}/kill.
func (a *API) KillFlag(
	w http.ResponseWriter,
	r *http.Request,
	project, flag, environment string,
	params openapi.KillFlagParams,
) {
	a.kill(w, r, flagRef(project, environment, flag), params.ReasonParam, a.Releases.Kill)
}

// RestoreFlag answers POST /projects/{project}/flags/{flag}/environments/{environment}/restore.
func (a *API) RestoreFlag(
	w http.ResponseWriter,
	r *http.Request,
	project, flag, environment string,
	params openapi.RestoreFlagParams,
) {
	a.kill(w, r, flagRef(project, environment, flag), params.ReasonParam, a.Releases.Restore)
}

// kill kills or restores a flag, for the reason in the body or the header.
func (a *API) kill(
	w http.ResponseWriter, r *http.Request, ref store.FlagRef, reason string,
	do func(ctx context.Context, ref store.FlagRef, by store.Attribution) (store.FlagConfig, error),
) {
	a.respond(w, r, func() (answer, error) {
		body, err := decodeOptional[openapi.Reason](w, r, maxBody)
		if err == nil {
			reason, err = bodyReason(body.Reason, reason)
		}
		if err != nil {
			return none, err
		}
		by, err := a.by(r, reason)
		if err != nil {
			return none, err
		}
		config, err := do(r.Context(), ref, by)
		if err != nil {
			return none, err
		}
		a.settle(r.Context(), ref.EnvironmentRef)
		document, err := a.flagConfigDocument(r.Context(), config)
		return versioned(http.StatusOK, config.Version, document), err
	})
}

// bodyReason is the reason in the body, or else that in the header.
func bodyReason(body, header string) (string, error) {
	var f invalid.Fields
	f.Line("/reason", body, maxReason)
	if err := f.Err(); err != nil {
		return "", err
	}
	return cmp.Or(body, header), checkReason(header)
}
