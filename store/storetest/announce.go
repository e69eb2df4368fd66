package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// RunAnnounces requires that a store announces everything that it has committed, and nothing else. It announces on
// the bus that open gave to the store.
func RunAnnounces(t *testing.T, open func(t *testing.T) (store.Store, store.Bus)) {
	opened, bus := open(t)
	s := setup(t, func(*testing.T) store.Store { return opened })
	listener := listen(t, bus)

	createFlag(t, s, "cart")
	listener.requireHeard(t, store.Announcement{EnvironmentRef: inProduction, Revision: 2})
	// A release and its configuration are two revisions of one transaction.
	ref := flagIn(inProduction, "cart")
	_, err := s.PutRelease(
		t.Context(),
		pendingRelease(ref),
		&store.ConfigWrite{Config: fullConfig(), IfVersion: 1},
		store.AnyVersion,
		ada(2),
	)
	require.NoError(t, err)
	require.EqualValues(t, 4, listener.nextIn(t, inProduction), "revision 3 was never the newest")

	_, err = s.UpdateFlagConfig(t.Context(), ref, fullConfig(), 1, ada(3))
	requireConflict(t, err, 2)
	require.NoError(t, s.SetFleetLatch(t.Context(), ref, release.Latch{Open: false}, ada(3)))
	_, err = s.UpdateFlagConfig(t.Context(), ref, fullConfig(), 2, ada(3))
	require.NoError(t, err)
	require.EqualValues(
		t,
		5,
		listener.nextIn(t, inProduction),
		"neither a conflict nor what changes nothing is announced",
	)
}

// nextIn gives the next revision that is announced for an environment.
func (l *listener) nextIn(t *testing.T, ref store.EnvironmentRef) int64 {
	t.Helper()
	for {
		if a := await(t, l.heard); a.EnvironmentRef == ref {
			return a.Revision
		}
	}
}
