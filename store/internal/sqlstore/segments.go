package sqlstore

import (
	"context"
	"fmt"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

func segmentOf(row db.Segment) (store.Segment, error) {
	included, err := decode[[]string](fmt.Sprintf("included keys of segment %q", row.Segment), row.Included)
	if err != nil {
		return store.Segment{}, err
	}
	excluded, err := decode[[]string](fmt.Sprintf("excluded keys of segment %q", row.Segment), row.Excluded)
	if err != nil {
		return store.Segment{}, err
	}
	rules, err := decode[[]evaluator.SegmentRule](fmt.Sprintf("rules of segment %q", row.Segment), row.Rules)
	if err != nil {
		return store.Segment{}, err
	}
	return store.Segment{
		Project:     row.Project,
		Key:         row.Segment,
		Name:        row.Name,
		Description: row.Description,
		Included:    included,
		Excluded:    excluded,
		Rules:       rules,
		Archived:    row.Archived,
		Version:     row.Version,
		CreatedAt:   timeOf(row.CreatedAt),
		UpdatedAt:   timeOf(row.UpdatedAt),
	}, nil
}

func segmentRow(segment store.Segment) (db.Segment, error) {
	included, err := encodeList(segment.Included)
	if err != nil {
		return db.Segment{}, err
	}
	excluded, err := encodeList(segment.Excluded)
	if err != nil {
		return db.Segment{}, err
	}
	rules, err := encodeList(segment.Rules)
	if err != nil {
		return db.Segment{}, err
	}
	return db.Segment{
		Project:     segment.Project,
		Segment:     segment.Key,
		Name:        segment.Name,
		Description: segment.Description,
		Included:    included,
		Excluded:    excluded,
		Rules:       rules,
		Archived:    segment.Archived,
		Version:     segment.Version,
		CreatedAt:   micros(segment.CreatedAt),
		UpdatedAt:   micros(segment.UpdatedAt),
	}, nil
}

// CreateSegment stores a segment.
func (s *Store) CreateSegment(ctx context.Context, segment store.Segment, by store.Attribution) (store.Segment, error) {
	segment.Archived, segment.Version, segment.CreatedAt, segment.UpdatedAt = false, 1, by.At, by.At
	row, err := segmentRow(segment)
	if err != nil {
		return store.Segment{}, s.wrap(err, "create", "segment %q", segment.Key)
	}
	created, err := segmentOf(row)
	if err != nil {
		return store.Segment{}, s.wrap(err, "create", "segment %q", segment.Key)
	}
	err = s.write(ctx, by, func(tx *writeTx) error {
		if _, err := tx.lockProject(ctx, segment.Project); err != nil {
			return err
		}
		if err := tx.SegmentInsert(ctx, db.SegmentInsertParams(row)); err != nil {
			return err
		}
		return tx.recordSegment(ctx, segment.Project, segment.Key, nil, created)
	})
	if err != nil {
		return store.Segment{}, s.wrap(err, "create", "segment %q", segment.Key)
	}
	return created, nil
}

// Segment reads a segment, archived or not.
func (s *Store) Segment(ctx context.Context, project, key string) (store.Segment, error) {
	row, err := s.queries().SegmentGet(ctx, db.SegmentGetParams{Project: project, Segment: key})
	if err != nil {
		return store.Segment{}, s.wrap(err, "read", "segment %q", key)
	}
	return segmentOf(row)
}

// ListSegments gives those that are not archived, by key.
func (s *Store) ListSegments(ctx context.Context, project string) ([]store.Segment, error) {
	rows, err := s.queries().SegmentList(ctx, project)
	if err != nil {
		return nil, s.wrap(err, "list", "segments of project %q", project)
	}
	return tryConvert(rows, segmentOf)
}

// UpdateSegment replaces everything but the key.
func (s *Store) UpdateSegment(
	ctx context.Context, segment store.Segment, ifVersion int64, by store.Attribution,
) (store.Segment, error) {
	updated, err := s.editSegment(ctx, segment.Project, segment.Key, ifVersion, by, func(current *store.Segment) {
		segment.Archived, segment.CreatedAt = current.Archived, current.CreatedAt
		*current = segment
	})
	if err != nil {
		return store.Segment{}, s.wrap(err, "update", "segment %q", segment.Key)
	}
	return updated, nil
}

// ArchiveSegment takes the segment out of every environment.
func (s *Store) ArchiveSegment(ctx context.Context, project, key string, ifVersion int64, by store.Attribution) error {
	_, err := s.editSegment(ctx, project, key, ifVersion, by, func(current *store.Segment) { current.Archived = true })
	return s.wrap(err, "archive", "segment %q", key)
}

// editSegment writes what edit makes of a segment that is not archived.
func (s *Store) editSegment(
	ctx context.Context, project, key string, ifVersion int64, by store.Attribution, edit func(*store.Segment),
) (after store.Segment, err error) {
	err = s.write(ctx, by, func(tx *writeTx) error {
		before, err := tx.lockSegment(ctx, project, key)
		if err != nil {
			return err
		}
		if err := checkVersion(fmt.Sprintf("segment %q", key), before.Version, ifVersion); err != nil {
			return err
		}
		after = before
		edit(&after)
		after.Version, after.UpdatedAt = before.Version+1, by.At
		if after, err = tx.updateSegment(ctx, after); err != nil {
			return err
		}
		return tx.recordSegment(ctx, project, key, before, after)
	})
	return after, err
}

// lockSegment reads a segment under the lock of its project. An archived one is not found.
func (tx *writeTx) lockSegment(ctx context.Context, project, key string) (store.Segment, error) {
	if _, err := tx.lockProject(ctx, project); err != nil {
		return store.Segment{}, err
	}
	row, err := tx.SegmentGet(ctx, db.SegmentGetParams{Project: project, Segment: key})
	if err != nil {
		return store.Segment{}, err
	}
	if row.Archived {
		return store.Segment{}, store.ErrNotFound
	}
	return segmentOf(row)
}

// updateSegment writes a segment and gives it as it is stored.
func (tx *writeTx) updateSegment(ctx context.Context, segment store.Segment) (store.Segment, error) {
	row, err := segmentRow(segment)
	if err != nil {
		return store.Segment{}, err
	}
	err = tx.SegmentUpdate(ctx, db.SegmentUpdateParams{
		Name:        row.Name,
		Description: row.Description,
		Included:    row.Included,
		Excluded:    row.Excluded,
		Rules:       row.Rules,
		Archived:    row.Archived,
		Version:     row.Version,
		UpdatedAt:   row.UpdatedAt,
		Project:     row.Project,
		Segment:     row.Segment,
	})
	if err != nil {
		return store.Segment{}, err
	}
	return segmentOf(row)
}

// recordSegment records the change of a segment in every environment.
func (tx *writeTx) recordSegment(ctx context.Context, project, key string, before, after any) error {
	return tx.recordEverywhere(ctx, project, subject{store.ChangeSegment, key}, before, after,
		func(ref store.EnvironmentRef, revision int64) error {
			return tx.putSegmentRevision(ctx, ref, key, revision)
		})
}

func (tx *writeTx) putSegmentRevision(
	ctx context.Context,
	ref store.EnvironmentRef,
	segment string,
	revision int64,
) error {
	return tx.SegmentRevisionPut(ctx, db.SegmentRevisionPutParams{
		Project: ref.Project, Environment: ref.Environment, Segment: segment, Revision: revision,
	})
}
