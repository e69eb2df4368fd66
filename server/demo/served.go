package demo

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/replica"
	"github.com/tidegate-io/tidegate/store"
)

// Definitions is where an environment is read from.
type Definitions interface {
	Cursor(ctx context.Context, ref store.EnvironmentRef) (store.Cursor, error)
	Definition(ctx context.Context, ref store.EnvironmentRef) (evaluator.Definition, error)
}

// served is the view that the shop's applications have of the flags of one environment. It is safe for concurrent
// use.
type served struct {
	definitions Definitions
	ref         store.EnvironmentRef
	current     atomic.Pointer[evaluator.Snapshot]
}

func newServed(d Definitions, ref store.EnvironmentRef) *served {
	return &served{definitions: d, ref: ref}
}

// refresh reads the environment, if it has changed.
func (s *served) refresh(ctx context.Context) (*evaluator.Snapshot, error) {
	cursor, err := s.definitions.Cursor(ctx, s.ref)
	if err != nil {
		return nil, fmt.Errorf("read cursor: %w", err)
	}
	if known := s.current.Load(); known != nil && known.Epoch() == cursor.Epoch && known.Revision() == cursor.Revision {
		return known, nil
	}
	definition, err := s.definitions.Definition(ctx, s.ref)
	if err != nil {
		return nil, fmt.Errorf("read definition: %w", err)
	}
	// The server reports flags that do not compile; here they are ignored.
	snapshot, _, err := evaluator.Compile(definition)
	if err != nil {
		return nil, fmt.Errorf("compile definition: %w", err)
	}
	s.current.Store(snapshot)
	return snapshot, nil
}

// Snapshot is what was read last. It gives replica.ErrNotReady before the first reading, and for any other
// environment.
func (s *served) Snapshot(ref store.EnvironmentRef) (*evaluator.Snapshot, error) {
	snapshot := s.current.Load()
	if snapshot == nil || ref != s.ref {
		return nil, replica.ErrNotReady
	}
	return snapshot, nil
}
