package edit

import (
	"context"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/invalid"
	"github.com/tidegate-io/tidegate/server/optimistic"
	"github.com/tidegate-io/tidegate/store"
)

// CreateSegment makes a segment. Its name is its key unless given.
func (s *Service) CreateSegment(
	ctx context.Context,
	segment store.Segment,
	by store.Attribution,
) (store.Segment, error) {
	err := checkKey("segment", segment.Key)
	if err == nil {
		segment, err = completeSegment(store.Segment{}, segment)
	}
	if err != nil {
		return segment, err
	}
	segment.CreatedAt, segment.UpdatedAt = by.At, by.At
	return optimistic.Write(ctx, false, func() (store.Segment, error) {
		checked, err := s.checkSegment(ctx, store.Segment{}, segment)
		if err != nil {
			return segment, err
		}
		by := by
		by.Checked = checked
		return s.store.CreateSegment(ctx, segment, by)
	})
}

// UpdateSegment changes who is in a segment, in every environment.
func (s *Service) UpdateSegment(
	ctx context.Context, project, key string, change Change[store.Segment], guard Guard, by store.Attribution,
) (store.Segment, error) {
	return update(ctx, s.segment(project, key), change, guard, by)
}

// ArchiveSegment takes a segment out of every environment. Nothing may need the segment.
func (s *Service) ArchiveSegment(ctx context.Context, project, key string, guard Guard, by store.Attribution) error {
	o := s.segment(project, key)
	o.check = func(ctx context.Context, before, _ store.Segment) (checkedAt, error) {
		return s.checkSegmentUnused(ctx, before)
	}
	o.write = func(ctx context.Context, segment store.Segment, ifVersion int64, by store.Attribution) (store.Segment, error) {
		return segment, s.store.ArchiveSegment(ctx, project, key, ifVersion, by)
	}
	return remove(ctx, o, guard, by)
}

func (s *Service) segment(project, key string) object[store.Segment] {
	return object[store.Segment]{
		what:     "segment " + key,
		load:     func(ctx context.Context) (store.Segment, error) { return s.EditableSegment(ctx, project, key) },
		version:  func(segment store.Segment) int64 { return segment.Version },
		complete: completeSegment,
		check:    s.checkSegment,
		write: func(ctx context.Context, segment store.Segment, ifVersion int64, by store.Attribution) (store.Segment, error) {
			segment.UpdatedAt = by.At
			return s.store.UpdateSegment(ctx, segment, ifVersion, by)
		},
	}
}

// EditableSegment is a segment that is not archived; an archived one gives a SegmentArchivedError.
func (s *Service) EditableSegment(ctx context.Context, project, key string) (store.Segment, error) {
	segment, err := s.store.Segment(ctx, project, key)
	if err == nil && segment.Archived {
		err = &SegmentArchivedError{Key: key}
	}
	return segment, err
}

// completeSegment fills in the name and the lists, and checks the texts.
func completeSegment(_, segment store.Segment) (store.Segment, error) {
	var f invalid.Fields
	segment.Name = nameOr(&f, segment.Name, segment.Key)
	f.AtMost("/description", segment.Description, maxDescription)
	segment.Included, segment.Excluded, segment.Rules = orEmpty(
		segment.Included,
	), orEmpty(
		segment.Excluded,
	), orEmpty(
		segment.Rules,
	)
	return segment, f.Err()
}

// orEmpty is the list itself, or an empty list if it is nil.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// checkSegment checks a changed segment against the other segments of its project. A segment that refers to no
// segment that it did not refer to before breaks nothing, whatever else happens.
func (s *Service) checkSegment(ctx context.Context, before, after store.Segment) (checked checkedAt, err error) {
	if !store.SegmentReferences(after).Within(store.SegmentReferences(before)) {
		if checked, err = s.revisions(ctx, after.Project); err != nil {
			return nil, err
		}
	}
	others, err := s.store.ListSegments(ctx, after.Project)
	if err != nil {
		return nil, err
	}
	var definition evaluator.Definition
	for _, other := range others {
		definition.Segments = append(definition.Segments, segmentForEvaluation(other))
	}
	return checked, evaluator.ValidateSegment(definition, segmentForEvaluation(after))
}

func segmentForEvaluation(s store.Segment) evaluator.Segment {
	return evaluator.Segment{Key: s.Key, Version: s.Version, Included: s.Included, Excluded: s.Excluded, Rules: s.Rules}
}
