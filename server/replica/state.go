package replica

import (
	"sync"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// State is what a replica knows of one environment at one moment. It is immutable and safe for concurrent use.
type State struct {
	Snapshot *evaluator.Snapshot
	// ContentRevision is the revision at which a flag or segment last changed. If that is unknown, it is a later
	// revision. Deployments, keys and the like raise the revision, but not ContentRevision.
	ContentRevision int64
	// At is when this replica learned of ContentRevision.
	At time.Time

	size       int64 // at least that of the definition as JSON
	superseded chan struct{}
	patches    window
	full       func() (snapshotFrame, error)
}

// newState makes the state of a whole snapshot. There is nothing to replay yet.
func newState(s *evaluator.Snapshot, now time.Time) *State {
	return &State{
		Snapshot:        s,
		ContentRevision: s.Revision(),
		At:              now,
		superseded:      make(chan struct{}),
		full:            sync.OnceValues(func() (snapshotFrame, error) { return encodeSnapshot(s) }),
	}
}

// patched is the state after the patch p. s must be the snapshot after p; frame is p as an event.
func (st *State) patched(s *evaluator.Snapshot, p evaluator.Patch, frame []byte, now time.Time) *State {
	next := newState(s, now)
	if !changesContent(p) {
		next.ContentRevision, next.At = st.ContentRevision, st.At
	}
	next.patches = st.patches.with(patchFrame{from: p.From, revision: p.Revision, event: frame})
	return next
}

func changesContent(p evaluator.Patch) bool {
	return len(p.Flags)+len(p.RemovedFlags)+len(p.Segments)+len(p.RemovedSegments) > 0
}

// Cursor is the place of the snapshot in the environment's history.
func (st *State) Cursor() store.Cursor {
	return store.Cursor{Epoch: st.Snapshot.Epoch(), Revision: st.Snapshot.Revision()}
}

// Superseded is closed when the replica has a newer state of the environment.
func (st *State) Superseded() <-chan struct{} { return st.superseded }

// JSON returns the definition of the snapshot as JSON. It is encoded once for all who ask; nobody may change it.
func (st *State) JSON() ([]byte, error) {
	full, err := st.full()
	return full.json, err
}

// Since returns the events that bring a client from a cursor to this state. These are patches if the replay window
// reaches back to the cursor. Otherwise it is the whole snapshot. All clients share the bytes.
func (st *State) Since(at store.Cursor) ([][]byte, error) {
	if at.Epoch == st.Snapshot.Epoch() {
		// If the client is ahead of this replica, a faster replica has served it before.
		if at.Revision >= st.Snapshot.Revision() {
			return nil, nil
		}
		if events, ok := st.patches.after(at.Revision); ok {
			return events, nil
		}
	}
	full, err := st.full()
	if err != nil {
		return nil, err
	}
	return [][]byte{full.event}, nil
}
