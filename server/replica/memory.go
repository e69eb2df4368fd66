package replica

import (
	"context"
	"errors"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// save writes new states to the cache and the disk until ctx ends. It writes each environment at most once per
// interval.
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

// saveAgain makes save write everything once more, because the cache may have lost its content.
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
		// A state that came from the cache or the disk need not be written there again.
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

// saveLast writes unsaved states to the disk. It does not write to the cache: an unreachable cache must not delay the
// end.
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

// remember writes def to the disk and the cache. It writes to the cache even if the disk fails.
func (r *Replica) remember(ctx context.Context, def evaluator.Definition) error {
	err := r.disk.write(def)
	if r.options.Cache == nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	return errors.Join(err, r.options.Cache.PutSnapshot(ctx, def))
}

// recall returns what the cache and the disk remember, the better first. If both are of the same epoch, the newer one
// is the better. If the epochs differ, the one of the cache is the better, because all replicas share the cache. The
// error names what cannot be read. It is no error if nothing is remembered.
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

// unreadable converts an error of the cache. It returns nil if the cache has nothing, and a refusal if the content of
// the cache cannot be read.
func unreadable(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if errors.Is(err, store.ErrUnavailable) || errors.Is(err, context.Canceled) {
		return err
	}
	return refusal{err}
}

// unlessNotFound returns err, or nil if err says that there is nothing.
func unlessNotFound(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}
