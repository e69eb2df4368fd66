package release

import "time"

// Verdict is what a guard says about a release now.
type Verdict string

// The verdicts.
const (
	// VerdictGood: enough was measured, and nothing is worse than tolerated.
	VerdictGood Verdict = "good"
	// VerdictWaiting: there is not enough yet.
	VerdictWaiting Verdict = "waiting"
	// VerdictMissing: there is nothing to measure, or nothing to compare with.
	VerdictMissing Verdict = "missing"
	// VerdictBreached: it is worse than tolerated. The verdict stays until somebody resumes or promotes the release.
	VerdictBreached Verdict = "breached"
)

// Reading is where a guard stands.
type Reading struct {
	Guard   string    `json:"guard"`
	Kind    GuardKind `json:"kind,omitempty"`
	Verdict Verdict   `json:"verdict"`
	// Text says it in words, with the figures.
	Text string `json:"text"`
	// Sample is how many of the exposed were measured in the step. Needed is how many there have to be.
	Sample int64 `json:"sample"`
	Needed int64 `json:"needed"`
	// Value is the value of the last check of a guard that looks elsewhere.
	Value *float64 `json:"value,omitempty"`
	// Exposed and Unexposed are both sides since the start of the measurements, over all steps.
	Exposed   *Side `json:"exposed,omitempty"`
	Unexposed *Side `json:"unexposed,omitempty"`
	// Difference is the difference between them, relative to the unexposed.
	Difference *Difference `json:"difference,omitempty"`
	// Slices are the same figures by variation and version, for everybody.
	Slices []Slice `json:"slices,omitempty"`
	// BreachedAt is when the guard was breached.
	BreachedAt *time.Time `json:"breachedAt,omitempty"`
}

// Standing is everything that is measured of a release in the step that it serves.
type Standing struct {
	Readings []Reading
	// Exposures are as in Observation.
	Exposures *int64
	// Measurements is how many measurements were taken in. While it stays the same, everything else changes only with
	// the step.
	Measurements int
}

// Side is what was measured of one arm.
type Side struct {
	// Value is the rate, mean or quantile; nil while there is none.
	Value  *float64 `json:"value,omitempty"`
	Sample int64    `json:"sample"`
}

// Difference is how much more the exposed have than the unexposed, as a share of what the unexposed have. 1 means
// twice as much.
type Difference struct {
	Estimate float64 `json:"estimate"`
	// Lower and Upper each bound the difference, with the confidence of the guard, at all times together; nil while
	// there is no bound.
	Lower *float64 `json:"lower,omitempty"`
	Upper *float64 `json:"upper,omitempty"`
}

// Slice is what was measured of one arm, variation and version.
type Slice struct {
	Arm       Arm    `json:"arm"`
	Variation string `json:"variation,omitempty"`
	Version   string `json:"version,omitempty"`
	Side
}

// Point is what a guard said at one time. It is for a plot.
type Point struct {
	At         time.Time   `json:"at"`
	Step       int         `json:"step"`
	Exposed    *float64    `json:"exposed,omitempty"`
	Unexposed  *float64    `json:"unexposed,omitempty"`
	Difference *Difference `json:"difference,omitempty"`
	// Value is the value of a guard that looks elsewhere.
	Value *float64 `json:"value,omitempty"`
}
