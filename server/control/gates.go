package control

import (
	"context"
	"errors"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// gates remembers which flags of an environment have availability of scope fleet, so that only what has changed is read
// again.
type gates struct {
	// known is where the environment was when it was read; zero: never.
	known store.Cursor
	flags map[string]gate
}

// gate is one flag with availability of scope fleet.
type gate struct {
	availability evaluator.Availability
	open         bool
}

// refresh reads what has changed since the last time, or everything where there is no such time.
func (g *gates) refresh(ctx context.Context, s Store, ref store.EnvironmentRef) error {
	if g.flags == nil {
		return g.load(ctx, s, ref)
	}
	patch, err := s.Patch(ctx, ref, g.known.Revision)
	// After a restore from a backup revisions are counted anew.
	if errors.Is(err, store.ErrNotFound) || (err == nil && patch.Epoch != g.known.Epoch) {
		return g.load(ctx, s, ref)
	}
	if err != nil {
		return err
	}
	for _, key := range patch.RemovedFlags {
		delete(g.flags, key)
	}
	g.take(patch.Flags)
	g.known.Revision = patch.Revision
	return nil
}

func (g *gates) load(ctx context.Context, s Store, ref store.EnvironmentRef) error {
	definition, err := s.Definition(ctx, ref)
	if err != nil {
		return err
	}
	g.flags = make(map[string]gate)
	g.take(definition.Flags)
	g.known = store.Cursor{Epoch: definition.Epoch, Revision: definition.Revision}
	return nil
}

func (g *gates) take(flags []evaluator.Flag) {
	for _, flag := range flags {
		if a := flag.Config.Availability; a != nil && a.Scope == evaluator.ScopeFleet {
			g.flags[flag.Key] = gate{availability: *a, open: flag.FleetOpen}
		} else {
			delete(g.flags, flag.Key)
		}
	}
}
