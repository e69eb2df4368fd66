package edit

import (
	"context"
	"errors"

	"github.com/tidegate-io/tidegate/server/optimistic"
	"github.com/tidegate-io/tidegate/store"
)

// Change makes an object what an edit wants it to be. It is pure, for it is applied again to what others have made of
// the object meanwhile. What slices, maps and pointers of the object refer to stays as it is.
type Change[T any] func(T) (T, error)

// checkedAt has the revision of each environment at which an edit was checked; nil if it needs no check. A revision
// must be read before, or with, all that the check looks at: whatever changes later then fails the write with
// store.ErrMoved.
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
	// same tells whether there is nothing to write; nil: there always is.
	same  func(before, after T) (bool, error)
	write func(ctx context.Context, after T, ifVersion int64, by store.Attribution) (T, error)
}

// step is an edit that is checked, and not written.
type step[T any] struct {
	before, after T
	checked       checkedAt
	same          bool
}

// plan loads the object, applies the change to it and checks what comes of it. It writes nothing.
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

// update plans and writes, again for as long as others are faster. A conflict carries the object as it is by then.
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
		// It may have been archived in between: the conflict is news enough.
		return written, err
	}
	return written, &ConflictError{
		ConflictError: store.ConflictError{What: conflict.What, Current: o.version(current)}, Object: current,
	}
}

// remove is update for an object that goes as it is.
func remove[T any](ctx context.Context, o object[T], guard Guard, by store.Attribution) error {
	o.complete, o.same = nil, nil
	_, err := update(ctx, o, func(current T) (T, error) { return current, nil }, guard, by)
	return err
}
