package replica

import (
	"context"
	"errors"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// save hands new states to the cache and the disk, each environment at most once in a while, until ctx ends.
func (r *Replica) save(ctx context.Context) {
	tick := time.NewTicker(defaultSaveEvery)
	defer tick.Stop()
	if err := r.disk.sweep(time.Now()); err != nil {
		r.options.Log.Warn("unfinished files stay in the data folder", "error", err)
	}
	failing := false
	for {
		select {
		case <-ctx.Done():
			r.saveLast()
			return
		case <-tick.C:
		}
		err := errors.Join(r.saveUnsaved(ctx), r.saveDirectory(ctx))
		if err != nil && ctx.Err() == nil && !failing {
			r.options.Log.Warn(
				"remembering snapshots failed; a start without the store would find older ones",
				"error",
				err,
			)
		}
		failing = err != nil
	}
}

// saveAgain has everything saved once more, for what kept it may have lost it.
func (r *Replica) saveAgain() {
	for _, e := range r.environments.Load().byRef {
		if e.current() != nil {
			e.unsaved.Store(true)
		}
	}
	r.resave.Store(true)
}

func (r *Replica) saveUnsaved(ctx context.Context) error {
	var errs []error
	for _, e := range r.environments.Load().byRef {
		// What came from the cache or the disk need not go back there.
		if e.unconfirmed.Load() || !e.unsaved.Swap(false) {
			continue
		}
		if err := r.remember(ctx, e.current().Snapshot.Definition()); err != nil {
			e.unsaved.Store(true)
			r.options.Metrics.failures.WithLabelValues("save").Inc()
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// saveLast puts what was not saved yet on the disk. The cache, which may be out of reach, must not hold up the end.
func (r *Replica) saveLast() {
	for _, e := range r.environments.Load().byRef {
		if e.unconfirmed.Load() || !e.unsaved.Swap(false) {
			continue
		}
		if err := r.disk.write(e.current().Snapshot.Definition()); err != nil {
			r.options.Log.Warn("remembering a snapshot failed",
				"project", e.ref.Project, "environment", e.ref.Environment, "error", err)
		}
	}
}

// remember writes def to the disk and the cache. It does the second whether or not the first succeeds.
func (r *Replica) remember(ctx context.Context, def evaluator.Definition) error {
	err := r.disk.write(def)
	if r.options.Cache == nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	return errors.Join(err, r.options.Cache.PutSnapshot(ctx, def))
}

// recall returns what the cache and the disk remember, the better first. Of two of one epoch that is the newer; of two
// epochs the cache's, which all replicas share. The error tells of what cannot be read; nothing remembered is none.
func (r *Replica) recall(ctx context.Context, ref store.EnvironmentRef) ([]evaluator.Definition, error) {
	var defs []evaluator.Definition
	local, localErr := r.disk.read(ref)
	if localErr == nil {
		defs = append(defs, local)
	}
	if r.options.Cache == nil {
		return defs, unlessNotFound(localErr)
	}
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	cached, err := r.options.Cache.Snapshot(ctx, ref)
	if err != nil {
		return defs, errors.Join(unlessNotFound(localErr), unreadable(err))
	}
	if localErr == nil && local.Epoch == cached.Epoch && local.Revision > cached.Revision {
		return append(defs, cached), nil
	}
	return append([]evaluator.Definition{cached}, defs...), unlessNotFound(localErr)
}

// unreadable is err of the cache: a refusal if something is there that cannot be read, nothing if there is nothing.
func unreadable(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if errors.Is(err, store.ErrUnavailable) || errors.Is(err, context.Canceled) {
		return err
	}
	return refusal{err}
}

// unlessNotFound is err unless it says that there is nothing.
func unlessNotFound(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}
