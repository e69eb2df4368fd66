package api

import (
	"net/http"

	"github.com/google/uuid"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/hooks"
	"github.com/tidegate-io/tidegate/server/invalid"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// maxURL is the greatest length of a deployment's URL and description.
const maxURL = 2000

// strategies lists all strategies, as messages name them.
const strategies = "rolling, blueGreen, canary, shadow or recreate"

// maxTrafficWeight is all of the traffic.
const maxTrafficWeight = 100_000

// ListDeployments answers GET /projects/{project}/environments/{environment}/deployments.
func (a *API) ListDeployments(
	w http.ResponseWriter,
	r *http.Request,
	project, environment string,
	params openapi.ListDeploymentsParams,
) {
	a.respond(w, r, func() (answer, error) {
		ref := environmentRef(project, environment)
		read := func(p page) ([]store.Deployment, error) {
			if params.Strategy != "" && !params.Strategy.Valid() {
				return nil, problem.BadRequest("The parameter strategy must be " + strategies + ".")
			}
			if _, err := a.Store.Environment(r.Context(), ref); err != nil {
				return nil, err
			}
			return a.Store.ListDeployments(r.Context(), ref, store.DeploymentFilter{
				Service: params.Service, Strategy: release.Strategy(params.Strategy), Before: p.after, Limit: p.more(),
			})
		}
		return paged(r, params.Cursor, params.Limit, read,
			func(d store.Deployment) string { return d.ID },
			func(d store.Deployment) openapi.Deployment { return d.Deployment })
	})
}

// ReportDeployment answers POST /projects/{project}/environments/{environment}/deployments.
func (a *API) ReportDeployment(
	w http.ResponseWriter,
	r *http.Request,
	project, environment string,
	params openapi.ReportDeploymentParams,
) {
	a.respond(w, r, func() (answer, error) {
		body, err := decode[openapi.DeploymentReport](w, r, maxBody)
		if err == nil {
			err = checkReport(body)
		}
		if err != nil {
			return none, err
		}
		by, err := a.by(r, params.ReasonParam)
		if err != nil {
			return none, err
		}
		ref := environmentRef(project, environment)
		if _, err := a.Store.Environment(r.Context(), ref); err != nil {
			return none, err
		}
		report := store.Deployment{EnvironmentRef: ref, Deployment: reportedDeployment(body)}
		stored, changed, err := a.Releases.Deploy(r.Context(), report, by)
		if err != nil {
			return none, err
		}
		if changed {
			a.settle(r.Context(), ref)
		}
		status := http.StatusOK
		if stored.ID == report.ID {
			status = http.StatusCreated
		}
		return plain(status, stored.Deployment), nil
	})
}

// DryRunDeployment answers POST /projects/{project}/environments/{environment}/deployments/dry-run.
func (a *API) DryRunDeployment(w http.ResponseWriter, r *http.Request, project, environment string) {
	a.respond(w, r, func() (answer, error) {
		body, err := decode[openapi.DeploymentReport](w, r, maxBody)
		if err == nil {
			err = checkReport(body)
		}
		if err != nil {
			return none, err
		}
		ref := environmentRef(project, environment)
		if _, err := a.Store.Environment(r.Context(), ref); err != nil {
			return none, err
		}
		preview, err := a.Releases.Preview(
			r.Context(),
			store.Deployment{EnvironmentRef: ref, Deployment: reportedDeployment(body)},
			a.Now(),
		)
		if err != nil {
			return none, err
		}
		return plain(http.StatusOK, openapi.DeploymentPreview{
			Deployment: preview.Deployment.Deployment,
			Known:      preview.Known,
			Changed:    preview.Changed,
			Releases:   hooks.Moves(preview.Moves),
		}), nil
	})
}

// reportedDeployment is what one report tells. Releases.Deploy fills in what it leaves out.
func reportedDeployment(body openapi.DeploymentReport) release.Deployment {
	d := release.Deployment{
		ID:            uuid.NewString(),
		Service:       body.Service,
		Version:       body.Version,
		Status:        release.Status(body.Status),
		Source:        body.Source,
		ExternalID:    body.ExternalID,
		Commit:        body.Commit,
		Strategy:      release.Strategy(body.Strategy),
		TrafficWeight: body.TrafficWeight,
		Description:   body.Description,
		URL:           body.URL,
		UpdatedAt:     body.At,
	}
	if d.Status == release.StatusStarted {
		d.StartedAt = body.At
	}
	return d
}

func checkReport(body openapi.DeploymentReport) error {
	var f invalid.Fields
	f.Required("/service", body.Service, maxName)
	f.Required("/version", body.Version, maxName)
	f.OneOf(
		"/status",
		body.Status.Valid(),
		string(body.Status),
		"started, succeeded, failed, rolledBack, refused or abandoned",
	)
	f.OneOf("/strategy", body.Strategy == "" || body.Strategy.Valid(), string(body.Strategy), strategies)
	if body.TrafficWeight < 0 || body.TrafficWeight > maxTrafficWeight {
		f.Add("/trafficWeight", "must be 0 to %d (100 %%), not %d", maxTrafficWeight, body.TrafficWeight)
	}
	f.Line("/source", body.Source, maxName)
	f.Line("/externalId", body.ExternalID, maxName)
	f.Line("/commit", body.Commit, maxName)
	f.AtMost("/description", body.Description, maxURL)
	f.Line("/url", body.URL, maxURL)
	return f.Err()
}
