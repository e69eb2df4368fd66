package api

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// segmentReadOnly are the fields of a segment that a PATCH may carry and that it ignores.
var segmentReadOnly = []string{"key", "usedBy", "version", "createdAt", "updatedAt"}

// editSegment is the segment with what a body says.
func editSegment(s store.Segment, body openapi.SegmentWrite) store.Segment {
	s.Name, s.Description = orKey(body.Name, s.Key), body.Description
	s.Included, s.Excluded, s.Rules = orEmpty(body.Included), orEmpty(body.Excluded), orEmpty(body.Rules)
	return s
}

// orEmpty is the list itself, or an empty one in place of none.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// checkSegment checks what a segment shall become against the other segments of its project. One that looks into no
// segment that it did not look into before breaks nothing, whatever else happens.
func (a *API) checkSegment(ctx context.Context, before, s store.Segment) (checked checkedAt, err error) {
	if err := checkKey("segment", s.Key); err != nil {
		return nil, err
	}
	var f fields
	f.line("/name", s.Name, maxName)
	f.atMost("/description", s.Description, maxDescription)
	if err := f.err(); err != nil {
		return nil, err
	}
	if !store.SegmentReferences(s).Within(store.SegmentReferences(before)) {
		if checked, err = a.revisions(ctx, s.Project); err != nil {
			return nil, err
		}
	}
	others, err := a.Store.ListSegments(ctx, s.Project)
	if err != nil {
		return nil, err
	}
	var definition evaluator.Definition
	for _, other := range others {
		definition.Segments = append(definition.Segments, segmentForEvaluation(other))
	}
	return checked, evaluator.ValidateSegment(definition, segmentForEvaluation(s))
}

func segmentForEvaluation(s store.Segment) evaluator.Segment {
	return evaluator.Segment{Key: s.Key, Version: s.Version, Included: s.Included, Excluded: s.Excluded, Rules: s.Rules}
}

// segmentUsers are the keys of the flags, of any environment, and of the segments that use the segment.
func (a *API) segmentUsers(ctx context.Context, project, key string) ([]string, error) {
	configs, err := a.Store.ListFlagConfigs(ctx, environmentRef(project, ""))
	if err != nil {
		return nil, err
	}
	users, wanted := map[string]bool{}, store.Reference{Segment: key}
	for _, c := range configs {
		if store.ConfigReferences(c.Config)[wanted] {
			users[c.Flag] = true
		}
	}
	segments, err := a.Store.ListSegments(ctx, project)
	if err != nil {
		return nil, err
	}
	for _, s := range segments {
		if store.SegmentReferences(s)[wanted] {
			users[s.Key] = true
		}
	}
	return slices.Sorted(maps.Keys(users)), nil
}

// checkSegmentUnused refuses to archive a segment that flags or other segments use.
func (a *API) checkSegmentUnused(ctx context.Context, s store.Segment) (checkedAt, error) {
	checked, err := a.revisions(ctx, s.Project)
	if err != nil {
		return nil, err
	}
	users, err := a.segmentUsers(ctx, s.Project, s.Key)
	if err != nil {
		return nil, err
	}
	for ref := range checked {
		releases, err := a.Store.ListReleases(ctx, ref)
		if err != nil {
			return nil, err
		}
		for _, r := range releases {
			if release.Open(r.Release) && slices.Contains(release.Segments(r.Release), s.Key) {
				users = append(users, fmt.Sprintf("the release of %s in %s", r.Flag, ref.Environment))
			}
		}
	}
	slices.Sort(users)
	if len(users) > 0 {
		return nil, problem.Conflict("Segment %s is used by %s. Change that first.", s.Key, strings.Join(users, ", "))
	}
	return checked, nil
}

func segmentDocument(s store.Segment) openapi.Segment {
	return openapi.Segment{
		Key: s.Key, Name: s.Name, Description: s.Description, Included: s.Included, Excluded: s.Excluded, Rules: s.Rules,
		Version: s.Version, CreatedAt: s.CreatedAt, UpdatedAt: s.UpdatedAt,
	}
}
