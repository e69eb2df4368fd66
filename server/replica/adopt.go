package replica

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// load reads the whole definition from the store.
func (e *environment) load(ctx context.Context) error {
	select {
	case e.replica.loads <- struct{}{}:
		defer func() { <-e.replica.loads }()
	case <-ctx.Done():
		return ctx.Err()
	}
	asking, cancel := context.WithTimeout(ctx, loadTimeout)
	defer cancel()
	def, err := e.replica.truth.Definition(asking, e.ref)
	if err != nil {
		return fmt.Errorf("read definition: %w", err)
	}
	if err := e.adopt(def); err != nil {
		return err
	}
	e.agree()
	e.unsaved.Store(true)
	return nil
}

// recall starts from what the cache or the disk remembers. It takes the better of the two that can be served. The
// error names what cannot be served. It is no error if nothing is remembered.
func (e *environment) recall(ctx context.Context) error {
	defs, err := e.replica.recall(ctx, e.ref)
	errs := []error{err}
	for _, def := range defs {
		if err := e.adopt(def); err != nil {
			errs = append(errs, fmt.Errorf("use the last good snapshot: %w", err))
			continue
		}
		e.unconfirmed.Store(true)
		e.replica.options.Log.Warn("serving the last good snapshot until the store answers",
			"project", e.ref.Project, "environment", e.ref.Environment, "revision", def.Revision)
		break
	}
	return errors.Join(errs...)
}

// adopt compiles def and serves it. It does nothing if the same revision of the same epoch, or a later one, is served
// already. The error is a refusal if def must not be served.
func (e *environment) adopt(def evaluator.Definition) error {
	if (store.EnvironmentRef{Project: def.Project, Environment: def.Environment}) != e.ref {
		return refusal{
			fmt.Errorf(
				"definition is of %s/%s, not of %s/%s",
				def.Project,
				def.Environment,
				e.ref.Project,
				e.ref.Environment,
			),
		}
	}
	st := e.current()
	if st != nil && st.Snapshot.Epoch() == def.Epoch && def.Revision <= st.Snapshot.Revision() {
		return nil
	}
	size, err := encodedSize(def)
	if err != nil {
		return refusal{err}
	}
	if most := e.replica.options.MaxSnapshot; size > most {
		return refusal{fmt.Errorf("definition of revision %d: %w", def.Revision, tooLarge(size, most))}
	}
	snapshot, problems, err := evaluator.Compile(def)
	if err != nil {
		return refusal{fmt.Errorf("compile definition of revision %d: %w", def.Revision, err)}
	}
	next := newState(snapshot, time.Now())
	next.size = size
	e.swap(next, problems)
	return nil
}

// swap serves next and wakes everybody who waits for a new state.
func (e *environment) swap(next *State, problems []evaluator.Problem) {
	labels := []string{e.ref.Project, e.ref.Environment}
	for _, p := range problems {
		e.replica.options.Log.Error("kept out of the snapshot: it does not compile",
			"project", e.ref.Project, "environment", e.ref.Environment, "revision", next.Snapshot.Revision(),
			"kind", p.Kind, "key", p.Key, "error", p.Err)
	}
	e.replica.options.Metrics.kept.WithLabelValues(labels...).Add(float64(len(problems)))
	e.replica.options.Metrics.revision.WithLabelValues(labels...).Set(float64(next.Snapshot.Revision()))

	old := e.state.Swap(next)
	e.unsaved.Store(true)
	var from store.Cursor
	if old == nil {
		close(e.loaded)
	} else {
		from = old.Cursor()
		close(old.superseded)
	}
	if moved := e.replica.options.Moved; moved != nil {
		moved(e.ref, from, next.Cursor())
	}
}
