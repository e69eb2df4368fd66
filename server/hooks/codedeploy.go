package hooks

import (
	"fmt"
	"net/http"
	"time"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/body"
	"github.com/tidegate-io/tidegate/server/problem"
)

// codeDeploy reads what Amazon EventBridge sends of AWS CodeDeploy,
// https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html. The events have no
// version.
type codeDeploy struct{}

type codeDeployEvent struct {
	DetailType string    `json:"detail-type"`
	Time       time.Time `json:"time"`
	Detail     struct {
		Application     string `json:"application"`
		DeploymentGroup string `json:"deploymentGroup"`
		DeploymentID    string `json:"deploymentId"`
		State           string `json:"state"`
		Region          string `json:"region"`
	} `json:"detail"`
}

// codeDeployChange is the event that is used.
const codeDeployChange = "CodeDeploy Deployment State-change Notification"

func (codeDeploy) signs() bool { return false }

func (codeDeploy) event(*http.Request) string { return "" }

func (codeDeploy) read(_ string, payload []byte, _ *names) (reading, error) {
	var event codeDeployEvent
	if err := body.Lenient(payload, &event); err != nil {
		return reading{}, err
	}
	if event.DetailType != codeDeployChange {
		return reading{
			note: fmt.Sprintf("The detail-type %q is not used; only %q is.", event.DetailType, codeDeployChange),
		}, nil
	}
	for field, text := range map[string]string{
		"application": event.Detail.Application, "deploymentGroup": event.Detail.DeploymentGroup, "deploymentId": event.Detail.DeploymentID,
	} {
		if text == "" {
			return reading{}, problem.Invalid(problem.Field("/detail/"+field, "is required"))
		}
	}
	status, note, err := codeDeployStatus(event.Detail.State)
	if err != nil || note != "" {
		return reading{note: note}, err
	}
	d := event.Detail
	return reading{reports: []report{
		{
			service:     name("/detail/application", d.Application),
			environment: name("/detail/deploymentGroup", d.Application+"/"+d.DeploymentGroup, d.DeploymentGroup),
			deployment:  release.Deployment{Status: status, ExternalID: d.DeploymentID, StartedAt: event.Time},
			at:          event.Time,
			reason: fmt.Sprintf(
				"Deployment %s of %s to %s is %s.",
				d.DeploymentID,
				d.Application,
				d.DeploymentGroup,
				d.State,
			),
		},
	}}, nil
}

// codeDeployStatus translates a state. A note says why there is nothing to do.
func codeDeployStatus(state string) (status release.Status, note string, err error) {
	switch state {
	case "START", "READY":
		return release.StatusStarted, "", nil
	case "SUCCESS":
		return release.StatusSucceeded, "", nil
	case "FAILURE", "STOP":
		return release.StatusFailed, "", nil
	case "":
		return "", "", problem.Invalid(problem.Field("/detail/state", "is required"))
	}
	return "", fmt.Sprintf("The state %q is not used.", state), nil
}
