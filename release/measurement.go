package release

import (
	"time"

	"github.com/tidegate-io/tidegate/release/stats"
)

// Arm is which side of the comparison a context is on.
type Arm string

// The arms.
const (
	// ArmExposed are contexts that get the variation by chance: the release has opened their bucket.
	ArmExposed Arm = "exposed"
	// ArmUnexposed are contexts that get something else by chance.
	ArmUnexposed Arm = "unexposed"
	// ArmOutside are all others: what they get is no matter of chance (targets, rules, segments), or the code is not
	// there.
	ArmOutside Arm = "outside"
)

// Measurement is what one observer has seen of a release in a span of time, or in one look. It is written once and
// never changes.
type Measurement struct {
	// Observer is the process that has seen it, From when the span began. Both with the step name the measurement.
	Observer string
	From     time.Time
	// Step is the index of the step that was served.
	Step int
	Findings
}

// Findings are the content of a Measurement.
type Findings struct {
	Tallies  []Tally      `json:"tallies,omitempty"`
	Assigned []Assignment `json:"assigned,omitempty"`
	// Exposures are how often applications were served the variation, as they report it.
	Exposures int64   `json:"exposures,omitzero"`
	Checks    []Check `json:"checks,omitempty"`
}

// Tally sums up the events of one name, arm, variation and version.
type Tally struct {
	Metric    string `json:"metric"`
	Arm       Arm    `json:"arm"`
	Variation string `json:"variation,omitempty"`
	// Version is that of the service that sent the events, "" where it did not say.
	Version string  `json:"version,omitempty"`
	Count   int64   `json:"count"`
	Sum     float64 `json:"sum,omitzero"`
	Squares float64 `json:"squares,omitzero"`
	// Histogram holds the values where a quantile is asked for.
	Histogram stats.Histogram `json:"histogram,omitempty"`
}

// Assignment counts the contexts that the observer saw for the first time in the step, while Share buckets of 100 000
// should have been exposed.
type Assignment struct {
	Share     int   `json:"share"`
	Exposed   int64 `json:"exposed"`
	Unexposed int64 `json:"unexposed"`
}

// Check is the outcome of one look at a value elsewhere.
type Check struct {
	Guard string `json:"guard"`
	// Value is the number, where there is one.
	Value *float64 `json:"value,omitempty"`
	Good  bool     `json:"good,omitzero"`
	// Text says what was found, or why nothing was. Missing tells that nothing was.
	Text    string `json:"text"`
	Missing bool   `json:"missing,omitzero"`
}
