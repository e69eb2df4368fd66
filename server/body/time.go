package body

import (
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The range of times that is accepted everywhere. Later times would leave no room for what is computed from them,
// such as the next opening of a release window.
const (
	earliest = "1970-01-01T00:00:00Z"
	latest   = "2199-12-31T23:59:59Z"

	earliestSeconds = 0
	latestSeconds   = 7258118399
)

// ErrTime is the error of a time that is out of range.
var ErrTime = fmt.Errorf("must be a time from %s to %s", earliest, latest)

var errNoTime = errors.New("must be a time as RFC 3339 has it, for instance 2026-12-01T09:00:00Z")

// CheckTime reports whether the time is in the range of those that are accepted.
func CheckTime(t time.Time) error {
	if seconds := t.Unix(); seconds < earliestSeconds || seconds > latestSeconds {
		return ErrTime
	}
	return nil
}

// times decodes times in the usual way, but refuses times that are out of range.
func times() json.Options {
	return json.WithUnmarshalers(json.UnmarshalFromFunc(func(d *jsontext.Decoder, t *time.Time) error {
		value, err := d.ReadValue()
		if err != nil {
			return err
		}
		if value.Kind() == 'n' {
			return nil
		}
		if json.Unmarshal(value, t) != nil {
			return errNoTime
		}
		return CheckTime(*t)
	}))
}
