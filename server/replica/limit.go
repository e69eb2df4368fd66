package replica

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tidegate-io/tidegate/evaluator"
)

// defaultMaxSnapshot bounds an encoded snapshot. It has room for some ten thousands of flags, or for a million
// segment keys. Every SDK that evaluates in-process must load the whole snapshot.
const defaultMaxSnapshot = 128 << 20

// errTooLarge says that a snapshot is larger than Options.MaxSnapshot.
var errTooLarge = errors.New("snapshot too large")

func tooLarge(size, most int64) error {
	return fmt.Errorf(
		"%w: it has %d bytes of JSON, and %d are allowed; archive flags, or move keys of segments into attributes",
		errTooLarge,
		size,
		most,
	)
}

// encodedSize is the length of def as JSON.
func encodedSize(def evaluator.Definition) (int64, error) {
	var count counter
	if err := json.NewEncoder(&count).Encode(def); err != nil {
		return 0, fmt.Errorf("encode definition: %w", err)
	}
	return int64(count), nil
}

// counter counts what is written to it.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// sizeAfter returns an upper bound for the size of next, which is st after a patch of so many bytes. The bound is the
// old size plus the patch: it still counts what the patch replaces. Only when this sum is above the limit is the
// exact size computed.
func (st *State) sizeAfter(next *evaluator.Snapshot, patch int, most int64) (int64, error) {
	size := st.size + int64(patch)
	if size <= most {
		return size, nil
	}
	size, err := encodedSize(next.Definition())
	if err == nil && size > most {
		err = tooLarge(size, most)
	}
	return size, err
}

// The reasons why a snapshot is refused, as labels of the metric.
const (
	refusedSize    = "size"
	refusedFormat  = "format"
	refusedInvalid = "invalid"
)

// refusal marks an error: the snapshot could be read, but must not be served.
type refusal struct{ error }

// Unwrap gives the reason.
func (r refusal) Unwrap() error { return r.error }

// kind is the reason as the label of the metric.
func (r refusal) kind() string {
	switch {
	case errors.Is(r.error, errTooLarge):
		return refusedSize
	case errors.Is(r.error, evaluator.ErrFormat):
		return refusedFormat
	default:
		return refusedInvalid
	}
}
