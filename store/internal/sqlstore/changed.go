package sqlstore

import (
	"context"
	"fmt"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

// changed is what an environment has become since some revision.
type changed struct {
	flags           []evaluator.Flag
	removedFlags    []string
	segments        []evaluator.Segment
	removedSegments []string
}

// readChanged gives the flags and segments that changed after a revision; those that were archived only if withRemoved.
func readChanged(ctx context.Context, q db.Querier, ref store.EnvironmentRef, after int64, withRemoved bool) (changed, error) {
	c := changed{flags: []evaluator.Flag{}, segments: []evaluator.Segment{}}
	flags, err := q.FlagConfigListChanged(ctx, db.FlagConfigListChangedParams{
		Project: ref.Project, Environment: ref.Environment, After: after, WithArchived: withRemoved,
	})
	if err != nil {
		return changed{}, fmt.Errorf("list changed flags: %w", err)
	}
	for _, row := range flags {
		if row.Archived {
			c.removedFlags = append(c.removedFlags, row.Flag)
			continue
		}
		flag, err := evaluatedFlag(row)
		if err != nil {
			return changed{}, err
		}
		c.flags = append(c.flags, flag)
	}
	segments, err := q.SegmentListChanged(ctx, db.SegmentListChangedParams{
		Project: ref.Project, Environment: ref.Environment, After: after, WithArchived: withRemoved,
	})
	if err != nil {
		return changed{}, fmt.Errorf("list changed segments: %w", err)
	}
	for _, row := range segments {
		if row.Archived {
			c.removedSegments = append(c.removedSegments, row.Segment)
			continue
		}
		segment, err := evaluatedSegment(row)
		if err != nil {
			return changed{}, err
		}
		c.segments = append(c.segments, segment)
	}
	return c, nil
}

func evaluatedFlag(row db.FlagConfigListChangedRow) (evaluator.Flag, error) {
	variations, err := decode[[]evaluator.Variation](fmt.Sprintf("variations of flag %q", row.Flag), row.Variations)
	if err != nil {
		return evaluator.Flag{}, err
	}
	config, err := decode[evaluator.FlagConfig](fmt.Sprintf("configuration of flag %q", row.Flag), row.Config)
	if err != nil {
		return evaluator.Flag{}, err
	}
	return evaluator.Flag{
		Key:        row.Flag,
		Version:    row.Revision,
		Type:       evaluator.Type(row.Type),
		Variations: variations,
		ClientSide: row.ClientSide,
		Config:     config,
		FleetOpen:  row.FleetOpen,
	}, nil
}

func evaluatedSegment(row db.SegmentListChangedRow) (evaluator.Segment, error) {
	segment, err := segmentOf(db.Segment{
		Segment: row.Segment, Included: row.Included, Excluded: row.Excluded, Rules: row.Rules,
	})
	if err != nil {
		return evaluator.Segment{}, err
	}
	return evaluator.Segment{
		Key:      segment.Key,
		Version:  row.Revision,
		Included: segment.Included,
		Excluded: segment.Excluded,
		Rules:    segment.Rules,
	}, nil
}
