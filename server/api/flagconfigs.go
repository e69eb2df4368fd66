package api

import (
	"bytes"
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/body"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// flagConfigReadOnly are the fields of a configuration that a PATCH may carry and that it ignores.
var flagConfigReadOnly = []string{"fleetOpen", "killed", "fleetWarning", "flagdWarning", "targetingWarning", "version", "revision", "updatedAt", "updatedBy"}

// GetFlagConfig answers GET /projects/{project}/flags/{flag}/environments/{environment}.
func (a *API) GetFlagConfig(w http.ResponseWriter, r *http.Request, project, flag, environment string) {
	c, err := a.Store.FlagConfig(r.Context(), flagRef(project, environment, flag))
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	w.Header().Set("ETag", etag(c.Version))
	respond(w, r, http.StatusOK, a.flagConfigDocument(c))
}

// UpdateFlagConfig answers PATCH /projects/{project}/flags/{flag}/environments/{environment}.
func (a *API) UpdateFlagConfig(w http.ResponseWriter, r *http.Request, project, flag, environment string, params openapi.UpdateFlagConfigParams) {
	patch, err := decodePatch(w, r, maxBody, flagConfigReadOnly...)
	if err == nil {
		patch, err = completeConfigPatch(patch)
	}
	if err == nil {
		err = checkReason(params.ReasonParam)
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	ref := flagRef(project, environment, flag)
	c, err := a.updateFlagConfig(r, ref, patch, params)
	if err != nil {
		a.writeRefused(w, r, err, func(w http.ResponseWriter, r *http.Request) { a.GetFlagConfig(w, r, project, flag, environment) })
		return
	}
	a.settle(r.Context(), ref.EnvironmentRef)
	respondVersioned(w, r, http.StatusOK, c.Version, a.flagConfigDocument(c))
}

func (a *API) updateFlagConfig(r *http.Request, ref store.FlagRef, patch mergePatch, params openapi.UpdateFlagConfigParams) (store.FlagConfig, error) {
	guard, err := parsePrecondition(params.IfMatch)
	if err != nil {
		return store.FlagConfig{}, err
	}
	return write(r.Context(), guard, func() (store.FlagConfig, error) {
		c, err := a.Store.FlagConfig(r.Context(), ref)
		if err != nil {
			return c, err
		}
		if err := guard.check("the configuration of flag "+ref.Flag+" in "+ref.Environment, c.Version); err != nil {
			return c, err
		}
		config, err := applyConfigPatch(patch, c.Config)
		if err != nil {
			return c, err
		}
		checked, err := a.checkConfig(r, c, config)
		if err != nil {
			return c, err
		}
		same, err := sameConfig(config, c.Config)
		if err != nil || same {
			return c, err
		}
		return a.Store.UpdateFlagConfig(r.Context(), ref, config, c.Version, a.byChecked(r, params.ReasonParam, checked))
	})
}

// sameConfig reports whether two configurations say the same. The values of clauses and expressions are JSON, which a store
// may hand back in another form than it was given: with other spaces, escapes and order of names.
func sameConfig(a, b evaluator.FlagConfig) (bool, error) {
	var forms [2]jsontext.Value
	for i, config := range []evaluator.FlagConfig{a, b} {
		encoded, err := json.Marshal(config, wire)
		if err != nil {
			return false, err
		}
		forms[i] = encoded
		if err := forms[i].Format(jsontext.ReorderRawObjects(true), jsontext.PreserveRawStrings(false)); err != nil {
			return false, err
		}
	}
	return bytes.Equal(forms[0], forms[1]), nil
}

// checkConfig checks what a configuration shall become against the flags and segments of its environment.
//
// Where it refers to nothing new, what it refers to is there for as long as the stored configuration refers to it: no
// write may take that away, and the version guards that the configuration is still that one. So a configuration that is
// valid by what this replica serves, which may be a little older, is valid: the reading of everything that is stored, and
// the revision, are for the others.
func (a *API) checkConfig(r *http.Request, before store.FlagConfig, config evaluator.FlagConfig) (checkedAt, error) {
	if store.ConfigReferences(config).Within(store.ConfigReferences(before.Config)) {
		if snapshot, err := a.Snapshots.Snapshot(before.EnvironmentRef); err == nil {
			err = a.validateConfig(r, before.FlagRef, snapshot.Definition(), config)
			if err == nil {
				return nil, nil
			}
		}
	}
	// The definition comes first, so that the flag is not older than its revision.
	definition, err := a.Store.Definition(r.Context(), before.EnvironmentRef)
	if err != nil {
		return nil, err
	}
	return checkedAt{before.EnvironmentRef: definition.Revision}, a.validateConfig(r, before.FlagRef, definition, config)
}

func (a *API) validateConfig(r *http.Request, ref store.FlagRef, definition evaluator.Definition, config evaluator.FlagConfig) error {
	f, err := a.editableFlag(r, ref.Project, ref.Flag)
	if err != nil {
		return err
	}
	return evaluator.ValidateConfig(definition, evaluator.Flag{Key: f.Key, Type: f.Type, Variations: f.Variations, Config: config})
}

// completeConfigPatch lets a patch of the fallthrough name only what shall be served: a variation takes the place of a
// rollout and the other way round. By RFC 7396 alone both would stand side by side, which is never valid. And it refuses to
// take enabled away, which would turn the flag off without saying so.
func completeConfigPatch(patch mergePatch) (mergePatch, error) {
	var document map[string]jsontext.Value
	if err := body.Strict(patch, &document); err != nil {
		return nil, err
	}
	if document["enabled"].Kind() == 'n' {
		return nil, problem.Invalid(problem.Field("/enabled", "must be true or false, not null"))
	}
	if document["fallthrough"].Kind() != '{' {
		return patch, nil
	}
	var serve map[string]jsontext.Value
	if err := body.Strict(document["fallthrough"], &serve); err != nil {
		return nil, err
	}
	_, variation := serve["variation"]
	_, rollout := serve["rollout"]
	switch {
	case variation && !rollout:
		serve["rollout"] = jsontext.Value("null")
	case rollout && !variation:
		serve["variation"] = jsontext.Value("null")
	}
	encoded, err := json.Marshal(serve)
	if err != nil {
		return nil, err
	}
	document["fallthrough"] = encoded
	return json.Marshal(document)
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
