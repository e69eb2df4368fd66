package hooks

import (
	"cmp"
	"fmt"
	"net/http"
	"time"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/body"
	"github.com/tidegate-io/tidegate/server/problem"
)

// argoCD reads what Argo CD's notifications send with the template in recipes/argocd.yaml.
type argoCD struct{}

// argoCDEvent is the body of that template. Fields of the Application keep their names.
type argoCDEvent struct {
	App         string `json:"app"`
	UID         string `json:"uid"`
	Project     string `json:"project"`
	Namespace   string `json:"namespace"`
	Service     string `json:"service"`
	Environment string `json:"environment"`
	Version     string `json:"version"`
	// Phase is that of the sync operation, and Health that of the application.
	Phase     string    `json:"phase"`
	Health    string    `json:"health"`
	Message   string    `json:"message"`
	Revision  string    `json:"revision"`
	Images    []string  `json:"images"`
	URL       string    `json:"url"`
	StartedAt time.Time `json:"startedAt"`
	// FinishedAt is zero while the operation runs.
	FinishedAt time.Time `json:"finishedAt"`
}

func (argoCD) signs() bool { return false }

func (argoCD) event(*http.Request) string { return "" }

func (argoCD) read(_ string, payload []byte, _ *names) (reading, error) {
	var event argoCDEvent
	if err := body.Lenient(payload, &event); err != nil {
		return reading{}, err
	}
	switch {
	case event.App == "":
		return reading{}, problem.Invalid(problem.Field("/app", "is required: the name of the Application, as in the published template"))
	case event.StartedAt.IsZero():
		return reading{}, problem.Invalid(problem.Field("/startedAt", "is required: when the sync operation started, as in the published template"))
	}
	status, note, err := event.status()
	if err != nil || note != "" {
		return reading{note: note}, err
	}
	return reading{reports: []report{event.report(status)}}, nil
}

// status joins the sync and the health: what is synced has succeeded when it is healthy. A note says why there is nothing
// to do: until then, the images and the revision of an Application may be those from before.
func (e *argoCDEvent) status() (status release.Status, note string, err error) {
	switch e.Phase {
	case "Error", "Failed":
		return release.StatusFailed, "", nil
	case "Running", "Terminating":
		return "", fmt.Sprintf("The phase %s is not used: the Application may still tell the version from before.", e.Phase), nil
	case "Succeeded":
	default:
		return "", "", problem.Invalid(problem.Field("/phase", "must be Running, Terminating, Succeeded, Failed or Error, not %q", e.Phase))
	}
	switch e.Health {
	case "Healthy":
		return release.StatusSucceeded, "", nil
	case "Degraded":
		return release.StatusFailed, "", nil
	}
	return "", fmt.Sprintf("The health %q is not used; only Healthy and Degraded are.", e.Health), nil
}

// version is what the Application says, else the tag of its image, else the revision. After a failed sync the images are
// those from before.
func (e *argoCDEvent) version() string {
	if e.Phase != "Succeeded" {
		return cmp.Or(e.Version, e.Revision)
	}
	return cmp.Or(e.Version, ImageVersion(e.Images, cmp.Or(e.Service, e.App)), e.Revision)
}

func (e *argoCDEvent) report(status release.Status) report {
	r := report{
		service:     name("/app", e.Project+"/"+e.App, e.App),
		environment: name("/namespace", e.Project+"/"+e.Namespace, e.Namespace),
		deployment: release.Deployment{
			Version:     e.version(),
			Status:      status,
			ExternalID:  cmp.Or(e.UID, e.App) + "/" + e.StartedAt.UTC().Format(time.RFC3339),
			Commit:      e.Revision,
			Description: e.Message,
			URL:         e.URL,
			StartedAt:   e.StartedAt,
		},
		at:     e.StartedAt,
		reason: fmt.Sprintf("The sync of %s is %s, and it is %s.", e.App, e.Phase, cmp.Or(e.Health, "of unknown health")),
	}
	if !e.FinishedAt.IsZero() {
		r.at = e.FinishedAt
	}
	if e.Service != "" {
		r.service = name("/service", e.Service)
	}
	if e.Environment != "" {
		r.environment = name("/environment", e.Environment)
	}
	return r
}
