package release

import (
	"fmt"
	"strings"
	"time"
)

// Duration is a time.Duration that is written as people write it, "10m" or "1h30m", in JSON.
type Duration time.Duration

// String is time.Duration's, without the units that are zero at its end: "10m", not "10m0s".
func (d Duration) String() string {
	s := time.Duration(d).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// MarshalText encodes d as String does.
func (d Duration) MarshalText() ([]byte, error) {
	return []byte(d.String()), nil
}

// UnmarshalText decodes what time.ParseDuration reads.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf(`%q is no duration; write one such as "90s", "10m" or "1h30m"`, text)
	}
	*d = Duration(parsed)
	return nil
}
