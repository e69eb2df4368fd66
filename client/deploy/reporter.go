package deploy

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tidegate-io/tidegate/client"
	"github.com/tidegate-io/tidegate/openapi"
)

const (
	// MaxAttempts is how many deployments one external id may make. Each one after the first follows a failure.
	MaxAttempts = 50
	// settleTime is how long to wait until the releases have done what the preview said. settlePoll is the time
	// between two looks at them.
	settleTime = 20 * time.Second
	settlePoll = 250 * time.Millisecond
)

// AttemptID is the external id of an attempt. The first attempt has the id itself.
func AttemptID(id string, attempt int) string {
	if attempt <= 1 {
		return id
	}
	return fmt.Sprintf("%s#%d", id, attempt)
}

// Reporter reports deployments to one environment.
type Reporter struct {
	Client               *client.Client
	Project, Environment string
	// Out receives the text about what was recorded and what the releases did.
	Out io.Writer
}

// DryRun prints what a report would do. OfRun says that the report's external id is the id of a CI run.
func (r *Reporter) DryRun(ctx context.Context, report openapi.DeploymentReport, ofRun bool) error {
	report, preview, err := r.preview(ctx, report, ofRun)
	if err != nil {
		return err
	}
	return r.print(wouldBe(report, preview, r.Environment))
}

// Report sends the report, waits until the releases have done what the preview said, and prints the result. OfRun
// says that the report's external id is the id of a CI run.
func (r *Reporter) Report(ctx context.Context, report openapi.DeploymentReport, ofRun bool) error {
	report, preview, err := r.preview(ctx, report, ofRun)
	if err != nil {
		return err
	}
	return r.send(ctx, report, preview)
}

// preview asks what the report would do. If the external id is the id of a CI run, and the deployment of that run has
// failed already, then the report is about another attempt. That attempt gets an external id of its own.
func (r *Reporter) preview(
	ctx context.Context,
	report openapi.DeploymentReport,
	ofRun bool,
) (openapi.DeploymentReport, openapi.DeploymentPreview, error) {
	id := report.ExternalID
	for attempt := 1; ; attempt++ {
		preview, err := r.Client.DryRunDeployment(ctx, r.Project, r.Environment, report)
		if err != nil || !ofRun || attempt >= MaxAttempts || !overtakes(report, preview) {
			return report, preview, err
		}
		report.ExternalID = AttemptID(id, attempt+1)
	}
}

// overtakes tells whether a deployment has ended badly already, and the report now says that it begins or ends well.
func overtakes(report openapi.DeploymentReport, preview openapi.DeploymentPreview) bool {
	return preview.Known && preview.Deployment.Status.EndedBadly() &&
		string(report.Status) != string(preview.Deployment.Status) &&
		report.Status != openapi.DeploymentStatusFailed &&
		report.Status != openapi.DeploymentStatusRolledBack
}

// send sends the report, waits until the releases have done what the preview said, and prints the result.
func (r *Reporter) send(ctx context.Context, report openapi.DeploymentReport, preview openapi.DeploymentPreview) error {
	stored, err := r.Client.ReportDeployment(ctx, r.Project, r.Environment, report)
	if err != nil {
		return err
	}
	recorded := fmt.Sprintf("Recorded: %s.", describeDeployment(stored, r.Environment))
	if !preview.Changed {
		recorded = fmt.Sprintf("Nothing new: %s.", describeDeployment(stored, r.Environment))
	}
	if err := r.print(recorded); err != nil {
		return err
	}
	if string(stored.Status) != string(report.Status) && report.Status != openapi.DeploymentStatusStarted {
		return fmt.Errorf(
			"the deployment stays %s, although %s was reported: a worse status stands. Give another attempt an external id of its own",
			stored.Status,
			report.Status,
		)
	}
	return r.follow(ctx, preview.Releases)
}

// follow prints what the releases have done, as soon as they have done it. At the end it prints what they have not
// done yet.
func (r *Reporter) follow(ctx context.Context, foretold []openapi.ReleaseMove) error {
	deadline := time.Now().Add(settleTime)
	for len(foretold) > 0 {
		releases, err := r.Client.ListReleases(ctx, r.Project, r.Environment)
		if err != nil {
			return r.print(fmt.Sprintf("  what the releases did could not be read: %v", err))
		}
		var done []string
		foretold, done = settled(foretold, releases.Items)
		if err := r.print(done...); err != nil {
			return err
		}
		if len(foretold) == 0 || time.Now().After(deadline) {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(settlePoll):
		}
	}
	for _, move := range foretold {
		if err := r.print(fmt.Sprintf("  %s: not yet: %s", move.Flag, move.Reason)); err != nil {
			return err
		}
	}
	return nil
}

// settled tells which of the expected moves are done, and gives those that are left.
func settled(foretold []openapi.ReleaseMove, releases []openapi.Release) (left []openapi.ReleaseMove, done []string) {
	for _, move := range foretold {
		i := slices.IndexFunc(releases, func(release openapi.Release) bool { return release.Flag == move.Flag })
		if i >= 0 && releases[i].Phase == move.Before &&
			(move.Phase != move.Before || releases[i].Reason != move.Reason) {
			left = append(left, move)
			continue
		}
		if i >= 0 {
			move.Phase, move.Weight, move.Reason = releases[i].Phase, releases[i].Weight, releases[i].Reason
		}
		done = append(done, describeMove(move))
	}
	return left, done
}

// wouldBe says what a report would do.
func wouldBe(report openapi.DeploymentReport, preview openapi.DeploymentPreview, environment string) string {
	first := "Would be recorded: "
	if !preview.Changed {
		first = "Would be nothing new: "
	}
	lines := []string{first + describeDeployment(preview.Deployment, environment) + "."}
	for _, move := range preview.Releases {
		lines = append(lines, describeMove(move))
	}
	if len(preview.Releases) == 0 {
		lines = append(lines, fmt.Sprintf("  no release would move because %s is %s", report.Service, report.Status))
	}
	return strings.Join(lines, "\n")
}

func describeDeployment(d openapi.Deployment, environment string) string {
	return fmt.Sprintf(
		"%s %s %s in %s (source %s, external id %s)",
		d.Service,
		d.Version,
		d.Status,
		environment,
		d.Source,
		d.ExternalID,
	)
}

func describeMove(move openapi.ReleaseMove) string {
	if move.Phase == move.Before { // it waits for less than before, for instance
		return fmt.Sprintf("  %s: still %s: %s", move.Flag, move.Phase, move.Reason)
	}
	return fmt.Sprintf(
		"  %s: %s → %s at %s %%: %s",
		move.Flag,
		move.Before,
		move.Phase,
		Percent(move.Weight),
		move.Reason,
	)
}

// Percent writes a weight without needless decimals.
func Percent(weight int) string { return strconv.FormatFloat(float64(weight)/1000, 'f', -1, 64) }

func (r *Reporter) print(lines ...string) error {
	for _, line := range lines {
		if _, err := fmt.Fprintln(r.Out, line); err != nil {
			return err
		}
	}
	return nil
}
