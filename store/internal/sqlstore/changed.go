package sqlstore

import (
	"context"
	"fmt"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

// changed is what has changed in an environment since a revision.
type changed struct {
	flags           []evaluator.Flag
	removedFlags    []string
	segments        []evaluator.Segment
	removedSegments []string
}

// readChanged gives the flags and segments that changed after a revision. It gives archived ones only if withRemoved
// is set.
func (s *Store) readChanged(
	ctx context.Context, q db.Querier, ref store.EnvironmentRef, after int64, withRemoved bool,
) (changed, error) {
	flags, err := q.FlagConfigListChanged(ctx, db.FlagConfigListChangedParams{
		Project: ref.Project, Environment: ref.Environment, After: after, WithArchived: withRemoved,
	})
	if err != nil {
		return changed{}, fmt.Errorf("list changed flags: %w", err)
	}
	segments, err := q.SegmentListChanged(ctx, db.SegmentListChangedParams{
		Project: ref.Project, Environment: ref.Environment, After: after, WithArchived: withRemoved,
	})
	if err != nil {
		return changed{}, fmt.Errorf("list changed segments: %w", err)
	}
	c := changed{flags: make([]evaluator.Flag, 0, len(flags)), segments: make([]evaluator.Segment, 0, len(segments))}
	for _, row := range flags {
		if row.Archived {
			c.removedFlags = append(c.removedFlags, row.Flag)
		} else {
			c.flags = append(c.flags, s.evaluatedFlag(ref, row))
		}
	}
	for _, row := range segments {
		if row.Archived {
			c.removedSegments = append(c.removedSegments, row.Segment)
		} else {
			c.segments = append(c.segments, s.evaluatedSegment(ref, row))
		}
	}
	return c, nil
}

// evaluatedFlag gives the flag in a row. A flag may be impossible to decode, for instance because a newer server
// wrote it. Then it gives a flag that does not compile. That flag is kept out by name, and the other flags still
// work.
func (s *Store) evaluatedFlag(ref store.EnvironmentRef, row db.FlagConfigListChangedRow) evaluator.Flag {
	unreadable := evaluator.Flag{Key: row.Flag, Version: row.Revision}
	variations, err := decode[[]evaluator.Variation](fmt.Sprintf("variations of flag %q", row.Flag), row.Variations)
	if err != nil {
		s.logUnreadable(ref, err)
		return unreadable
	}
	config, err := decode[evaluator.FlagConfig](fmt.Sprintf("configuration of flag %q", row.Flag), row.Config)
	if err != nil {
		s.logUnreadable(ref, err)
		return unreadable
	}
	if row.Kill.Valid {
		config.Enabled = false
	}
	return evaluator.Flag{
		Key:        row.Flag,
		Version:    row.Revision,
		Type:       evaluator.Type(row.Type),
		Variations: variations,
		ClientSide: row.ClientSide,
		Config:     config,
		FleetOpen:  row.FleetOpen,
		Killed:     row.Kill.Valid,
	}
}

// evaluatedSegment gives the segment in a row. If it cannot be decoded, the segment has one empty clause, so that it
// does not compile.
func (s *Store) evaluatedSegment(ref store.EnvironmentRef, row db.SegmentListChangedRow) evaluator.Segment {
	segment, err := segmentOf(db.Segment{
		Segment: row.Segment, Included: row.Included, Excluded: row.Excluded, Rules: row.Rules,
	})
	if err != nil {
		s.logUnreadable(ref, err)
		segment = store.Segment{Key: row.Segment, Rules: []evaluator.SegmentRule{
			{ID: "unreadable", Clauses: []evaluator.Clause{{}}},
		}}
	}
	return evaluator.Segment{
		Key:      segment.Key,
		Version:  row.Revision,
		Included: segment.Included,
		Excluded: segment.Excluded,
		Rules:    segment.Rules,
	}
}

func (s *Store) logUnreadable(ref store.EnvironmentRef, err error) {
	s.log.Error("A stored document cannot be read; it is kept out of evaluation until it is written again.",
		"project", ref.Project, "environment", ref.Environment, "error", err)
}
