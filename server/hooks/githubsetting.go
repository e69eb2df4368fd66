package hooks

import (
	"net/http"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// GitHub is the webhook at /hooks/github. The server's settings define it.
type GitHub struct {
	// Secret is what GitHub signs its events with. Without a secret no event is taken in.
	Secret string
	// Project is the project that is deployed to.
	Project string
	// Services maps repositories, "owner/name" or "name", to services. A repository that is not in the map stands for
	// the service of the same name. If the payload of a deployment has a "service", that name is used.
	Services map[string]string
	// Environments maps GitHub's environments to keys of environments. For an environment that is not in the map, the
	// key is its name in lower case.
	Environments map[string]string
}

// githubAnswer is what GitHub is told.
type githubAnswer struct {
	Note       string              `json:"note,omitempty"`
	Deployment *release.Deployment `json:"deployment,omitempty"`
}

// github answers POST /hooks/github.
func (h *Receiver) github(w http.ResponseWriter, r *http.Request) {
	outcome, err := h.takeGitHub(w, r)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	answer := githubAnswer{Note: outcome.Note}
	for _, reported := range outcome.Deployments {
		answer.Deployment = &reported.Deployment
		if !reported.Changed {
			answer.Note = nothingNew
		}
	}
	respond(w, http.StatusOK, answer)
}

func (h *Receiver) takeGitHub(w http.ResponseWriter, r *http.Request) (openapi.WebhookOutcome, error) {
	if h.GitHub.Secret == "" {
		return openapi.WebhookOutcome{}, problem.NotFound(
			"This webhook is off. Make one for the project in the web app, under Settings, " +
				"or set FLAGD_GITHUB_WEBHOOK_SECRET, and the same secret at GitHub: unsigned events are never taken in.",
		)
	}
	payload, err := readEvent(w, r)
	if err == nil {
		_, err = verify(r, github{}, []byte(h.GitHub.Secret), payload)
	}
	if err == nil {
		err = checkMediaType(r)
	}
	if err != nil {
		return openapi.WebhookOutcome{}, err
	}
	return h.handle(r.Context(), source{
		project: h.GitHub.Project, kind: openapi.WebhookKindGithub, names: h.GitHub.names(),
		taking: taking{
			by: store.Attribution{
				Actor: store.Actor{Kind: store.ActorHook, Name: string(openapi.WebhookKindGithub)},
				At:    h.Now(),
			},
			digest: digest("", []byte(h.GitHub.Secret), payload),
		},
	}, github{}.event(r), payload)
}

func (g GitHub) names() *names {
	return &names{services: exactly(g.Services), environments: exactly(g.Environments)}
}

// exactly makes a pattern of each name. The pattern matches this name only.
func exactly(mapped map[string]string) []pattern {
	var patterns []pattern
	for from, to := range mapped {
		patterns = append(patterns, pattern{glob{parts: []string{from}, cased: true}, to})
	}
	return patterns
}
