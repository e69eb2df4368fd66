package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// CheckGates answers GET /projects/{project}/environments/{environment}/gates.
func (a *API) CheckGates(
	w http.ResponseWriter,
	r *http.Request,
	project, environment string,
	params openapi.CheckGatesParams,
) {
	a.respond(w, r, func() (answer, error) {
		if err := checkGateParameters(params); err != nil {
			return none, err
		}
		flags, err := a.flagsAtGate(r.Context(), environmentRef(project, environment))
		if err != nil {
			return none, err
		}
		document := gatesDocument(
			params.Service,
			params.Version,
			release.CheckGate(params.Service, params.Version, flags),
		)
		if err := requireSafe(document, params.Require); err != nil {
			return none, err
		}
		return plain(http.StatusOK, document), nil
	})
}

// CheckGatesByWebhook answers POST /projects/{project}/environments/{environment}/gates.
func (a *API) CheckGatesByWebhook(
	w http.ResponseWriter, r *http.Request, project, environment string, params openapi.CheckGatesByWebhookParams,
) {
	a.CheckGates(w, r, project, environment, openapi.CheckGatesParams(params))
}

// maxGateParameter is the greatest length of a service and a version, in bytes.
const maxGateParameter = 256

// What the parameter require may ask for.
const (
	requireDeploy   = "deploy"
	requireRollback = "rollback"
)

func checkGateParameters(params openapi.CheckGatesParams) error {
	for _, parameter := range []struct{ name, value string }{{"service", params.Service}, {"version", params.Version}} {
		if parameter.value == "" || len(parameter.value) > maxGateParameter {
			return problem.BadRequest(
				fmt.Sprintf("The parameter %s must have 1 to %d bytes.", parameter.name, maxGateParameter),
			)
		}
	}
	switch params.Require {
	case "", requireDeploy, requireRollback:
		return nil
	default:
		return problem.BadRequest("The parameter require must be deploy or rollback.")
	}
}

// flagsAtGate gives the flags of an environment as they are served, with their releases.
func (a *API) flagsAtGate(ctx context.Context, ref store.EnvironmentRef) ([]release.FlagAtGate, error) {
	if _, err := a.Store.Environment(ctx, ref); err != nil {
		return nil, err
	}
	definition, err := a.Store.Definition(ctx, ref)
	if err != nil {
		return nil, err
	}
	releases, err := a.Store.ListReleases(ctx, ref)
	if err != nil {
		return nil, err
	}
	byFlag := make(map[string]*release.Release, len(releases))
	for i := range releases {
		byFlag[releases[i].Flag] = &releases[i].Release
	}
	flags := make([]release.FlagAtGate, len(definition.Flags))
	for i, flag := range definition.Flags {
		flags[i] = release.FlagAtGate{Flag: flag, Release: byFlag[flag.Key]}
	}
	return flags, nil
}

// requireSafe is for callers that look at the status alone.
func requireSafe(g openapi.Gates, require string) error {
	var what string
	switch {
	case require == requireDeploy && !g.SafeToDeploy:
		what = "deploy"
	case require == requireRollback && !g.SafeToRollBackTo:
		what = "roll back to"
	default:
		return nil
	}
	var reasons []string
	for _, flag := range g.Flags {
		for _, blocks := range flag.Blocks {
			if string(blocks) == require {
				reasons = append(reasons, flag.Flag+": "+flag.Reason)
			}
		}
	}
	return problem.Conflict("It is not safe to %s %s %s. %s", what, g.Service, g.Version, strings.Join(reasons, " "))
}

func gatesDocument(service, version string, check release.GateCheck) openapi.Gates {
	g := openapi.Gates{
		Service: service, Version: version, SafeToDeploy: check.SafeToDeploy, SafeToRollBackTo: check.SafeToRollBackTo,
		Flags: make([]openapi.GateFlag, len(check.InTheWay)),
	}
	for i, o := range check.InTheWay {
		flag := openapi.GateFlag{
			Flag: o.Flag, Needs: openapi.GateNeeds{Service: o.Needs.Service, Version: o.Needs.Version},
			Scope: openapi.GateFlagScope(o.Scope), Reason: o.Reason,
		}
		if o.Deploy {
			flag.Blocks = append(flag.Blocks, openapi.GateFlagBlocksDeploy)
		}
		if o.RollBack {
			flag.Blocks = append(flag.Blocks, openapi.GateFlagBlocksRollback)
		}
		for _, by := range o.OpenBy {
			flag.OpenBy = append(flag.OpenBy, openapi.GateFlagOpenBy(by))
		}
		g.Flags[i] = flag
	}
	return g
}
