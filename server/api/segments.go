package api

import (
	"context"
	"net/http"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/edit"
	"github.com/tidegate-io/tidegate/store"
)

// segmentReadOnly are the fields of a segment that a PATCH may carry and that it ignores.
var segmentReadOnly = []string{"key", "usedBy", "version", "createdAt", "updatedAt"}

// ListSegments answers GET /projects/{project}/segments.
func (a *API) ListSegments(w http.ResponseWriter, r *http.Request, project string) {
	a.respond(w, r, func() (answer, error) {
		if _, err := a.Store.Project(r.Context(), project); err != nil {
			return none, err
		}
		segments, err := a.Store.ListSegments(r.Context(), project)
		return listed(segments, segmentDocument), err
	})
}

// GetSegment answers GET /projects/{project}/segments/{segment}.
func (a *API) GetSegment(w http.ResponseWriter, r *http.Request, project, segment string) {
	a.respond(w, r, func() (answer, error) {
		s, err := a.Edits.EditableSegment(r.Context(), project, segment)
		if err != nil {
			return none, err
		}
		return a.segmentAnswer(r.Context(), http.StatusOK, s)
	})
}

// segmentAnswer answers with the segment and what uses it. The version is that of the segment alone.
func (a *API) segmentAnswer(ctx context.Context, status int, s store.Segment) (answer, error) {
	document, err := a.wholeSegment(ctx, s)
	return tagged(status, s.Version, document), err
}

// CreateSegment answers PUT /projects/{project}/segments/{segment}.
func (a *API) CreateSegment(
	w http.ResponseWriter,
	r *http.Request,
	project, segment string,
	params openapi.CreateSegmentParams,
) {
	a.respond(w, r, func() (answer, error) {
		body, err := decode[openapi.SegmentWrite](w, r, maxSegmentBody)
		if err != nil {
			return none, err
		}
		by, err := a.by(r, params.ReasonParam)
		if err != nil {
			return none, err
		}
		s, err := a.Edits.CreateSegment(
			r.Context(),
			writeSegment(store.Segment{Project: project, Key: segment}, body),
			by,
		)
		if err != nil {
			return none, err
		}
		a.settleProject(r.Context(), project)
		return a.segmentAnswer(r.Context(), http.StatusCreated, s)
	})
}

// UpdateSegment answers PATCH /projects/{project}/segments/{segment}.
func (a *API) UpdateSegment(
	w http.ResponseWriter,
	r *http.Request,
	project, segment string,
	params openapi.UpdateSegmentParams,
) {
	a.respond(w, r, func() (answer, error) {
		patch, err := decodePatch(w, r, maxSegmentBody, segmentReadOnly...)
		if err != nil {
			return none, err
		}
		guard, by, err := a.editing(r, params.IfMatch, params.ReasonParam)
		if err != nil {
			return none, err
		}
		s, err := a.Edits.UpdateSegment(r.Context(), project, segment, segmentChange(patch), guard, by)
		if err != nil {
			return none, err
		}
		a.settleProject(r.Context(), project)
		return a.segmentAnswer(r.Context(), http.StatusOK, s)
	})
}

// segmentChange applies a patch to a segment.
func segmentChange(patch mergePatch) edit.Change[store.Segment] {
	return func(s store.Segment) (store.Segment, error) {
		body, err := applyPatch(patch, openapi.SegmentWrite{
			Name: s.Name, Description: s.Description, Included: s.Included, Excluded: s.Excluded, Rules: s.Rules,
		})
		return writeSegment(s, body), err
	}
}

// writeSegment is the segment with what a body says.
func writeSegment(s store.Segment, body openapi.SegmentWrite) store.Segment {
	s.Name, s.Description = body.Name, body.Description
	s.Included, s.Excluded, s.Rules = body.Included, body.Excluded, body.Rules
	return s
}

// ArchiveSegment answers DELETE /projects/{project}/segments/{segment}.
func (a *API) ArchiveSegment(
	w http.ResponseWriter,
	r *http.Request,
	project, segment string,
	params openapi.ArchiveSegmentParams,
) {
	a.respond(w, r, func() (answer, error) {
		guard, by, err := a.editing(r, params.IfMatch, params.ReasonParam)
		if err != nil {
			return none, err
		}
		if err := a.Edits.ArchiveSegment(r.Context(), project, segment, guard, by); err != nil {
			return none, err
		}
		a.settleProject(r.Context(), project)
		return noContent(), nil
	})
}

// wholeSegment is the document of a segment with what uses it.
func (a *API) wholeSegment(ctx context.Context, s store.Segment) (document openapi.Segment, err error) {
	document = segmentDocument(s)
	document.UsedBy, err = a.Edits.SegmentUsers(ctx, s.Project, s.Key)
	return document, err
}

func segmentDocument(s store.Segment) openapi.Segment {
	return openapi.Segment{
		Key:         s.Key,
		Name:        s.Name,
		Description: s.Description,
		Included:    s.Included,
		Excluded:    s.Excluded,
		Rules:       s.Rules,
		Version:     s.Version,
		CreatedAt:   s.CreatedAt,
		UpdatedAt:   s.UpdatedAt,
	}
}
