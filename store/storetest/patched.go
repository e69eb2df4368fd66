package storetest

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// patched applies a patch in the simplest way.
func patched(d evaluator.Definition, p evaluator.Patch) evaluator.Definition {
	flags := make(map[string]evaluator.Flag)
	for _, f := range slices.Concat(d.Flags, p.Flags) {
		flags[f.Key] = f
	}
	for _, key := range p.RemovedFlags {
		delete(flags, key)
	}
	segments := make(map[string]evaluator.Segment)
	for _, segment := range slices.Concat(d.Segments, p.Segments) {
		segments[segment.Key] = segment
	}
	for _, key := range p.RemovedSegments {
		delete(segments, key)
	}
	d.Revision = p.Revision
	d.Flags = slices.AppendSeq([]evaluator.Flag{}, maps.Values(flags))
	slices.SortFunc(d.Flags, func(a, b evaluator.Flag) int { return cmp.Compare(a.Key, b.Key) })
	d.Segments = slices.AppendSeq([]evaluator.Segment{}, maps.Values(segments))
	slices.SortFunc(d.Segments, func(a, b evaluator.Segment) int { return cmp.Compare(a.Key, b.Key) })
	return d
}

// writes are writes that a definition may depend on, and some writes that it must not depend on.
func writes() []func(t *testing.T, s store.Store, key string) error {
	return []func(t *testing.T, s store.Store, key string) error{
		func(t *testing.T, s store.Store, key string) error {
			_, err := s.CreateFlag(t.Context(), booleanFlag(key), offConfig(), ada(1))
			return err
		},
		func(t *testing.T, s store.Store, key string) error {
			flag := booleanFlag(key)
			flag.ClientSide = true
			_, err := s.UpdateFlag(t.Context(), flag, store.AnyVersion, ada(2))
			return err
		},
		func(t *testing.T, s store.Store, key string) error {
			_, err := s.UpdateFlagConfig(t.Context(), flagIn(inProduction, key), fullConfig(), store.AnyVersion, ada(3))
			return err
		},
		func(t *testing.T, s store.Store, key string) error {
			_, err := s.UpdateFlagConfig(t.Context(), flagIn(inStaging, key), fullConfig(), store.AnyVersion, ada(3))
			return err
		},
		func(t *testing.T, s store.Store, key string) error {
			return s.SetFleetLatch(t.Context(), flagIn(inProduction, key), release.Latch{Open: key < "c"}, ada(4))
		},
		func(t *testing.T, s store.Store, key string) error {
			config := fullConfig()
			config.Enabled = false
			_, err := s.PutRelease(
				t.Context(),
				pendingRelease(flagIn(inProduction, key)),
				&store.ConfigWrite{Config: config},
				store.AnyVersion,
				ada(5),
			)
			return err
		},
		func(t *testing.T, s store.Store, key string) error {
			return s.ArchiveFlag(t.Context(), shop, key, store.AnyVersion, ada(6))
		},
		func(t *testing.T, s store.Store, key string) error {
			_, err := s.CreateSegment(t.Context(), store.Segment{Project: shop, Key: key}, ada(7))
			return err
		},
		func(t *testing.T, s store.Store, key string) error {
			_, err := s.UpdateSegment(
				t.Context(),
				store.Segment{Project: shop, Key: key, Included: []string{key}},
				store.AnyVersion,
				ada(8),
			)
			return err
		},
		func(t *testing.T, s store.Store, key string) error {
			return s.ArchiveSegment(t.Context(), shop, key, store.AnyVersion, ada(9))
		},
		func(t *testing.T, s store.Store, key string) error {
			_, _, err := s.PutDeployment(t.Context(), deployment(key, "checkout", 1), ada(10))
			return err
		},
	}
}

// isRefusal tells whether the store refused a write because of its state. In a random history that happens.
func isRefusal(err error) bool {
	return errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrExists)
}
