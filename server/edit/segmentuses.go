package edit

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// SegmentUsers are the keys of the flags, of any environment, and of the segments that use the segment.
func (s *Service) SegmentUsers(ctx context.Context, project, key string) ([]string, error) {
	configs, err := s.store.ListFlagConfigs(ctx, store.EnvironmentRef{Project: project})
	if err != nil {
		return nil, err
	}
	users, wanted := map[string]bool{}, store.Reference{Segment: key}
	for _, c := range configs {
		if store.ConfigReferences(c.Config)[wanted] {
			users[c.Flag] = true
		}
	}
	segments, err := s.store.ListSegments(ctx, project)
	if err != nil {
		return nil, err
	}
	for _, segment := range segments {
		if store.SegmentReferences(segment)[wanted] {
			users[segment.Key] = true
		}
	}
	return slices.Sorted(maps.Keys(users)), nil
}

// checkSegmentUnused refuses to archive a segment that flags, releases or other segments use.
func (s *Service) checkSegmentUnused(ctx context.Context, segment store.Segment) (checkedAt, error) {
	checked, err := s.revisions(ctx, segment.Project)
	if err != nil {
		return nil, err
	}
	users, err := s.SegmentUsers(ctx, segment.Project, segment.Key)
	if err != nil {
		return nil, err
	}
	for ref := range checked {
		releases, err := s.store.ListReleases(ctx, ref)
		if err != nil {
			return nil, err
		}
		for _, r := range releases {
			if release.Open(r.Release) && slices.Contains(release.Segments(r.Release), segment.Key) {
				users = append(users, fmt.Sprintf("the release of %s in %s", r.Flag, ref.Environment))
			}
		}
	}
	slices.Sort(users)
	if len(users) > 0 {
		return nil, &SegmentInUseError{Key: segment.Key, Users: users}
	}
	return checked, nil
}

// revisions begins a check of a write that touches every environment of the project.
func (s *Service) revisions(ctx context.Context, project string) (checkedAt, error) {
	environments, err := s.store.ListEnvironments(ctx, project)
	if err != nil {
		return nil, err
	}
	checked := make(checkedAt, len(environments))
	for _, environment := range environments {
		checked[environment.EnvironmentRef] = environment.Revision
	}
	return checked, nil
}
