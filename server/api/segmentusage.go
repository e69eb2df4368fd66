package api

import (
	"context"
	stdjson "encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/openapi"
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

// checkSegment checks a segment against the other segments of its project.
func (a *API) checkSegment(ctx context.Context, s store.Segment) error {
	if err := checkKey("segment", s.Key); err != nil {
		return err
	}
	var f fields
	f.atMost("/name", s.Name, maxName)
	f.atMost("/description", s.Description, maxDescription)
	if err := f.err(); err != nil {
		return err
	}
	others, err := a.Store.ListSegments(ctx, s.Project)
	if err != nil {
		return err
	}
	var definition evaluator.Definition
	for _, other := range others {
		definition.Segments = append(definition.Segments, segmentForEvaluation(other))
	}
	return evaluator.ValidateSegment(definition, segmentForEvaluation(s))
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
	users := map[string]bool{}
	for _, c := range configs {
		for _, rule := range c.Config.Rules {
			if uses(rule.Clauses, key) {
				users[c.Flag] = true
			}
		}
	}
	segments, err := a.Store.ListSegments(ctx, project)
	if err != nil {
		return nil, err
	}
	for _, s := range segments {
		for _, rule := range s.Rules {
			if uses(rule.Clauses, key) {
				users[s.Key] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(users)), nil
}

// uses tells whether any of the clauses, or of the groups in them, asks for the segment. What is stored has been
// decoded before, so its depth is bounded.
func uses(clauses []evaluator.Clause, segment string) bool {
	return slices.ContainsFunc(clauses, func(c evaluator.Clause) bool {
		if c.Operator == evaluator.OpInSegment && slices.ContainsFunc(c.Values, func(v stdjson.RawMessage) bool { return names(v, segment) }) {
			return true
		}
		return uses(c.Any, segment) || uses(c.All, segment)
	})
}

// names tells whether the JSON value is the string.
func names(value stdjson.RawMessage, text string) bool {
	var s string
	return json.Unmarshal(value, &s) == nil && s == text
}

func (a *API) checkSegmentUnused(ctx context.Context, s store.Segment) error {
	users, err := a.segmentUsers(ctx, s.Project, s.Key)
	if err == nil && len(users) > 0 {
		err = problem.Conflict("Segment %s is used by %s. Change that first.", s.Key, strings.Join(users, ", "))
	}
	return err
}

func segmentDocument(s store.Segment) openapi.Segment {
	return openapi.Segment{
		Key: s.Key, Name: s.Name, Description: s.Description, Included: s.Included, Excluded: s.Excluded, Rules: s.Rules,
		Version: s.Version, CreatedAt: s.CreatedAt, UpdatedAt: s.UpdatedAt,
	}
}
