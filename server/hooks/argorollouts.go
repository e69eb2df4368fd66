package hooks

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"time"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/body"
	"github.com/tidegate-io/tidegate/server/problem"
)

// argoRollouts reads what Argo Rollouts' notifications send with the templates in recipes/argo-rollouts.yaml.
type argoRollouts struct{}

// argoRolloutsEvent is the body of those templates.
type argoRolloutsEvent struct {
	// Event is updated, stepCompleted, completed or aborted.
	Event       string `json:"event"`
	Name        string `json:"name"`
	Namespace   string `json:"namespace"`
	UID         string `json:"uid"`
	Service     string `json:"service"`
	Environment string `json:"environment"`
	Version     string `json:"version"`
	// Revision counts the pod templates of the Rollout; one that is gone back to counts anew.
	Revision string   `json:"revision"`
	Images   []string `json:"images"`
	// Strategy is canary or blueGreen.
	Strategy string `json:"strategy"`
	// Weight is the percentage of the traffic that the canary has; absent where nobody counts it.
	Weight  *float64  `json:"weight"`
	Message string    `json:"message"`
	At      time.Time `json:"at"`
}

func (argoRollouts) signs() bool { return false }

func (argoRollouts) event(*http.Request) string { return "" }

func (argoRollouts) read(_ string, payload []byte, _ *names) (reading, error) {
	var event argoRolloutsEvent
	if err := body.Lenient(payload, &event); err != nil {
		return reading{}, err
	}
	switch {
	case event.Name == "":
		return reading{}, problem.Invalid(problem.Field("/name", "is required: the name of the Rollout, as in the published templates"))
	case event.Revision == "":
		return reading{}, problem.Invalid(problem.Field("/revision", "is required: the annotation rollout.argoproj.io/revision, as in the published templates"))
	case event.Weight != nil && (*event.Weight < 0 || *event.Weight > 100):
		return reading{}, problem.Invalid(problem.Field("/weight", "must be 0 to 100, not %v", *event.Weight))
	}
	status, err := event.status()
	if err != nil {
		return reading{}, err
	}
	return reading{reports: []report{event.report(status)}}, nil
}

func (e *argoRolloutsEvent) status() (release.Status, error) {
	switch e.Event {
	case "updated", "stepCompleted":
		return release.StatusStarted, nil
	case "completed":
		return release.StatusSucceeded, nil
	case "aborted":
		return release.StatusFailed, nil
	}
	return "", problem.Invalid(problem.Field("/event", "must be updated, stepCompleted, completed or aborted, not %q", e.Event))
}

func (e *argoRolloutsEvent) report(status release.Status) report {
	r := report{
		service:     name("/name", e.Namespace+"/"+e.Name, e.Name),
		environment: name("/namespace", e.Namespace),
		deployment: release.Deployment{
			Version:     cmp.Or(e.Version, ImageVersion(e.Images, cmp.Or(e.Service, e.Name))),
			Status:      status,
			ExternalID:  cmp.Or(e.UID, e.Namespace+"/"+e.Name) + "/" + e.Revision,
			Strategy:    rolloutStrategy(e.Strategy),
			Description: e.Message,
		},
		at:       e.At,
		reason:   fmt.Sprintf("Revision %s of the rollout %s/%s: %s.", e.Revision, e.Namespace, e.Name, e.Event),
		identity: ofContent,
	}
	if e.Weight != nil {
		r.deployment.TrafficWeight = int(math.Round(*e.Weight * 1000))
	}
	if e.Service != "" {
		r.service = name("/service", e.Service)
	}
	if e.Environment != "" {
		r.environment = name("/environment", e.Environment)
	}
	return r
}

func rolloutStrategy(name string) release.Strategy {
	switch strategy := release.Strategy(name); strategy {
	case release.StrategyCanary, release.StrategyBlueGreen:
		return strategy
	}
	return ""
}
