package sqlstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

// A writeTx is one write transaction. Everything that it bases a decision on must be read after it has taken the lock
// that guards it. The method raise locks an environment, and lockProject locks a project.
type writeTx struct {
	db.Querier
	by      store.Attribution
	reached map[store.EnvironmentRef]int64
	// recorded is what the last Change is about.
	recorded subject
}

// subject is what a Change is about.
type subject struct {
	kind store.ChangeKind
	key  string
}

// write runs f in one transaction. After the commit, it has the new revisions announced. If f fails with
// errUnchanged, nothing is written, and there is no error.
func (s *Store) write(ctx context.Context, by store.Attribution, f func(*writeTx) error) error {
	var tx *writeTx
	err := s.engine.Write(ctx, func(q db.Querier) error {
		tx = &writeTx{Querier: q, by: by, reached: make(map[store.EnvironmentRef]int64)}
		if err := f(tx); err != nil {
			return err
		}
		return tx.leaveReceipt(ctx)
	})
	if errors.Is(err, errUnchanged) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, h := range s.heralds {
		for ref, revision := range tx.reached {
			h.mailbox.Add(store.Announcement{EnvironmentRef: ref, Revision: revision})
		}
	}
	return nil
}

// raise locks the environment until the end of the transaction and gives its next revision.
func (tx *writeTx) raise(ctx context.Context, ref store.EnvironmentRef) (int64, error) {
	revision, err := tx.EnvironmentRaise(ctx, db.EnvironmentRaiseParams(ref))
	if err != nil {
		return 0, operationError(err, "lock", "environment %s/%s", ref.Project, ref.Environment)
	}
	if err := tx.checkMoved(ctx, ref, revision-1); err != nil {
		return 0, err
	}
	tx.reached[ref] = revision
	return revision, nil
}

// lockProject locks the project until the end of the transaction, so that its environments stay the same.
func (tx *writeTx) lockProject(ctx context.Context, project string) (db.Project, error) {
	row, err := tx.ProjectLock(ctx, project)
	if err != nil {
		return db.Project{}, operationError(err, "lock", "project %q", project)
	}
	return row, nil
}

// record stores the Change of one revision. A nil before means that there was nothing; a nil after, that there is
// nothing.
func (tx *writeTx) record(
	ctx context.Context,
	ref store.EnvironmentRef,
	revision int64,
	what subject,
	before, after any,
) error {
	beforeJSON, err := encodeNullable(before)
	if err != nil {
		return err
	}
	afterJSON, err := encodeNullable(after)
	if err != nil {
		return err
	}
	err = tx.ChangeInsert(ctx, db.ChangeInsertParams{
		Project:     ref.Project,
		Environment: ref.Environment,
		Revision:    revision,
		At:          micros(tx.by.At),
		ActorKind:   string(tx.by.Actor.Kind),
		ActorName:   tx.by.Actor.Name,
		Kind:        string(what.kind),
		Key:         what.key,
		Reason:      tx.by.Reason,
		Before:      beforeJSON,
		After:       afterJSON,
	})
	if err != nil {
		return fmt.Errorf("record change: %w", err)
	}
	tx.recorded = what
	return nil
}

// recordEverywhere makes one Change in each environment of a locked project, in the order of their keys. It calls f
// with the new revision of each environment.
func (tx *writeTx) recordEverywhere(
	ctx context.Context, project string, what subject, before, after any,
	f func(ref store.EnvironmentRef, revision int64) error,
) error {
	environments, err := tx.EnvironmentListByProject(ctx, project)
	if err != nil {
		return fmt.Errorf("list environments of project %q: %w", project, err)
	}
	slices.SortFunc(environments, func(a, b db.Environment) int { return cmp.Compare(a.Environment, b.Environment) })

	for _, environment := range environments {
		ref := store.EnvironmentRef{Project: project, Environment: environment.Environment}
		revision, err := tx.raise(ctx, ref)
		if err != nil {
			return err
		}
		if err := f(ref, revision); err != nil {
			return err
		}
		if err := tx.record(ctx, ref, revision, what, before, after); err != nil {
			return err
		}
	}
	return nil
}
