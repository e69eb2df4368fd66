package api

import (
	"net/http"

	"github.com/google/uuid"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/hooks"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// maxURL is the greatest length of a deployment's URL and description.
const maxURL = 2000

// strategies are all, as messages name them.
const strategies = "rolling, blueGreen, canary, shadow or recreate"

// maxTrafficWeight is all of the traffic.
const maxTrafficWeight = 100_000

// ListDeployments answers GET /projects/{project}/environments/{environment}/deployments.
func (a *API) ListDeployments(w http.ResponseWriter, r *http.Request, project, environment string, params openapi.ListDeploymentsParams) {
	page, err := parsePage(r, params.Cursor, params.Limit)
	if err == nil && params.Strategy != "" && !params.Strategy.Valid() {
		err = problem.BadRequest("The parameter strategy must be " + strategies + ".")
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	ref := environmentRef(project, environment)
	if _, err := a.Store.Environment(r.Context(), ref); err != nil {
		problem.Write(w, r, err)
		return
	}
	deployments, err := a.Store.ListDeployments(r.Context(), ref, store.DeploymentFilter{
		Service: params.Service, Strategy: release.Strategy(params.Strategy), Before: page.after, Limit: page.limit + 1,
	})
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	found := cut(deployments, page.limit, func(d store.Deployment) string { return d.ID })
	items := make([]openapi.Deployment, len(found.Items))
	for i, d := range found.Items {
		items[i] = d.Deployment
	}
	respond(w, r, http.StatusOK, list[openapi.Deployment]{Items: items, Next: found.Next})
}

// ReportDeployment answers POST /projects/{project}/environments/{environment}/deployments.
func (a *API) ReportDeployment(w http.ResponseWriter, r *http.Request, project, environment string, params openapi.ReportDeploymentParams) {
	body, err := decode[openapi.DeploymentReport](w, r, maxBody)
	if err == nil {
		err = checkReport(body, params.ReasonParam)
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	ref := environmentRef(project, environment)
	if _, err := a.Store.Environment(r.Context(), ref); err != nil {
		problem.Write(w, r, err)
		return
	}
	report := store.Deployment{EnvironmentRef: ref, Deployment: reportedDeployment(body)}
	stored, changed, err := a.Releases.Deploy(r.Context(), report, a.by(r, params.ReasonParam))
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	if changed {
		a.settle(r.Context(), ref)
	}
	status := http.StatusOK
	if stored.ID == report.ID {
		status = http.StatusCreated
	}
	respond(w, r, status, stored.Deployment)
}

// DryRunDeployment answers POST /projects/{project}/environments/{environment}/deployments/dry-run.
func (a *API) DryRunDeployment(w http.ResponseWriter, r *http.Request, project, environment string) {
	body, err := decode[openapi.DeploymentReport](w, r, maxBody)
	if err == nil {
		err = checkReport(body, "")
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	ref := environmentRef(project, environment)
	if _, err := a.Store.Environment(r.Context(), ref); err != nil {
		problem.Write(w, r, err)
		return
	}
	preview, err := a.Releases.Preview(r.Context(), store.Deployment{EnvironmentRef: ref, Deployment: reportedDeployment(body)}, a.Now())
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	respond(w, r, http.StatusOK, openapi.DeploymentPreview{
		Deployment: preview.Deployment.Deployment, Known: preview.Known, Changed: preview.Changed, Releases: hooks.Moves(preview.Moves),
	})
}

// reportedDeployment is what one report tells. Releases.Deploy fills in what it leaves out.
func reportedDeployment(body openapi.DeploymentReport) release.Deployment {
	d := release.Deployment{
		ID: uuid.NewString(), Service: body.Service, Version: body.Version, Status: release.Status(body.Status),
		Source: body.Source, ExternalID: body.ExternalID, Commit: body.Commit, Strategy: release.Strategy(body.Strategy),
		TrafficWeight: body.TrafficWeight, Description: body.Description, URL: body.URL, UpdatedAt: body.At,
	}
	if d.Status == release.StatusStarted {
		d.StartedAt = body.At
	}
	return d
}

func checkReport(body openapi.DeploymentReport, reason string) error {
	var f fields
	f.required("/service", body.Service, maxName)
	f.required("/version", body.Version, maxName)
	f.oneOf("/status", body.Status.Valid(), string(body.Status), "started, succeeded, failed or rolledBack")
	f.oneOf("/strategy", body.Strategy == "" || body.Strategy.Valid(), string(body.Strategy), strategies)
	if body.TrafficWeight < 0 || body.TrafficWeight > maxTrafficWeight {
		f.add("/trafficWeight", "must be 0 to %d (100 %%), not %d", maxTrafficWeight, body.TrafficWeight)
	}
	f.line("/source", body.Source, maxName)
	f.line("/externalId", body.ExternalID, maxName)
	f.line("/commit", body.Commit, maxName)
	f.atMost("/description", body.Description, maxURL)
	f.line("/url", body.URL, maxURL)
	if err := f.err(); err != nil {
		return err
	}
	return checkReason(reason)
}
