package replica

import (
	"encoding/json"
	"fmt"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/store"
)

// snapshotFrame is a whole definition as an event of the stream of SDKs. json is the data of the event.
type snapshotFrame struct {
	event, json []byte
}

func encodeSnapshot(s *evaluator.Snapshot) (snapshotFrame, error) {
	data, err := json.Marshal(s.Definition())
	if err != nil {
		return snapshotFrame{}, fmt.Errorf(
			"encode snapshot of %s/%s at revision %d: %w",
			s.Project(),
			s.Environment(),
			s.Revision(),
			err,
		)
	}
	event := stream.Frame(stream.FormatCursor(store.Cursor{Epoch: s.Epoch(), Revision: s.Revision()}), "snapshot", data)
	end := len(event) - len("\n\n")
	return snapshotFrame{event: event, json: event[end-len(data) : end]}, nil
}

func encodePatch(p evaluator.Patch) ([]byte, error) {
	data, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("encode patch to revision %d: %w", p.Revision, err)
	}
	return stream.Frame(stream.FormatCursor(store.Cursor{Epoch: p.Epoch, Revision: p.Revision}), "patch", data), nil
}
