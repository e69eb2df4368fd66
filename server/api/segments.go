package api

import (
	"net/http"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// ListSegments answers GET /projects/{project}/segments.
func (a *API) ListSegments(w http.ResponseWriter, r *http.Request, project string) {
	if _, err := a.Store.Project(r.Context(), project); err != nil {
		problem.Write(w, r, err)
		return
	}
	segments, err := a.Store.ListSegments(r.Context(), project)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	items := make([]openapi.Segment, len(segments))
	for i, s := range segments {
		items[i] = segmentDocument(s)
	}
	respond(w, r, http.StatusOK, list[openapi.Segment]{Items: items})
}

// GetSegment answers GET /projects/{project}/segments/{segment}.
func (a *API) GetSegment(w http.ResponseWriter, r *http.Request, project, segment string) {
	s, err := a.editableSegment(r, project, segment)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	a.respondSegment(w, r, http.StatusOK, s)
}

// respondSegment answers with the segment and what uses it.
func (a *API) respondSegment(w http.ResponseWriter, r *http.Request, status int, s store.Segment) {
	usedBy, err := a.segmentUsers(r.Context(), s.Project, s.Key)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	document := segmentDocument(s)
	document.UsedBy = usedBy
	w.Header().Set("ETag", etag(s.Version))
	respond(w, r, status, document)
}

// CreateSegment answers PUT /projects/{project}/segments/{segment}.
func (a *API) CreateSegment(w http.ResponseWriter, r *http.Request, project, segment string, params openapi.CreateSegmentParams) {
	body, err := decode[openapi.SegmentWrite](w, r, maxSegmentBody)
	if err == nil {
		err = checkReason(params.ReasonParam)
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	now := a.Now()
	s := editSegment(store.Segment{Project: project, Key: segment, CreatedAt: now, UpdatedAt: now}, body)
	s, err = a.createSegment(r, s, params.ReasonParam)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	a.settleProject(r.Context(), project)
	a.respondSegment(w, r, http.StatusCreated, s)
}

func (a *API) createSegment(r *http.Request, s store.Segment, reason string) (store.Segment, error) {
	return write(r.Context(), precondition{}, func() (store.Segment, error) {
		checked, err := a.checkSegment(r.Context(), store.Segment{}, s)
		if err != nil {
			return s, err
		}
		return a.Store.CreateSegment(r.Context(), s, a.byChecked(r, reason, checked))
	})
}

// UpdateSegment answers PATCH /projects/{project}/segments/{segment}.
func (a *API) UpdateSegment(w http.ResponseWriter, r *http.Request, project, segment string, params openapi.UpdateSegmentParams) {
	patch, err := decodePatch(w, r, maxSegmentBody, segmentReadOnly...)
	if err == nil {
		err = checkReason(params.ReasonParam)
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	s, err := a.updateSegment(r, project, segment, patch, params)
	if err != nil {
		a.writeRefused(w, r, err, func(w http.ResponseWriter, r *http.Request) { a.GetSegment(w, r, project, segment) })
		return
	}
	a.settleProject(r.Context(), project)
	a.respondSegment(w, r, http.StatusOK, s)
}

func (a *API) updateSegment(r *http.Request, project, segment string, patch mergePatch, params openapi.UpdateSegmentParams) (store.Segment, error) {
	guard, err := parsePrecondition(params.IfMatch)
	if err != nil {
		return store.Segment{}, err
	}
	return write(r.Context(), guard, func() (store.Segment, error) {
		s, err := a.editableSegment(r, project, segment)
		if err != nil {
			return s, err
		}
		if err := guard.check("segment "+segment, s.Version); err != nil {
			return s, err
		}
		body, err := applyPatch(patch, openapi.SegmentWrite{
			Name: s.Name, Description: s.Description, Included: s.Included, Excluded: s.Excluded, Rules: s.Rules,
		})
		if err != nil {
			return s, err
		}
		edited := editSegment(s, body)
		checked, err := a.checkSegment(r.Context(), s, edited)
		if err != nil {
			return s, err
		}
		edited.UpdatedAt = a.Now()
		return a.Store.UpdateSegment(r.Context(), edited, s.Version, a.byChecked(r, params.ReasonParam, checked))
	})
}

// ArchiveSegment answers DELETE /projects/{project}/segments/{segment}.
func (a *API) ArchiveSegment(w http.ResponseWriter, r *http.Request, project, segment string, params openapi.ArchiveSegmentParams) {
	if err := a.archiveSegment(r, project, segment, params); err != nil {
		problem.Write(w, r, err)
		return
	}
	a.settleProject(r.Context(), project)
	w.WriteHeader(http.StatusNoContent)
}

func (a *API) archiveSegment(r *http.Request, project, segment string, params openapi.ArchiveSegmentParams) error {
	guard, err := parsePrecondition(params.IfMatch)
	if err == nil {
		err = checkReason(params.ReasonParam)
	}
	if err != nil {
		return err
	}
	_, err = write(r.Context(), guard, func() (store.Segment, error) {
		s, err := a.editableSegment(r, project, segment)
		if err != nil {
			return s, err
		}
		if err := guard.check("segment "+segment, s.Version); err != nil {
			return s, err
		}
		checked, err := a.checkSegmentUnused(r.Context(), s)
		if err != nil {
			return s, err
		}
		return s, a.Store.ArchiveSegment(r.Context(), project, segment, s.Version, a.byChecked(r, params.ReasonParam, checked))
	})
	return err
}

// editableSegment is a segment that is not archived; an archived one is gone.
func (a *API) editableSegment(r *http.Request, project, segment string) (store.Segment, error) {
	s, err := a.Store.Segment(r.Context(), project, segment)
	if err == nil && s.Archived {
		err = problem.NotFound("Segment %s is archived.", segment)
	}
	return s, err
}
