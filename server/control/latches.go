package control

import (
	"context"
	"errors"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// latches remembers the availability of an environment's flags, so that only what has changed is read again.
type latches struct {
	// known is the position of the environment when it was read; zero: never read.
	known store.Cursor
	flags map[string]*latch
}

// latch is one flag with availability.
type latch struct {
	availability evaluator.Availability
	// stands is the state of availability of scope fleet. Its warning is read when somebody first asks for it.
	stands release.Latch
	warned bool // whether stands has the warning
}

// ofFleet tells whether the latch is one that the loop opens and closes.
func (g *latch) ofFleet() bool { return g.availability.Scope == evaluator.ScopeFleet }

// refresh reads what has changed since the last time. If there was no last time, it reads everything. Anew tells that
// it has read everything. Then the caller must forget what else it remembers of the environment.
func (g *latches) refresh(
	ctx context.Context,
	s Store,
	ref store.EnvironmentRef,
) (removed []string, anew bool, err error) {
	if g.flags == nil {
		return nil, true, g.load(ctx, s, ref)
	}
	patch, err := s.Patch(ctx, ref, g.known.Revision)
	// After a restore from a backup, revisions are counted from the start again.
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

func (g *latches) load(ctx context.Context, s Store, ref store.EnvironmentRef) error {
	definition, err := s.Definition(ctx, ref)
	if err != nil {
		return err
	}
	g.flags = make(map[string]*latch)
	g.take(definition.Flags)
	g.known = store.Cursor{Epoch: definition.Epoch, Revision: definition.Revision}
	return nil
}

func (g *latches) take(flags []evaluator.Flag) {
	for _, flag := range flags {
		delete(g.flags, flag.Key)
		if a := flag.Config.Availability; a != nil {
			g.flags[flag.Key] = &latch{availability: *a, stands: release.Latch{Open: flag.FleetOpen}}
		}
	}
}

// current is the state of the latch of a flag, with its warning.
func (g *latch) current(ctx context.Context, s Store, ref store.FlagRef) (release.Latch, error) {
	if g.warned {
		return g.stands, nil
	}
	config, err := s.FlagConfig(ctx, ref)
	if err != nil {
		return release.Latch{}, err
	}
	g.stands, g.warned = release.Latch{Open: config.FleetOpen, Warning: config.FleetWarning}, true
	return g.stands, nil
}
