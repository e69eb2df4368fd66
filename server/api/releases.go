package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/edit"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// ListReleases answers GET /projects/{project}/environments/{environment}/releases.
func (a *API) ListReleases(w http.ResponseWriter, r *http.Request, project, environment string) {
	a.respond(w, r, func() (answer, error) {
		ref := environmentRef(project, environment)
		if _, err := a.Store.Environment(r.Context(), ref); err != nil {
			return none, err
		}
		releases, err := a.Store.ListReleases(r.Context(), ref)
		return listed(releases, releaseDocument), err
	})
}

// GetRelease answers GET /projects/{project}/environments/{environment}/flags/{flag}/release.
func (a *API) GetRelease(w http.ResponseWriter, r *http.Request, project, environment, flag string) {
	a.respond(w, r, func() (answer, error) {
		found, err := a.Store.Release(r.Context(), flagRef(project, environment, flag))
		if err != nil {
			return none, err
		}
		return a.releaseAnswer(r.Context(), found)
	})
}

// PutRelease answers PUT /projects/{project}/environments/{environment}/flags/{flag}/release.
func (a *API) PutRelease(
	w http.ResponseWriter,
	r *http.Request,
	project, environment, flag string,
	params openapi.PutReleaseParams,
) {
	a.respond(w, r, func() (answer, error) {
		spec, err := decode[release.Spec](w, r, maxBody)
		if err != nil {
			return none, err
		}
		guard, by, err := a.editing(r, params.IfMatch, params.ReasonParam)
		if err != nil {
			return none, err
		}
		ref := flagRef(project, environment, flag)
		version, err := a.guardedRelease(r.Context(), ref, guard)
		if err != nil {
			return none, err
		}
		put, err := a.Releases.Put(r.Context(), ref, spec, version, by)
		if err != nil {
			return none, err
		}
		a.settle(r.Context(), ref.EnvironmentRef)
		return a.releaseAnswer(r.Context(), put)
	})
}

// guardedRelease is the version of the flag's release that the guard accepts. It is AnyVersion if the guard accepts
// all.
func (a *API) guardedRelease(ctx context.Context, ref store.FlagRef, guard edit.Guard) (int64, error) {
	if _, err := a.Edits.EditableFlag(ctx, ref.Project, ref.Flag); err != nil || !guard.Named {
		return store.AnyVersion, err
	}
	current, err := a.Store.Release(ctx, ref)
	if errors.Is(err, store.ErrNotFound) {
		return 0, problem.PreconditionFailed(
			"Flag %s has no release in %s yet. Leave If-Match out to prepare the first.",
			ref.Flag,
			ref.Environment,
		)
	}
	if err != nil {
		return 0, err
	}
	return current.Version, guard.Check("the release of flag "+ref.Flag+" in "+ref.Environment, current.Version)
}

// MoveRelease answers POST /projects/{project}/environments/{environment}/flags/{flag}/release/{verb}.
func (a *API) MoveRelease(
	w http.ResponseWriter,
	r *http.Request,
	project, environment, flag string,
	verb openapi.ReleaseVerb,
	params openapi.MoveReleaseParams,
) {
	a.respond(w, r, func() (answer, error) {
		body, err := decodeOptional[openapi.ReleaseCommand](w, r, maxBody)
		reason := ""
		if err == nil {
			reason, err = bodyReason(body.Reason, params.ReasonParam)
		}
		if err == nil && body.Step != nil && verb != openapi.ReleaseVerbPromote {
			err = problem.Invalid(problem.Field("/step", "is only for promote"))
		}
		if err != nil {
			return none, err
		}
		move := a.verb(verb, body.Step)
		if move == nil {
			return none, problem.NotFound(
				"A release has no verb %q; it can start, promote, pause, resume or revert.",
				verb,
			)
		}
		by, err := a.by(r, reason)
		if err != nil {
			return none, err
		}
		ref := flagRef(project, environment, flag)
		moved, err := move(r.Context(), ref, by)
		if err != nil {
			return none, err
		}
		a.settle(r.Context(), ref.EnvironmentRef)
		return a.releaseAnswer(r.Context(), moved)
	})
}

// ApproveRelease answers POST /projects/{project}/environments/{environment}/flags/{flag}/release/approve.
func (a *API) ApproveRelease(
	w http.ResponseWriter,
	r *http.Request,
	project, environment, flag string,
	params openapi.ApproveReleaseParams,
) {
	a.respond(w, r, func() (answer, error) {
		body, err := decodeOptional[openapi.ReleaseApprove](w, r, maxBody)
		reason := ""
		if err == nil {
			reason, err = bodyReason(body.Reason, params.ReasonParam)
		}
		if err != nil {
			return none, err
		}
		by, err := a.by(r, reason)
		if err != nil {
			return none, err
		}
		ref := flagRef(project, environment, flag)
		approved, err := a.Releases.Approve(r.Context(), ref, body.Step, by)
		if err != nil {
			return none, err
		}
		a.settle(r.Context(), ref.EnvironmentRef)
		return a.releaseAnswer(r.Context(), approved)
	})
}

// verb gives what the verb does; it is nil if the verb is unknown. Step is the step to promote to; nil is the next
// one.
func (a *API) verb(verb openapi.ReleaseVerb, step *int) moveRelease {
	switch verb {
	case openapi.ReleaseVerbStart:
		return a.Releases.Start
	case openapi.ReleaseVerbPromote:
		if step == nil {
			return a.Releases.Promote
		}
		return func(ctx context.Context, ref store.FlagRef, by store.Attribution) (store.Release, error) {
			return a.Releases.PromoteTo(ctx, ref, *step, by)
		}
	case openapi.ReleaseVerbPause:
		return a.Releases.Pause
	case openapi.ReleaseVerbResume:
		return a.Releases.Resume
	case openapi.ReleaseVerbRevert:
		return a.Releases.Revert
	}
	return nil
}
