package replica

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/store"
)

// history is an environment whose definition and patches at every revision are known.
type history struct {
	epoch    string
	revision int64
	flags    map[string]evaluator.Flag
	removed  map[string]int64 // by key, when
	state    *State
}

func (h *history) definition() evaluator.Definition {
	def := evaluator.Definition{
		FormatVersion: evaluator.FormatVersion, Project: "shop", Environment: "production", Epoch: h.epoch, Revision: h.revision,
		Flags: []evaluator.Flag{}, Segments: []evaluator.Segment{},
	}
	for _, key := range slices.Sorted(maps.Keys(h.flags)) {
		def.Flags = append(def.Flags, h.flags[key])
	}
	return def
}

// reload makes the state start anew. Then there is nothing to replay.
func (h *history) reload(t *rapid.T) {
	snapshot, _, err := evaluator.Compile(h.definition())
	require.NoError(t, err)
	h.state = newState(snapshot, time.Time{})
}

// change sets or removes a flag, and applies a patch to the state. The patch may start earlier than the state, like a
// patch that a retry reads.
func (h *history) change(t *rapid.T, key string, remove bool, early int64) {
	h.revision++
	delete(h.removed, key)
	h.flags[key] = evaluator.Flag{
		Key: key, Version: h.revision, Type: evaluator.TypeBoolean, Variations: []evaluator.Variation{{Key: "on", Value: json.RawMessage("true")}},
		Config: evaluator.FlagConfig{Enabled: h.revision%2 == 0, Fallthrough: evaluator.Serve{Variation: "on"}},
	}
	if remove {
		delete(h.flags, key)
		h.removed[key] = h.revision
	}
	patch := evaluator.Patch{
		FormatVersion: evaluator.FormatVersion, Epoch: h.epoch, From: max(0, h.state.Snapshot.Revision()-early), Revision: h.revision,
	}
	for _, key := range slices.Sorted(maps.Keys(h.flags)) {
		if h.flags[key].Version > patch.From {
			patch.Flags = append(patch.Flags, h.flags[key])
		}
	}
	for key, at := range h.removed {
		if at > patch.From {
			patch.RemovedFlags = append(patch.RemovedFlags, key)
		}
	}
	next, _, err := h.state.Snapshot.Apply(patch)
	require.NoError(t, err)
	frame, err := encodePatch(patch)
	require.NoError(t, err)
	h.state = h.state.patched(next, patch, frame, time.Time{})
}

// reader is a client. It remembers the id of the last event that it has seen.
type reader struct {
	lastID   string
	snapshot *evaluator.Snapshot
}

func (r *reader) catchUp(t *rapid.T, st *State) {
	at, _ := stream.ParseCursor(r.lastID)
	events, err := st.Since(at)
	require.NoError(t, err)
	for _, event := range events {
		fields := make(map[string][]byte)
		for line := range bytes.Lines(event) {
			if name, value, ok := bytes.Cut(bytes.TrimSpace(line), []byte(": ")); ok {
				fields[string(name)] = value
			}
		}
		r.lastID = string(fields["id"])
		r.apply(t, string(fields["event"]), fields["data"])
	}
}

func (r *reader) apply(t *rapid.T, event string, data []byte) {
	if event == "snapshot" {
		var def evaluator.Definition
		require.NoError(t, json.Unmarshal(data, &def))
		snapshot, _, err := evaluator.Compile(def)
		require.NoError(t, err)
		r.snapshot = snapshot
		return
	}
	var patch evaluator.Patch
	require.NoError(t, json.Unmarshal(data, &patch))
	snapshot, _, err := r.snapshot.Apply(patch)
	require.NoError(t, err)
	r.snapshot = snapshot
}

// A client may come back at any time and from any revision: the events that it gets lead to the same content as a
// fresh snapshot.
func TestEventsLeadToTheFreshSnapshot(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := &history{epoch: "0", revision: 1, flags: make(map[string]evaluator.Flag), removed: make(map[string]int64)}
		h.reload(t)
		readers := make([]reader, 3)
		for i := range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch rapid.SampledFrom([]string{"change", "change", "change", "read", "read", "reload", "restore"}).Draw(t, "step") {
			case "change":
				key := fmt.Sprintf("flag-%d", rapid.IntRange(0, 4).Draw(t, "flag"))
				h.change(t, key, rapid.Bool().Draw(t, "remove"), rapid.Int64Range(0, 3).Draw(t, "early"))
			case "reload":
				h.reload(t)
			case "restore": // an older revision, with what it held, in a new epoch
				h.epoch, h.revision = fmt.Sprint(i+1), 1
				for key, flag := range h.flags {
					flag.Version = 1
					h.flags[key] = flag
				}
				clear(h.removed)
				h.reload(t)
			case "read":
				r := &readers[rapid.IntRange(0, len(readers)-1).Draw(t, "reader")]
				r.catchUp(t, h.state)
				require.Equal(t, h.definition(), r.snapshot.Definition())
				require.Equal(t, stream.FormatCursor(store.Cursor{Epoch: h.epoch, Revision: h.revision}), r.lastID)
			}
		}
	})
}
