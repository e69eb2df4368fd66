package control

import (
	"context"
	"fmt"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// Kill closes a flag in one environment at once, whatever the flag is configured to serve and whatever its release
// does. It is one write. It reads nothing first, so it waits for nothing. A flag that is killed already stays killed.
func (s *Releases) Kill(ctx context.Context, ref store.FlagRef, by store.Attribution) (store.FlagConfig, error) {
	killed, err := s.store.SetKill(ctx, ref, &release.Kill{Reason: by.Reason, By: by.Actor.Name, At: by.At}, by)
	if err != nil {
		return store.FlagConfig{}, err
	}
	s.wake()
	return killed, nil
}

// Restore takes a kill back: the flag serves again what its configuration says. It gives a release.RefusedError for a
// flag that is not killed.
func (s *Releases) Restore(ctx context.Context, ref store.FlagRef, by store.Attribution) (store.FlagConfig, error) {
	config, err := s.store.FlagConfig(ctx, ref)
	if err != nil {
		return store.FlagConfig{}, err
	}
	if config.Kill == nil {
		return store.FlagConfig{}, &release.RefusedError{Message: fmt.Sprintf(
			"Flag %q is not killed in %s; there is nothing to restore.", ref.Flag, ref.Environment)}
	}
	restored, err := s.store.SetKill(ctx, ref, nil, by)
	if err != nil {
		return store.FlagConfig{}, err
	}
	s.wake()
	return restored, nil
}
