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

// argoCD reads what Argo CD's notifications send with the template in recipes/argocd.txt.
//
// The parts of an Application are from different times. When a sync operation has succeeded, health, images and
// revision are still those from before it. They stay so until the Application is compared anew: only then is it
// Synced.
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
	// Phase is that of the sync operation, Sync tells whether the Application is in sync, and Health how it is.
	Phase    string `json:"phase"`
	Sync     string `json:"sync"`
	Health   string `json:"health"`
	Message  string `json:"message"`
	Revision string `json:"revision"`
	// Images are the images that run. While one version replaces another, they are the images of both. SyncedImages
	// are the images of what the operation has applied; only some versions of Argo CD tell them.
	Images       []string `json:"images"`
	SyncedImages []string `json:"syncedImages"`
	// Applied tells whether the operation has applied anything but hooks; nil where the event does not say.
	Applied   *bool     `json:"applied"`
	URL       string    `json:"url"`
	StartedAt time.Time `json:"startedAt"`
	// FinishedAt is zero while the operation runs. ReconciledAt is when the Application was compared last.
	FinishedAt   time.Time `json:"finishedAt"`
	ReconciledAt time.Time `json:"reconciledAt"`
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
		return reading{}, problem.Invalid(
			problem.Field("/app", "is required: the name of the Application, as in the published template"),
		)
	case event.StartedAt.IsZero():
		return reading{}, problem.Invalid(
			problem.Field("/startedAt", "is required: when the sync operation started, as in the published template"),
		)
	}
	status, note, err := event.status()
	if err != nil || note != "" {
		return reading{note: note}, err
	}
	return reading{reports: []report{event.report(status)}}, nil
}

// status combines the operation, the comparison after it and the health. A note says why there is nothing to do.
func (e *argoCDEvent) status() (status release.Status, note string, err error) {
	switch e.Phase {
	case "Error", "Failed":
		if e.Applied != nil && !*e.Applied {
			return release.StatusRefused, "", nil
		}
		return release.StatusFailed, "", nil
	case "Running", "Terminating":
		return "", fmt.Sprintf(
			"The phase %s is not used: the Application may still tell the version from before.",
			e.Phase,
		), nil
	case "Succeeded":
	default:
		return "", "", problem.Invalid(
			problem.Field("/phase", "must be Running, Terminating, Succeeded, Failed or Error, not %q", e.Phase),
		)
	}
	switch {
	case e.Sync == "":
		return "", "The event does not say whether the Application is in sync, so it may tell the version from before. Give Argo CD the template and the triggers that the webhook's page shows now.", nil
	case e.Sync != "Synced":
		return "", fmt.Sprintf("The Application is %s: it still tells the version from before.", e.Sync), nil
	case !e.ReconciledAt.IsZero() && e.ReconciledAt.Before(e.FinishedAt):
		return "", "The Application was not compared yet since it was synced: it still tells the version from before.", nil
	}
	switch e.Health {
	case "Healthy":
		return release.StatusSucceeded, "", nil
	case "Degraded":
		return release.StatusFailed, "", nil
	}
	return "", fmt.Sprintf("The health %q is not used; only Healthy and Degraded are.", e.Health), nil
}

// versions is what the Application says, else the tag of its image, else the revision. If there are several, the
// version is one of them. After a failed sync the images are those from before.
func (e *argoCDEvent) versions() []string {
	if e.Version != "" {
		return []string{e.Version}
	}
	if e.Phase == "Succeeded" {
		for _, images := range [][]string{e.SyncedImages, e.Images} {
			if tags := imageTags(images, cmp.Or(e.Service, e.App)); len(tags) > 0 {
				return tags
			}
		}
	}
	return []string{e.Revision}
}

func (e *argoCDEvent) report(status release.Status) report {
	versions := e.versions()
	r := report{
		service:     name("/app", e.Project+"/"+e.App, e.App),
		environment: name("/namespace", e.Project+"/"+e.Namespace, e.Namespace),
		deployment: release.Deployment{
			Status:      status,
			ExternalID:  cmp.Or(e.UID, e.App) + "/" + e.StartedAt.UTC().Format(time.RFC3339),
			Commit:      e.Revision,
			Description: e.Message,
			URL:         e.URL,
			StartedAt:   e.StartedAt,
		},
		at: e.StartedAt,
		reason: fmt.Sprintf(
			"The sync of %s is %s, and it is %s.",
			e.App,
			e.Phase,
			cmp.Or(e.Health, "of unknown health"),
		),
		identity: ofContent,
	}
	if len(versions) == 1 {
		r.deployment.Version = versions[0]
	} else {
		r.oneOf = versions
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
