package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// maxHistory is the greatest number of events that a release shows; older ones are among the environment's changes.
const maxHistory = 500

// moveRelease is a verb of Releases.
type moveRelease func(ctx context.Context, ref store.FlagRef, by store.Attribution) (store.Release, error)

// releaseAnswer answers with the release, the deployment that started it and its history.
func (a *API) releaseAnswer(ctx context.Context, found store.Release) (answer, error) {
	document := releaseDocument(found)
	err := a.joinDeployment(ctx, found, &document)
	if err == nil {
		document.History, err = a.releaseHistory(ctx, found)
	}
	if err == nil {
		document.Readings, err = a.readings(ctx, found)
	}
	if err == nil {
		err = a.joinSituation(ctx, found, &document)
	}
	return tagged(http.StatusOK, found.Version, document), err
}

// joinSituation adds what is served, what is waited for and what can be done.
func (a *API) joinSituation(ctx context.Context, found store.Release, document *openapi.Release) error {
	situation, err := a.Releases.Situation(ctx, found, a.Now())
	if err != nil {
		return err
	}
	document.Waits, document.Serving, document.ServesStep = situation.Waits, &situation.Serving, situation.ServesStep
	for _, verb := range situation.Verbs {
		document.Verbs = append(document.Verbs, openapi.ReleaseVerb(verb))
	}
	return nil
}

// joinDeployment adds the deployment that started the release, where one did.
func (a *API) joinDeployment(ctx context.Context, found store.Release, document *openapi.Release) error {
	if found.State.Deployment == "" {
		return nil
	}
	d, err := a.Store.Deployment(ctx, found.EnvironmentRef, found.State.Deployment)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	document.Deployment = &d.Deployment
	return err
}

// releaseHistory is what has become of this release, newest first.
func (a *API) releaseHistory(ctx context.Context, found store.Release) ([]openapi.ReleaseEvent, error) {
	changes, err := a.Store.ListChanges(ctx, found.EnvironmentRef, store.ChangeFilter{
		Kind: store.ChangeRelease, Key: found.Flag, Limit: maxHistory,
	})
	if err != nil {
		return nil, err
	}
	events := []openapi.ReleaseEvent{}
	for _, change := range changes {
		var after release.Release
		if err := json.Unmarshal(change.After, &after); err != nil {
			return nil, fmt.Errorf("decode release of revision %d: %w", change.Revision, err)
		}
		if after.ID != found.ID {
			break // an earlier release of the flag
		}
		events = append(events, openapi.ReleaseEvent{
			At:     change.At,
			Phase:  openapi.ReleasePhase(after.State.Phase),
			Step:   after.State.Step,
			Weight: after.State.Weight,
			Reason: after.State.Reason,
			Actor:  actorDocument(change.Actor),
		})
	}
	return events, nil
}

func releaseDocument(r store.Release) openapi.Release {
	onRollback := r.Spec.OnRollback
	if onRollback == "" {
		onRollback = release.OnRollbackRevert
	}
	return openapi.Release{
		ID:        r.ID,
		Flag:      r.Flag,
		Policy:    r.Spec.Policy,
		Variation: r.Spec.Variation,
		Target:    r.Spec.Target,
		Trigger:   r.Spec.Trigger,
		Steps:     r.Spec.Steps,
		Windows:   r.Spec.Windows,
		Guards:    r.Spec.Guards,
		Approvals: r.State.Approvals,
		OnRollback: openapi.ReleaseOnRollback(
			onRollback,
		),
		Phase:      openapi.ReleasePhase(r.State.Phase),
		Step:       r.State.Step,
		Weight:     r.State.Weight,
		Reason:     r.State.Reason,
		StartedAt:  timeOrZero(r.State.StartedAt),
		FinishedAt: timeOrZero(r.State.FinishedAt),
		NextStepAt: timeOrZero(r.State.NextStepAt),
		Version:    r.Version,
		UpdatedAt:  r.UpdatedAt,
	}
}
