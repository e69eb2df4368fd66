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
	// ArmOutside are all others. What they get does not depend on chance (targets, rules, segments), or the code is
	// not there.
	ArmOutside Arm = "outside"
)

// Measurement is what one observer has seen of a release, in a span of time or in one look. It is written once and
// never changes.
type Measurement struct {
	// Observer is the process that has seen it. From is when the span began. Observer, From and Step name the
	// measurement.
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
	// Exposures is how often applications were served the variation, by their own report.
	Exposures int64   `json:"exposures,omitzero"`
	Checks    []Check `json:"checks,omitempty"`
}

// Tally sums up the events that have the same name, arm, variation and version.
type Tally struct {
	Metric    string `json:"metric"`
	Arm       Arm    `json:"arm"`
	Variation string `json:"variation,omitempty"`
	// Version is the version of the service that sent the events, "" if the service did not say.
	Version string  `json:"version,omitempty"`
	Count   int64   `json:"count"`
	Sum     float64 `json:"sum,omitzero"`
	Squares float64 `json:"squares,omitzero"`
	// Histogram holds the values if a guard asks for a quantile.
	Histogram stats.Histogram `json:"histogram,omitempty"`
}

// Assignment counts the contexts that the observer saw for the first time in the step. Share is how many of 100 000
// buckets should have been exposed then.
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
	// Text says what was found, or why nothing was found. Missing tells that nothing was found.
	Text    string `json:"text"`
	Missing bool   `json:"missing,omitzero"`
}
