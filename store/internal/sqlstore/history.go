package sqlstore

import (
	"context"
	"fmt"
	"math"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

func changeOf(row db.Change) store.Change {
	return store.Change{
		EnvironmentRef: store.EnvironmentRef{Project: row.Project, Environment: row.Environment},
		Revision:       row.Revision,
		At:             timeOf(row.At),
		Actor:          store.Actor{Kind: store.ActorKind(row.ActorKind), Name: row.ActorName},
		Kind:           store.ChangeKind(row.Kind),
		Key:            row.Key,
		Reason:         row.Reason,
		Before:         row.Before.RawMessage,
		After:          row.After.RawMessage,
	}
}

// ListChanges gives the history of an environment.
func (s *Store) ListChanges(
	ctx context.Context,
	ref store.EnvironmentRef,
	filter store.ChangeFilter,
) ([]store.Change, error) {
	before := filter.Before
	if before == 0 {
		before = math.MaxInt64
	}
	var rows []db.Change
	var err error
	if filter.Key == "" {
		rows, err = s.queries().ChangeList(ctx, db.ChangeListParams{
			Project:        ref.Project,
			Environment:    ref.Environment,
			BeforeRevision: before,
			Kind:           string(filter.Kind),
			N:              rowLimit(filter.Limit),
		})
	} else {
		rows, err = s.queries().ChangeListByKey(ctx, db.ChangeListByKeyParams{
			Project: ref.Project, Environment: ref.Environment, Key: filter.Key,
			BeforeRevision: before, Kind: string(filter.Kind), N: rowLimit(filter.Limit),
		})
	}
	if err != nil {
		return nil, s.wrap(err, "list", "changes of environment %s/%s", ref.Project, ref.Environment)
	}
	return convert(rows, changeOf), nil
}

// ListSubjects does not read the documents of the changes.
func (s *Store) ListSubjects(
	ctx context.Context,
	ref store.EnvironmentRef,
	after int64,
	limit int,
) ([]store.Subject, error) {
	rows, err := s.queries().ChangeListSubjects(ctx, db.ChangeListSubjectsParams{
		Project: ref.Project, Environment: ref.Environment, After: after, N: rowLimit(limit),
	})
	if err != nil {
		return nil, s.wrap(err, "list", "what changed in %s/%s after revision %d", ref.Project, ref.Environment, after)
	}
	return convert(rows, func(row db.ChangeListSubjectsRow) store.Subject {
		return store.Subject{Revision: row.Revision, Kind: store.ChangeKind(row.Kind), Key: row.Key}
	}), nil
}

// Cursor reads the epoch and the environment's revision.
func (s *Store) Cursor(ctx context.Context, ref store.EnvironmentRef) (store.Cursor, error) {
	cursor, err := s.queries().EnvironmentCursor(ctx, db.EnvironmentCursorParams(ref))
	if err != nil {
		return store.Cursor{}, s.wrap(err, "read", "environment %s/%s", ref.Project, ref.Environment)
	}
	return store.Cursor(cursor), nil
}

// Definition reads everything in one transaction.
func (s *Store) Definition(ctx context.Context, ref store.EnvironmentRef) (evaluator.Definition, error) {
	definition := evaluator.Definition{
		FormatVersion: evaluator.FormatVersion,
		Project:       ref.Project,
		Environment:   ref.Environment,
	}
	err := s.engine.Read(ctx, func(q db.Querier) error {
		cursor, err := q.EnvironmentCursor(ctx, db.EnvironmentCursorParams(ref))
		if err != nil {
			return err
		}
		definition.Epoch, definition.Revision = cursor.Epoch, cursor.Revision
		changed, err := s.readChanged(ctx, q, ref, 0, false)
		if err != nil {
			return err
		}
		definition.Flags, definition.Segments = changed.flags, changed.segments
		return nil
	})
	if err != nil {
		return evaluator.Definition{}, s.wrap(
			err,
			"read",
			"definition of environment %s/%s",
			ref.Project,
			ref.Environment,
		)
	}
	return definition, nil
}

// Patch reads everything in one transaction.
func (s *Store) Patch(ctx context.Context, ref store.EnvironmentRef, from int64) (evaluator.Patch, error) {
	patch := evaluator.Patch{FormatVersion: evaluator.FormatVersion, From: from}
	err := s.engine.Read(ctx, func(q db.Querier) error {
		cursor, err := q.EnvironmentCursor(ctx, db.EnvironmentCursorParams(ref))
		if err != nil {
			return err
		}
		if from > cursor.Revision {
			return fmt.Errorf(
				"revision %d is still to come, the newest is %d: %w",
				from,
				cursor.Revision,
				store.ErrNotFound,
			)
		}
		patch.Epoch, patch.Revision = cursor.Epoch, cursor.Revision
		changed, err := s.readChanged(ctx, q, ref, from, true)
		if err != nil {
			return err
		}
		patch.Flags, patch.RemovedFlags = changed.flags, changed.removedFlags
		patch.Segments, patch.RemovedSegments = changed.segments, changed.removedSegments
		return nil
	})
	if err != nil {
		return evaluator.Patch{}, s.wrap(
			err,
			"read",
			"changes of environment %s/%s after revision %d",
			ref.Project,
			ref.Environment,
			from,
		)
	}
	return patch, nil
}
