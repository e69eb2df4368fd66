package hooks

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// githubSource is the source of the deployments that GitHub reports.
const githubSource = "github"

// GitHub says how GitHub's events are read.
type GitHub struct {
	// Secret is what GitHub signs its events with; without one none is taken in.
	Secret string
	// Project is the project that is deployed to.
	Project string
	// Services maps repositories, "owner/name" or "name", to services; a repository that is not in it is a service of
	// its own name. A deployment whose payload has a "service" names it itself.
	Services map[string]string
	// Environments maps GitHub's environments to keys of environments; one that is not in it has its name, in lower
	// case, as its key.
	Environments map[string]string
}

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
		ID          int64           `json:"id"`
		SHA         string          `json:"sha"`
		Ref         string          `json:"ref"`
		Environment string          `json:"environment"`
		Description string          `json:"description"`
		Payload     json.RawMessage `json:"payload"`
		CreatedAt   time.Time       `json:"created_at"`
	} `json:"deployment"`
	Repository struct {
		Name     string `json:"name"`
		FullName string `json:"full_name"`
	} `json:"repository"`
}

// githubPayload is what a workflow may say about its deployment when it creates it.
type githubPayload struct {
	Service string `json:"service"`
	Version string `json:"version"`
}

// github answers POST /hooks/github.
func (h *handler) github(w http.ResponseWriter, r *http.Request) {
	body, err := readSigned(w, r, h.GitHub.Secret)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	if name := r.Header.Get("X-GitHub-Event"); name != "deployment_status" {
		accept(w, answer{Note: fmt.Sprintf("The event %q is not used; only deployment_status is.", name)})
		return
	}
	var event githubEvent
	if err := json.Unmarshal(body, &event); err != nil {
		problem.Write(w, r, problem.BadRequest("The body is no deployment_status event: "+err.Error()+"."))
		return
	}
	taken, err := h.takeGitHub(r.Context(), event)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	accept(w, taken)
}

// takeGitHub stores the deployment that the event is about.
func (h *handler) takeGitHub(ctx context.Context, event githubEvent) (answer, error) {
	status, note, err := githubStatus(event.Status.State)
	if err != nil || note != "" {
		return answer{Note: note}, err
	}
	deployment, err := h.githubDeployment(event, status)
	if err != nil {
		return answer{}, err
	}
	ref, err := h.githubEnvironment(ctx, event)
	if err != nil {
		return answer{}, err
	}
	stored, changed, err := h.Deployer.Deploy(ctx, store.Deployment{EnvironmentRef: ref, Deployment: deployment}, store.Attribution{
		Actor:  store.Actor{Kind: store.ActorHook, Name: githubSource},
		Reason: fmt.Sprintf("Deployment %d of %s is %s.", event.Deployment.ID, event.Repository.FullName, event.Status.State),
		At:     h.Now(),
	})
	if err != nil {
		return answer{}, err
	}
	taken := answer{Deployment: &stored.Deployment}
	if !changed {
		taken.Note = "Nothing new."
	}
	return taken, nil
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
		// GitHub sets it on every deployment that another one takes the place of: it says nothing of success.
		return "", "The state inactive is not used: it means that a later deployment has taken over.", nil
	default:
		return "", "", problem.Invalid(problem.Field("/deployment_status/state",
			"%q is no state of a deployment; it must be pending, queued, in_progress, success, failure, error or inactive", state))
	}
}

func (h *handler) githubDeployment(event githubEvent, status release.Status) (release.Deployment, error) {
	if event.Deployment.ID == 0 || event.Repository.Name == "" {
		return release.Deployment{}, problem.Invalid(problem.Field("", "must have a deployment with an id and a repository with a name"))
	}
	said := readPayload(event.Deployment.Payload)
	now := h.Now()
	at := dated(event.Status.CreatedAt, now)
	d := release.Deployment{
		Service:     cmp.Or(said.Service, h.githubService(event)),
		Version:     githubVersion(event, said),
		Status:      status,
		Source:      githubSource,
		ExternalID:  strconv.FormatInt(event.Deployment.ID, 10),
		Commit:      event.Deployment.SHA,
		Description: cmp.Or(event.Status.Description, event.Deployment.Description),
		URL:         cmp.Or(event.Status.LogURL, event.Status.TargetURL, event.Status.EnvironmentURL),
		StartedAt:   at,
		UpdatedAt:   at,
	}
	if started := dated(event.Deployment.CreatedAt, now); started.Before(at) {
		d.StartedAt = started
	}
	return d, nil
}

func (h *handler) githubService(event githubEvent) string {
	repository := event.Repository
	return cmp.Or(h.GitHub.Services[repository.FullName], h.GitHub.Services[repository.Name], repository.Name)
}

// githubVersion is what the payload says, else the tag, else the commit. A branch is no version: it names another one
// tomorrow.
func githubVersion(event githubEvent, said githubPayload) string {
	if said.Version != "" {
		return said.Version
	}
	tag := strings.TrimPrefix(event.Deployment.Ref, "refs/tags/")
	if _, isVersion := evaluator.CompareVersions(tag, tag); isVersion || tag != event.Deployment.Ref {
		return tag
	}
	return cmp.Or(event.Deployment.SHA, event.Deployment.Ref)
}

// readPayload reads what the deployment's payload says: an object, or a text that holds one. Whatever else it is, it is
// for others.
func readPayload(payload json.RawMessage) (said githubPayload) {
	var text string
	if json.Unmarshal(payload, &text) == nil {
		payload = json.RawMessage(text)
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(payload, &fields) != nil {
		return said
	}
	return githubPayload{Service: readText(fields["service"]), Version: readText(fields["version"])}
}

// readText reads a string or a number, which is kept as it was written; anything else is "".
func readText(value json.RawMessage) string {
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

// githubEnvironment finds the environment that was deployed to.
func (h *handler) githubEnvironment(ctx context.Context, event githubEvent) (store.EnvironmentRef, error) {
	name := cmp.Or(event.Status.Environment, event.Deployment.Environment)
	key := cmp.Or(h.GitHub.Environments[name], strings.ToLower(name))
	return h.environment(ctx, h.GitHub.Project, name, key, "/deployment_status/environment")
}
