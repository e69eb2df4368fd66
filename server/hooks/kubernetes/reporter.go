package kubernetes

import (
	"context"
	"errors"
	"fmt"

	"github.com/tidegate-io/tidegate/client"
	"github.com/tidegate-io/tidegate/client/deploy"
	"github.com/tidegate-io/tidegate/openapi"
)

// ServerReporter reports rollouts to a server.
type ServerReporter struct {
	Client  *client.Client
	Project string
}

// Report sends a rollout. A rollout that was reported as failed and then succeeds gets another external id.
func (r *ServerReporter) Report(
	ctx context.Context,
	environment string,
	report openapi.DeploymentReport,
) (stored openapi.Deployment, err error) {
	id := report.ExternalID
	for attempt := 1; attempt < deploy.MaxAttempts; attempt++ {
		report.ExternalID = deploy.AttemptID(id, attempt)
		stored, err = r.Client.ReportDeployment(ctx, r.Project, environment, report)
		if err != nil || !stored.Status.EndedBadly() || report.Status != openapi.DeploymentStatusSucceeded {
			break
		}
	}
	var (
		problem *client.ProblemError
		foreign *client.AnswerError
	)
	if errors.As(err, &problem) || errors.As(err, &foreign) {
		err = fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return stored, err
}
