package control

import (
	"context"
	"errors"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// gates remembers the availability of an environment's flags, so that only what has changed is read again.
type gates struct {
	// known is where the environment was when it was read; zero: never.
	known store.Cursor
	flags map[string]*gate
}

// gate is one flag with availability.
type gate struct {
	availability evaluator.Availability
	// stands is where availability of scope fleet stands. Its warning is read when it is first asked for.
	stands release.Gate
	warned bool // whether stands has the warning
}

// ofFleet tells whether the gate is one that the loop opens and closes.
func (g *gate) ofFleet() bool { return g.availability.Scope == evaluator.ScopeFleet }

// refresh reads what has changed since the last time, or everything where there is no such time. Anew tells that it was
// everything: what else is remembered of the environment is to be forgotten.
func (g *gates) refresh(ctx context.Context, s Store, ref store.EnvironmentRef) (removed []string, anew bool, err error) {
	if g.flags == nil {
		return nil, true, g.load(ctx, s, ref)
	}
	patch, err := s.Patch(ctx, ref, g.known.Revision)
	// After a restore from a backup revisions are counted anew.
	if errors.Is(err, store.ErrNotFound) || (err == nil && patch.Epoch != g.known.Epoch) {
		return nil, true, g.load(ctx, s, ref)
	}
	if err != nil {
		return nil, false, err
	}
	for _, key := range patch.RemovedFlags {
		delete(g.flags, key)
	}
	g.take(patch.Flags)
	g.known.Revision = patch.Revision
	return patch.RemovedFlags, false, nil
}

func (g *gates) load(ctx context.Context, s Store, ref store.EnvironmentRef) error {
	definition, err := s.Definition(ctx, ref)
	if err != nil {
		return err
	}
	g.flags = make(map[string]*gate)
	g.take(definition.Flags)
	g.known = store.Cursor{Epoch: definition.Epoch, Revision: definition.Revision}
	return nil
}

func (g *gates) take(flags []evaluator.Flag) {
	for _, flag := range flags {
		delete(g.flags, flag.Key)
		if a := flag.Config.Availability; a != nil {
			g.flags[flag.Key] = &gate{availability: *a, stands: release.Gate{Open: flag.FleetOpen}}
		}
	}
}

// current is where the gate of a flag stands, with its warning.
func (g *gate) current(ctx context.Context, s Store, ref store.FlagRef) (release.Gate, error) {
	if g.warned {
		return g.stands, nil
	}
	config, err := s.FlagConfig(ctx, ref)
	if err != nil {
		return release.Gate{}, err
	}
	g.stands, g.warned = release.Gate{Open: config.FleetOpen, Warning: config.FleetWarning}, true
	return g.stands, nil
}
