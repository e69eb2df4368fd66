package edit

import (
	"context"
	"errors"

	"github.com/tidegate-io/tidegate/server/optimistic"
	"github.com/tidegate-io/tidegate/store"
)

// Change turns an object into what an edit wants it to be. It must be pure: it is applied again if others have
// changed the object meanwhile. It must not change what the object's slices, maps and pointers refer to.
type Change[T any] func(T) (T, error)

// checkedAt has, for each environment, the revision at which an edit was checked. It is nil if the edit needs no
// check. A revision must be read before, or together with, everything that the check looks at. Then any later change
// makes the write fail with store.ErrMoved.
type checkedAt map[store.EnvironmentRef]int64

// object is something that can be edited, and how.
type object[T any] struct {
	// what names it in messages.
	what    string
	load    func(ctx context.Context) (T, error)
	version func(T) int64
	// complete fills in what an edit may leave out, and checks what can be said of the object alone. It is pure.
	complete func(before, after T) (T, error)
	// check checks the object against all that it may break.
	check func(ctx context.Context, before, after T) (checkedAt, error)
	// same tells whether there is nothing to write. If it is nil, there is always something to write.
	same  func(before, after T) (bool, error)
	write func(ctx context.Context, after T, ifVersion int64, by store.Attribution) (T, error)
}

// step is an edit that is checked but not written.
type step[T any] struct {
	before, after T
	checked       checkedAt
	same          bool
}

// plan loads the object, applies the change to it and checks the result. It writes nothing.
func (o object[T]) plan(ctx context.Context, change Change[T], guard Guard) (s step[T], err error) {
	if s.before, err = o.load(ctx); err != nil {
		return s, err
	}
	if err = guard.Check(o.what, o.version(s.before)); err != nil {
		return s, err
	}
	if s.after, err = change(s.before); err != nil {
		return s, err
	}
	if o.complete != nil {
		if s.after, err = o.complete(s.before, s.after); err != nil {
			return s, err
		}
	}
	if o.check != nil {
		if s.checked, err = o.check(ctx, s.before, s.after); err != nil {
			return s, err
		}
	}
	if o.same != nil {
		s.same, err = o.same(s.before, s.after)
	}
	return s, err
}

// update plans and writes. It repeats both if others write in between. A conflict carries the object as it is then.
func update[T any](ctx context.Context, o object[T], change Change[T], guard Guard, by store.Attribution) (T, error) {
	written, err := optimistic.Write(ctx, guard.Named, func() (T, error) {
		s, err := o.plan(ctx, change, guard)
		if err != nil || s.same {
			return s.before, err
		}
		by := by
		by.Checked = s.checked
		return o.write(ctx, s.after, o.version(s.before), by)
	})
	var conflict *store.ConflictError
	if !errors.As(err, &conflict) {
		return written, err
	}
	current, readErr := o.load(ctx)
	if readErr != nil {
		// The object may have been archived in between. Then the conflict is reported without it.
		return written, err
	}
	return written, &ConflictError{
		ConflictError: store.ConflictError{What: conflict.What, Current: o.version(current)}, Object: current,
	}
}

// remove is update for an object that is deleted without a change.
func remove[T any](ctx context.Context, o object[T], guard Guard, by store.Attribution) error {
	o.complete, o.same = nil, nil
	_, err := update(ctx, o, func(current T) (T, error) { return current, nil }, guard, by)
	return err
}
