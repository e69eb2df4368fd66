package edit

import (
	"fmt"
	"strings"

	"github.com/tidegate-io/tidegate/store"
)

// ConflictError is a version conflict that carries what there is now.
type ConflictError struct {
	store.ConflictError
	// Object is a Project, Environment, Flag, FlagConfig, Segment, ReleasePolicy or Webhook of package store. It has
	// the version that the error names.
	Object any
}

// Unwrap gives the conflict.
func (e *ConflictError) Unwrap() error { return &e.ConflictError }

// KeyError: something was to be created with a key that is not valid.
type KeyError struct{ What string }

// Error says what a key is.
func (e *KeyError) Error() string {
	return "the key of a " + e.What + " must begin with a letter or digit and have only letters, digits, dots, underscores and hyphens, at most 128"
}

// FlagArchivedError: an archived flag stays as it is.
type FlagArchivedError struct{ Key string }

// Error names the flag.
func (e *FlagArchivedError) Error() string {
	return fmt.Sprintf("flag %s is archived and cannot be changed any more", e.Key)
}

// SegmentArchivedError: an archived segment is gone. It is a store.ErrNotFound.
type SegmentArchivedError struct{ Key string }

// Error names the segment.
func (e *SegmentArchivedError) Error() string { return fmt.Sprintf("segment %s is archived", e.Key) }

// Is makes errors.Is(err, store.ErrNotFound) true.
func (e *SegmentArchivedError) Is(target error) bool { return target == store.ErrNotFound }

// FlagInUseError: a flag cannot be archived while something needs it.
type FlagInUseError struct {
	Key string
	// Uses are clauses such as "it is a prerequisite of flag checkout in production".
	Uses []string
}

// Error lists the uses.
func (e *FlagInUseError) Error() string {
	return fmt.Sprintf("flag %s is in use: %s", e.Key, strings.Join(e.Uses, "; "))
}

// SegmentInUseError: a segment cannot be archived while something needs it.
type SegmentInUseError struct {
	Key string
	// Users are the keys of flags and segments, and the names of releases.
	Users []string
}

// Error lists the users.
func (e *SegmentInUseError) Error() string {
	return fmt.Sprintf("segment %s is used by %s", e.Key, strings.Join(e.Users, ", "))
}

// WebhookNotFoundError: the project has no such webhook. It is a store.ErrNotFound.
type WebhookNotFoundError struct{ Project, ID string }

// Error names both.
func (e *WebhookNotFoundError) Error() string {
	return fmt.Sprintf("there is no webhook %q in project %s", e.ID, e.Project)
}

// Is makes errors.Is(err, store.ErrNotFound) true.
func (e *WebhookNotFoundError) Is(target error) bool { return target == store.ErrNotFound }
