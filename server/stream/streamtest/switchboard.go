package streamtest

import (
	"context"
	"errors"
	"sync"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/replica"
	"github.com/tidegate-io/tidegate/store"
)

// Switchboard is a database that can be disconnected and replaced by another. After Connect has returned, nothing is
// read from the database before: Connect waits for reads that are in progress.
//
// Its methods are those of a replica.Truth.
type Switchboard struct {
	mu    sync.RWMutex
	truth replica.Truth
}

// ErrAway is the error of every method while no database is connected.
var ErrAway = errors.New("the database is away")

// NewSwitchboard returns one that is connected to truth.
func NewSwitchboard(truth replica.Truth) *Switchboard { return &Switchboard{truth: truth} }

// Connect connects another database. nil means that the database is away.
func (s *Switchboard) Connect(truth replica.Truth) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.truth = truth
}

// ListEnvironments asks the database.
func (s *Switchboard) ListEnvironments(ctx context.Context, project string) ([]store.Environment, error) {
	return ask(s, func(t replica.Truth) ([]store.Environment, error) { return t.ListEnvironments(ctx, project) })
}

// Cursor asks the database.
func (s *Switchboard) Cursor(ctx context.Context, ref store.EnvironmentRef) (store.Cursor, error) {
	return ask(s, func(t replica.Truth) (store.Cursor, error) { return t.Cursor(ctx, ref) })
}

// Definition asks the database.
func (s *Switchboard) Definition(ctx context.Context, ref store.EnvironmentRef) (evaluator.Definition, error) {
	return ask(s, func(t replica.Truth) (evaluator.Definition, error) { return t.Definition(ctx, ref) })
}

// Patch asks the database.
func (s *Switchboard) Patch(ctx context.Context, ref store.EnvironmentRef, from int64) (evaluator.Patch, error) {
	return ask(s, func(t replica.Truth) (evaluator.Patch, error) { return t.Patch(ctx, ref, from) })
}

func ask[T any](s *Switchboard, read func(replica.Truth) (T, error)) (T, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.truth == nil {
		var none T
		return none, ErrAway
	}
	return read(s.truth)
}
