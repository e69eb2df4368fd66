package hooks

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/body"
	"github.com/tidegate-io/tidegate/server/problem"
)

// argoRollouts reads what Argo Rollouts' notifications send with the template in recipes/argo-rollouts.txt.
type argoRollouts struct{}

// argoRolloutsEvent is the body of that template: how the Rollout stands.
type argoRolloutsEvent struct {
	// Event is what earlier recipes sent instead of the phase: updated, stepCompleted, completed or aborted.
	Event       string `json:"event"`
	Name        string `json:"name"`
	Namespace   string `json:"namespace"`
	UID         string `json:"uid"`
	Service     string `json:"service"`
	Environment string `json:"environment"`
	Version     string `json:"version"`
	// Revision counts the pod templates of the Rollout. A template that is used again gets a new number.
	Revision string   `json:"revision"`
	Images   []string `json:"images"`
	// Strategy is canary or blueGreen.
	Strategy string `json:"strategy"`
	// Phase is Progressing, Paused, Healthy or Degraded.
	Phase string `json:"phase"`
	// Stable tells that the newest revision is the stable one: no other is on its way.
	Stable bool `json:"stable"`
	// Aborted tells that the newest revision was given up.
	Aborted bool `json:"aborted"`
	// Generation is that of the specification. ObservedGeneration is the generation that the phase is about.
	Generation         int64  `json:"generation"`
	ObservedGeneration string `json:"observedGeneration"`
	// Replicas are all pods, and UpdatedReplicas those of the newest revision; nil where the event does not say.
	Replicas        *int `json:"replicas"`
	UpdatedReplicas *int `json:"updatedReplicas"`
	// Weight is the percentage of the traffic that the canary has. It is absent if nothing measures it.
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
		return reading{}, problem.Invalid(
			problem.Field("/name", "is required: the name of the Rollout, as in the published template"),
		)
	case event.Revision == "":
		return reading{}, problem.Invalid(
			problem.Field(
				"/revision",
				"is required: the annotation rollout.argoproj.io/revision, as in the published template",
			),
		)
	case event.Weight != nil && (*event.Weight < 0 || *event.Weight > 100):
		return reading{}, problem.Invalid(problem.Field("/weight", "must be 0 to 100, not %v", *event.Weight))
	}
	status, note, err := event.status()
	if err != nil || note != "" {
		return reading{note: note}, err
	}
	return reading{reports: []report{event.report(status)}}, nil
}

// status is what the Rollout's state, or the event of an earlier recipe, says. A note says why there is nothing to do.
func (e *argoRolloutsEvent) status() (status release.Status, note string, err error) {
	if e.Event != "" {
		return e.eventStatus()
	}
	if e.ObservedGeneration != strconv.FormatInt(e.Generation, 10) {
		return "", "The Rollout was changed since, and its phase is that from before.", nil
	}
	switch e.Phase {
	case "Progressing", "Paused":
		if e.Stable {
			return "", "No other revision than the stable one is on its way.", nil
		}
		return release.StatusStarted, "", nil
	case "Healthy":
		return release.StatusSucceeded, "", nil
	case "Degraded":
		return e.degraded()
	}
	return "", "", problem.Invalid(
		problem.Field("/phase", "must be Progressing, Paused, Healthy or Degraded, not %q", e.Phase),
	)
}

// degraded distinguishes what was refused from what has failed. A version was refused if it was given up before any
// pod of it ran, for instance because of an analysis before the first weight. An invalid specification deploys nothing.
func (e *argoRolloutsEvent) degraded() (status release.Status, note string, err error) {
	switch {
	case e.Aborted && e.UpdatedReplicas != nil && *e.UpdatedReplicas == 0:
		return release.StatusRefused, "", nil
	case !e.Aborted && e.Stable:
		return "", "Pods of the stable revision are not available; no other revision is on its way.", nil
	default:
		return release.StatusFailed, "", nil
	}
}

func (e *argoRolloutsEvent) eventStatus() (status release.Status, note string, err error) {
	switch e.Event {
	case "updated", "stepCompleted":
		return release.StatusStarted, "", nil
	case "completed":
		return release.StatusSucceeded, "", nil
	case "aborted":
		return release.StatusFailed, "", nil
	}
	return "", "", problem.Invalid(
		problem.Field("/event", "must be updated, stepCompleted, completed or aborted, not %q", e.Event),
	)
}

// weight is the share of the traffic, of 100 000. If no router divides the traffic, it is the share of the pods.
func (e *argoRolloutsEvent) weight() int {
	switch {
	case e.Weight != nil:
		return int(math.Round(*e.Weight * 1000))
	case e.Strategy != string(release.StrategyCanary) || e.Replicas == nil || e.UpdatedReplicas == nil || *e.Replicas <= 0:
		return 0
	default:
		return min(max(*e.UpdatedReplicas, 0), *e.Replicas) * maxTrafficWeight / *e.Replicas
	}
}

func (e *argoRolloutsEvent) report(status release.Status) report {
	r := report{
		service:     name("/name", e.Namespace+"/"+e.Name, e.Name),
		environment: name("/namespace", e.Namespace),
		deployment: release.Deployment{
			Version:       cmp.Or(e.Version, ImageVersion(e.Images, cmp.Or(e.Service, e.Name))),
			Status:        status,
			ExternalID:    cmp.Or(e.UID, e.Namespace+"/"+e.Name) + "/" + e.Revision,
			Strategy:      rolloutStrategy(e.Strategy),
			TrafficWeight: e.weight(),
			Description:   e.Message,
		},
		at: e.At,
		reason: fmt.Sprintf(
			"Revision %s of the rollout %s/%s: %s.",
			e.Revision,
			e.Namespace,
			e.Name,
			cmp.Or(e.Event, e.Phase),
		),
		identity: ofContent,
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
