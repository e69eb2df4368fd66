package hooks

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/body"
	"github.com/tidegate-io/tidegate/server/problem"
)

// deploymentStatus is the event of GitHub that is used.
const deploymentStatus = "deployment_status"

// github reads GitHub's webhooks, https://docs.github.com/webhooks/webhook-events-and-payloads#deployment_status.
type github struct{}

// githubEvent is what is read of a deployment_status event.
type githubEvent struct {
	Status struct {
		State          string    `json:"state"`
		Environment    string    `json:"environment"`
		Description    string    `json:"description"`
		EnvironmentURL string    `json:"environment_url"`
		LogURL         string    `json:"log_url"`
		TargetURL      string    `json:"target_url"`
		CreatedAt      time.Time `json:"created_at"`
	} `json:"deployment_status"`
	Deployment struct {
		ID          int64          `json:"id"`
		SHA         string         `json:"sha"`
		Ref         string         `json:"ref"`
		Environment string         `json:"environment"`
		Description string         `json:"description"`
		Payload     jsontext.Value `json:"payload"`
		CreatedAt   time.Time      `json:"created_at"`
	} `json:"deployment"`
	Repository struct {
		Name     string `json:"name"`
		FullName string `json:"full_name"`
	} `json:"repository"`
}

// githubPayload is what a workflow may say about its deployment when it creates it.
type githubPayload struct{ service, version string }

func (github) signs() bool { return true }

func (github) event(r *http.Request) string { return r.Header.Get("X-GitHub-Event") }

func (github) read(name string, payload []byte, _ *names) (reading, error) {
	if name != deploymentStatus && name != "" {
		return reading{note: fmt.Sprintf("The event %q is not used; only deployment_status is.", name)}, nil
	}
	var event githubEvent
	if err := body.Lenient(payload, &event); err != nil {
		return reading{}, err
	}
	status, note, err := githubStatus(event.Status.State)
	if err != nil || note != "" {
		return reading{note: note}, err
	}
	r, err := event.report(status)
	return reading{reports: []report{r}}, err
}

// githubStatus translates a state. A note says why there is nothing to do.
func githubStatus(state string) (status release.Status, note string, err error) {
	switch state {
	case "pending", "queued", "in_progress":
		return release.StatusStarted, "", nil
	case "success":
		return release.StatusSucceeded, "", nil
	case "failure", "error":
		return release.StatusFailed, "", nil
	case "inactive":
		// GitHub sets it on every deployment that a later one replaces. It says nothing about success.
		return "", "The state inactive is not used: it means that a later deployment has taken over.", nil
	default:
		return "", "", problem.Invalid(problem.Field(
			"/deployment_status/state",
			"%q is no state of a deployment; it must be pending, queued, in_progress, success, failure, error or inactive",
			state,
		))
	}
}

func (e *githubEvent) report(status release.Status) (report, error) {
	switch {
	case e.Deployment.ID == 0:
		return report{}, problem.Invalid(problem.Field("/deployment/id", "is required"))
	case e.Repository.Name == "":
		return report{}, problem.Invalid(problem.Field("/repository/name", "is required"))
	}
	said := readPayload(e.Deployment.Payload)
	service := name("/repository/name", e.Repository.FullName, e.Repository.Name)
	if said.service != "" {
		service = name("/deployment/payload/service", said.service)
	}
	return report{
		service:     service,
		environment: name("/deployment_status/environment", cmp.Or(e.Status.Environment, e.Deployment.Environment)),
		deployment: release.Deployment{
			Version:     e.version(said),
			Status:      status,
			ExternalID:  strconv.FormatInt(e.Deployment.ID, 10),
			Commit:      e.Deployment.SHA,
			Description: cmp.Or(e.Status.Description, e.Deployment.Description),
			URL:         cmp.Or(e.Status.LogURL, e.Status.TargetURL, e.Status.EnvironmentURL),
			StartedAt:   e.Deployment.CreatedAt,
		},
		at:     e.Status.CreatedAt,
		reason: fmt.Sprintf("Deployment %d of %s is %s.", e.Deployment.ID, e.Repository.FullName, e.Status.State),
	}, nil
}

// version is what the payload says, else the tag, else the commit. A branch is no version: tomorrow it may name
// another commit.
func (e *githubEvent) version(said githubPayload) string {
	if said.version != "" {
		return said.version
	}
	tag := strings.TrimPrefix(e.Deployment.Ref, "refs/tags/")
	if _, isVersion := evaluator.CompareVersions(tag, tag); isVersion || tag != e.Deployment.Ref {
		return tag
	}
	return cmp.Or(e.Deployment.SHA, e.Deployment.Ref)
}

// readPayload reads what the deployment's payload says. The payload is an object, or a text that holds one. Any other
// payload is not meant for us.
func readPayload(payload jsontext.Value) (said githubPayload) {
	var text string
	if json.Unmarshal(payload, &text) == nil {
		payload = jsontext.Value(text)
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(payload, &fields) != nil {
		return said
	}
	return githubPayload{service: readText(fields["service"]), version: readText(fields["version"])}
}

// readText reads a string or a number, which is kept as it was written; anything else is "".
func readText(value []byte) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	var number json.Number
	if json.Unmarshal(value, &number) == nil {
		return number.String()
	}
	return ""
}
