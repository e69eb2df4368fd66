package sqlstore

import (
	"context"
	"fmt"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

// maxUnseen is the limit for looking at the Changes since a check one by one. With more Changes, none is looked at.
const maxUnseen = 200

// checkMoved fails with ErrMoved if the check of a write may not hold any more. That is so if the locked environment
// has changed, since the revision of the check, in a way that the check may depend on. Most changes are not of that
// kind. So a write whose check takes long succeeds even where many flags are switched. It looks at an
// environment once: later revisions in the same transaction are those of the write itself.
func (tx *writeTx) checkMoved(ctx context.Context, ref store.EnvironmentRef, current int64) error {
	if _, raised := tx.reached[ref]; raised || tx.by.Checked == nil {
		return nil
	}
	checked, known := tx.by.Checked[ref]
	if known && checked == current {
		return nil
	}
	moved := fmt.Errorf(
		"check environment %s/%s at revision %d, now %d: %w",
		ref.Project,
		ref.Environment,
		checked,
		current,
		store.ErrMoved,
	)
	if !known || checked > current || current-checked > maxUnseen {
		return moved
	}
	unseen, err := tx.ChangeList(ctx, db.ChangeListParams{
		Project: ref.Project, Environment: ref.Environment, BeforeRevision: current + 1, N: current - checked,
	})
	if err != nil {
		return fmt.Errorf("list changes of environment %s/%s: %w", ref.Project, ref.Environment, err)
	}
	for _, row := range unseen {
		harmless, err := keepsChecks(changeOf(row))
		if err != nil {
			return err
		}
		if !harmless {
			return moved
		}
	}
	return nil
}

// keepsChecks tells whether everything that was valid before the change is valid after it. That is so if the change
// takes nothing away and refers to nothing new.
func keepsChecks(change store.Change) (bool, error) {
	switch change.Kind {
	case store.ChangeProject, store.ChangeEnvironment, store.ChangeSDKKey, store.ChangeDeployment, store.ChangeWebhook,
		store.ChangeKill, store.ChangeReleasePolicy:
		return true, nil
	case store.ChangeFlag:
		return change.Before == nil, nil // a new flag refers to its own variations alone
	case store.ChangeFlagConfig:
		before, err := decode[evaluator.FlagConfig]("a configuration in the history", change.Before)
		if err != nil {
			return false, err
		}
		after, err := decode[evaluator.FlagConfig]("a configuration in the history", change.After)
		return store.ConfigReferences(after).Within(store.ConfigReferences(before)), err
	default:
		return false, nil
	}
}
