package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// ListReleases answers GET /projects/{project}/environments/{environment}/releases.
func (a *API) ListReleases(w http.ResponseWriter, r *http.Request, project, environment string) {
	ref := environmentRef(project, environment)
	if _, err := a.Store.Environment(r.Context(), ref); err != nil {
		problem.Write(w, r, err)
		return
	}
	releases, err := a.Store.ListReleases(r.Context(), ref)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	items := make([]openapi.Release, len(releases))
	for i, one := range releases {
		items[i] = releaseDocument(one)
	}
	respond(w, r, http.StatusOK, list[openapi.Release]{Items: items})
}

// GetRelease answers GET /projects/{project}/environments/{environment}/flags/{flag}/release.
func (a *API) GetRelease(w http.ResponseWriter, r *http.Request, project, environment, flag string) {
	found, err := a.Store.Release(r.Context(), flagRef(project, environment, flag))
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	a.respondRelease(w, r, found)
}

// PutRelease answers PUT /projects/{project}/environments/{environment}/flags/{flag}/release.
func (a *API) PutRelease(w http.ResponseWriter, r *http.Request, project, environment, flag string, params openapi.PutReleaseParams) {
	spec, err := decode[release.Spec](w, r, maxBody)
	if err == nil {
		err = checkReason(params.ReasonParam)
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	ref := flagRef(project, environment, flag)
	put, err := a.putRelease(r, ref, spec, params)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	a.settle(r.Context(), ref.EnvironmentRef)
	a.respondRelease(w, r, put)
}

func (a *API) putRelease(r *http.Request, ref store.FlagRef, spec release.Spec, params openapi.PutReleaseParams) (put store.Release, err error) {
	guard, err := parsePrecondition(params.IfMatch)
	if err != nil {
		return put, err
	}
	if _, err := a.editableFlag(r, ref.Project, ref.Flag); err != nil {
		return put, err
	}
	version := store.AnyVersion
	if guard.given {
		current, err := a.Store.Release(r.Context(), ref)
		if errors.Is(err, store.ErrNotFound) {
			return put, problem.PreconditionFailed("Flag %s has no release in %s yet. Leave If-Match out to prepare the first.", ref.Flag, ref.Environment)
		}
		if err != nil {
			return put, err
		}
		if err := guard.check("the release of flag "+ref.Flag+" in "+ref.Environment, current.Version); err != nil {
			return put, err
		}
		version = current.Version
	}
	return a.Releases.Put(r.Context(), ref, spec, version, a.by(r, params.ReasonParam))
}

// MoveRelease answers POST /projects/{project}/environments/{environment}/flags/{flag}/release/{verb}.
func (a *API) MoveRelease(w http.ResponseWriter, r *http.Request, project, environment, flag string, verb openapi.ReleaseVerb, params openapi.MoveReleaseParams) {
	body, err := decodeOptional[openapi.ReleaseCommand](w, r, maxBody)
	reason := ""
	if err == nil {
		reason, err = bodyReason(body.Reason, params.ReasonParam)
	}
	if err == nil && body.Step != nil && verb != openapi.ReleaseVerbPromote {
		err = problem.Invalid(problem.Field("/step", "is only for promote"))
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	move := a.verb(verb, body.Step)
	if move == nil {
		problem.Write(w, r, problem.NotFound("A release has no verb %q; it can start, promote, pause, resume or revert.", verb))
		return
	}
	ref := flagRef(project, environment, flag)
	moved, err := move(r.Context(), ref, a.by(r, reason))
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	a.settle(r.Context(), ref.EnvironmentRef)
	a.respondRelease(w, r, moved)
}

// ApproveRelease answers POST /projects/{project}/environments/{environment}/flags/{flag}/release/approve.
func (a *API) ApproveRelease(w http.ResponseWriter, r *http.Request, project, environment, flag string, params openapi.ApproveReleaseParams) {
	body, err := decodeOptional[openapi.ReleaseApprove](w, r, maxBody)
	reason := ""
	if err == nil {
		reason, err = bodyReason(body.Reason, params.ReasonParam)
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	ref := flagRef(project, environment, flag)
	approved, err := a.Releases.Approve(r.Context(), ref, body.Step, a.by(r, reason))
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	a.settle(r.Context(), ref.EnvironmentRef)
	a.respondRelease(w, r, approved)
}

// verb is what the verb does, nil for one that is unknown. The step is that to promote to, nil for the next.
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
