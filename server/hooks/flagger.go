package hooks

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/body"
	"github.com/tidegate-io/tidegate/server/problem"
)

// The hooks of Flagger that are used. The address that Flagger sends to ends with the hook, because the payloads do
// not say which hook it is.
const (
	flaggerEventHook        = "event"
	flaggerRollback         = "rollback"
	flaggerConfirmRollout   = "confirm-rollout"
	flaggerConfirmTraffic   = "confirm-traffic-increase"
	flaggerConfirmPromotion = "confirm-promotion"
	// flaggerUnnamed is the hook of an address that names none.
	flaggerUnnamed = "unnamed"
	flaggerHooks   = "event, rollback, confirm-rollout, confirm-traffic-increase or confirm-promotion"
)

// flagger reads the webhooks of Flagger, https://docs.flagger.app/usage/webhooks.
type flagger struct{}

// flaggerPayload is what every hook gets. Metadata is what the Canary's author wrote. In an event it also says what
// happened.
type flaggerPayload struct {
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
	Phase     string `json:"phase"`
	// CanaryWeight is the percentage of the traffic. Only some versions of Flagger tell it.
	CanaryWeight int               `json:"canaryWeight"`
	Metadata     map[string]string `json:"metadata"`
}

func (flagger) signs() bool { return false }

func (flagger) event(r *http.Request) string {
	return cmp.Or(chi.URLParam(r, "hook"), flaggerUnnamed)
}

func (flagger) read(hook string, payload []byte, _ *names) (reading, error) {
	var p flaggerPayload
	if err := body.Lenient(payload, &p); err != nil {
		return reading{}, err
	}
	if p.Name == "" {
		return reading{}, problem.Invalid(problem.Field("/name", "is required: the name of the Canary"))
	}
	switch cmp.Or(hook, flaggerEventHook) {
	case flaggerEventHook:
		return p.read()
	case flaggerUnnamed:
		// Only events have a message of Flagger's own. Anything else may be a question. A 2xx could then roll back or
		// promote.
		if p.Metadata["eventMessage"] == "" {
			return reading{}, problem.NotFound(
				"The address has to say which hook of Flagger it is; it ends in %s.",
				flaggerHooks,
			)
		}
		return p.read()
	case flaggerRollback, flaggerConfirmRollout, flaggerConfirmTraffic, flaggerConfirmPromotion:
		return reading{question: &question{
			service:     p.service(),
			environment: p.environment(),
			version:     p.Metadata["version"],
			rollback:    hook == flaggerRollback,
		}}, nil
	}
	return reading{}, problem.NotFound(
		"There is no hook %q of Flagger here; the address ends in %s.",
		hook,
		flaggerHooks,
	)
}

// read is what an event means.
func (p *flaggerPayload) read() (reading, error) {
	status, promoting, note, err := p.status()
	if err != nil || note != "" {
		return reading{note: note}, err
	}
	if p.CanaryWeight < 0 || p.CanaryWeight > 100 {
		return reading{}, problem.Invalid(problem.Field("/canaryWeight", "must be 0 to 100, not %d", p.CanaryWeight))
	}
	at, err := p.timestamp()
	if err != nil {
		return reading{}, err
	}
	r := report{
		service: p.service(), environment: p.environment(),
		deployment: release.Deployment{
			Status:        status,
			Strategy:      release.StrategyCanary,
			TrafficWeight: p.CanaryWeight * 1000,
			Description:   p.Metadata["eventMessage"],
		},
		at:       at,
		reason:   fmt.Sprintf("The canary %s/%s is %s: %s", p.Namespace, p.Name, p.Phase, p.Metadata["eventMessage"]),
		identity: ofUnderWay,
	}
	if version := p.Metadata["version"]; version != "" {
		r.identity = ofContent
		// The checksum is not used: until one event later it is still that of the specification before.
		r.deployment.Version, r.deployment.ExternalID = version, p.id()+version
		if promoting {
			r.family = p.id()
		}
	}
	return reading{reports: []report{r}}, nil
}

// id is what the external ids of all deployments of the Canary begin with.
func (p *flaggerPayload) id() string { return p.Namespace + "/" + p.Name + "/" }

// What Flagger says when a deployment has ended. The phase does not tell that: until a new revision is accepted,
// events have the phase in which the last deployment ended.
const (
	flaggerInitialized = "Initialization done!"
	flaggerPromoted    = "Promotion completed!"
	flaggerFailed      = "Canary failed!"
)

// status is what an event says. Promoting tells whether the event is about the revision that is being promoted; the
// Canary may name a newer version by then. A note says why there is nothing to do.
func (p *flaggerPayload) status() (status release.Status, promoting bool, note string, err error) {
	message := p.Metadata["eventMessage"]
	switch {
	case strings.HasPrefix(message, flaggerInitialized):
		return release.StatusSucceeded, false, "", nil
	case strings.HasPrefix(message, flaggerPromoted):
		return release.StatusSucceeded, true, "", nil
	case strings.HasPrefix(message, flaggerFailed):
		return release.StatusFailed, true, "", nil
	}
	switch p.Phase {
	case "Progressing", "WaitingPromotion":
		return release.StatusStarted, false, "", nil
	case "Promoting", "Finalising":
		return release.StatusStarted, true, "", nil
	case "Succeeded", "Failed":
		return "", false, fmt.Sprintf(
			"The phase %s is that of the revision before; only %q and %q end a deployment.",
			p.Phase,
			flaggerPromoted,
			flaggerFailed,
		), nil
	case "", "Initializing", "Initialized", "Waiting", "Terminating", "Terminated":
		return "", false, fmt.Sprintf("The phase %q is not used: nothing is deployed in it.", p.Phase), nil
	}
	return "", false, "", problem.Invalid(problem.Field("/phase", "%q is no phase of a Canary", p.Phase))
}

// timestamp is when an event happened, zero where it does not say.
func (p *flaggerPayload) timestamp() (time.Time, error) {
	text := p.Metadata["timestamp"]
	if text == "" {
		return time.Time{}, nil
	}
	milliseconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, problem.Invalid(
			problem.Field("/metadata/timestamp", "must be milliseconds since 1970, not %q", text),
		)
	}
	return time.UnixMilli(milliseconds), nil
}

func (p *flaggerPayload) service() named {
	if service := p.Metadata["service"]; service != "" {
		return name("/metadata/service", service)
	}
	return name("/name", p.Namespace+"/"+p.Name, p.Name)
}

func (p *flaggerPayload) environment() named {
	if environment := p.Metadata["environment"]; environment != "" {
		return name("/metadata/environment", environment)
	}
	return name("/namespace", p.Namespace)
}
