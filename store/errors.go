package store

import (
	"errors"
	"fmt"
)

// The errors of every implementation. They are wrapped; test with errors.Is.
var (
	// ErrNotFound: there is no such thing.
	ErrNotFound = errors.New("not found")
	// ErrExists: the key is taken. It may belong to something that is archived now.
	ErrExists = errors.New("already exists")
	// ErrConflict: a write was guarded by a version that is not the current one. See ConflictError.
	ErrConflict = errors.New("version conflict")
	// ErrMoved: a write was checked at a revision, and the environment has changed since. See Attribution.Checked.
	ErrMoved = errors.New("environment has moved on")
	// ErrRepeated: the request that asks for this write was applied already. See Requests.
	ErrRepeated = errors.New("already applied")
	// ErrInvalid: a text holds something that the database cannot store, such as the character U+0000.
	ErrInvalid = errors.New("not storable")
	// ErrUnavailable: the database cannot be reached or does not answer in time. A later attempt may succeed.
	ErrUnavailable = errors.New("store unavailable")
	// ErrFull: the disk of the database has no room. Reads still work. It comes with ErrUnavailable, because a later
	// write may succeed.
	ErrFull = errors.New("disk full")
)

// ConflictError is an ErrConflict that knows the current version.
type ConflictError struct {
	What    string
	Current int64
}

// Error says what has changed in the meantime.
func (e *ConflictError) Error() string {
	return fmt.Sprintf("%s has changed: its version is now %d", e.What, e.Current)
}

// Is makes errors.Is(err, ErrConflict) true.
func (e *ConflictError) Is(target error) bool { return target == ErrConflict }

// OperationError says which operation failed, and on which thing.
type OperationError struct {
	// Verb is what was attempted: "create", "lock".
	Verb string
	// What names the thing: `flag "checkout"`.
	What string
	Err  error
}

// Error reads `create flag "checkout": already exists`.
func (e *OperationError) Error() string { return e.Verb + " " + e.What + ": " + e.Err.Error() }

// Unwrap gives the cause of the failure.
func (e *OperationError) Unwrap() error { return e.Err }

// FailedOn names the thing that the last step of an operation failed on. It is empty if no such thing is known.
func FailedOn(err error) (what string) {
	var operation *OperationError
	for errors.As(err, &operation) {
		what, err = operation.What, operation.Err
	}
	return what
}
