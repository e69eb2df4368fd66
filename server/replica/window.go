package replica

// The bounds of a replay window. A client that was away for longer gets the whole snapshot.
const (
	windowPatches = 256
	windowBytes   = 4 << 20
)

// patchFrame is one patch as an event, encoded once for all clients.
type patchFrame struct {
	from, revision int64
	event          []byte
}

// window holds the last patches of an environment, oldest first. Each patch starts at the revision at which the one
// before ends. A window is immutable.
type window struct {
	frames []patchFrame
	bytes  int
}

// with returns the window with f added. The oldest patches are dropped if the new window is too large.
func (w window) with(f patchFrame) window {
	if len(w.frames) > 0 && w.frames[len(w.frames)-1].revision != f.from {
		w = window{}
	}
	size := w.bytes + len(f.event)
	drop := 0
	for drop < len(w.frames) && (size > windowBytes || len(w.frames)-drop >= windowPatches) {
		size -= len(w.frames[drop].event)
		drop++
	}
	frames := make([]patchFrame, 0, len(w.frames)-drop+1)
	frames = append(append(frames, w.frames[drop:]...), f)
	return window{frames: frames, bytes: size}
}

// after returns the events that lead from a revision to the end of the window. It returns false if the window starts
// after the revision or ends before it.
func (w window) after(revision int64) ([][]byte, bool) {
	if len(w.frames) == 0 || revision < w.frames[0].from || revision > w.frames[len(w.frames)-1].revision {
		return nil, false
	}
	var events [][]byte
	for _, f := range w.frames {
		// A client in the middle of a frame gets the whole frame. It ignores, by version, what it has already.
		if f.revision > revision {
			events = append(events, f.event)
		}
	}
	return events, true
}
