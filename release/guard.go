package release

// Guard is a measurement that a release must not worsen. A rate, mean or quantile guard compares the contexts that
// the release exposes with those that it does not expose. It uses events that applications track. A prometheus or web
// guard looks at a value elsewhere.
type Guard struct {
	// Name is unique among the guards of a release.
	Name string    `json:"name"`
	Kind GuardKind `json:"kind"`
	// Metric is the name of the tracked event. A rate counts the events, a mean or quantile uses their values.
	Metric string `json:"metric,omitempty"`
	// Per is the name of the event that a rate is relative to: checkout.error per checkout.attempt.
	Per string `json:"per,omitempty"`
	// Quantile says which quantile a quantile guard compares, 0.95 unless set.
	Quantile float64 `json:"quantile,omitzero"`
	// Query is the PromQL expression of a prometheus guard. Its value is one number.
	Query string `json:"query,omitempty"`
	// URL is the address that a web guard gets. A status that is not 2xx is bad.
	URL string `json:"url,omitempty"`
	// Pointer is the JSON pointer (RFC 6901) to a number or boolean in the answer to a web guard. That value decides.
	// Without a pointer, the status alone decides.
	Pointer string `json:"pointer,omitempty"`
	// Threshold is the limit for the number of a prometheus or web guard. A number equal to it is still good.
	Threshold *float64 `json:"threshold,omitempty"`
	// Failures is how many checks in a row have to be bad for a breach, 1 unless set.
	Failures int `json:"failures,omitzero"`
	// Better says whether lower or higher is better, lower unless set.
	Better Better `json:"better,omitempty"`
	// Tolerance is by how much the exposed may be worse, as a share of what the unexposed have: 0.1 is a tenth.
	Tolerance float64 `json:"tolerance,omitzero"`
	// MinSample is the least sample before the guard says anything; DefaultMinSample unless set. So many of the
	// exposed have to be measured in every step, and so many of the unexposed since the start.
	MinSample int64 `json:"minSample,omitzero"`
	// OnBreach is what happens to the release, revert unless set.
	OnBreach OnBreach `json:"onBreach,omitempty"`
	// MissingData says what to do if the guard has seen too little but everything else is ready for the next step:
	// hold unless set.
	MissingData MissingData `json:"missingData,omitempty"`
}

// GuardKind is how a guard measures.
type GuardKind string

// The kinds of guards.
const (
	GuardRate       GuardKind = "rate"
	GuardMean       GuardKind = "mean"
	GuardQuantile   GuardKind = "quantile"
	GuardPrometheus GuardKind = "prometheus"
	GuardWeb        GuardKind = "web"
)

// Better is a direction.
type Better string

// The directions.
const (
	BetterLower  Better = "lower"
	BetterHigher Better = "higher"
)

// OnBreach is the reaction of a release to a guard that is breached.
type OnBreach string

// The reactions to a breach.
const (
	OnBreachRevert OnBreach = "revert"
	OnBreachPause  OnBreach = "pause"
)

// MissingData is the reaction of a release to a guard that has seen too little.
type MissingData string

// The reactions to missing data.
const (
	// MissingHold waits for as long as it takes.
	MissingHold MissingData = "hold"
	// MissingPause pauses the release, for a person to look.
	MissingPause MissingData = "pause"
	// MissingIgnore goes on.
	MissingIgnore MissingData = "ignore"
)

const (
	// Alpha is the greatest share of harmless releases that all guards of a release together revert or pause by
	// chance.
	Alpha = 0.05
	// DefaultMinSample is the least sample of a guard that sets none.
	DefaultMinSample = 100
	// defaultQuantile is the quantile of a guard that sets none.
	defaultQuantile = 0.95
)

// Compares tells whether the guard compares the exposed with the unexposed. If not, it checks a value elsewhere.
func (g Guard) Compares() bool {
	return g.Kind == GuardRate || g.Kind == GuardMean || g.Kind == GuardQuantile
}

// Sample is the guard's least sample.
func (g Guard) Sample() int64 {
	if g.MinSample == 0 {
		return DefaultMinSample
	}
	return g.MinSample
}

func (g Guard) higherIsBetter() bool { return g.Better == BetterHigher }

func (g Guard) quantile() float64 {
	if g.Quantile == 0 {
		return defaultQuantile
	}
	return g.Quantile
}

// badChecks is how many bad checks in a row make a breach.
func (g Guard) badChecks() int { return max(1, g.Failures) }

// Good tells whether the value is no worse than the threshold.
func (g Guard) Good(value float64) bool {
	switch {
	case g.Threshold == nil:
		return true
	case g.higherIsBetter():
		return value >= *g.Threshold
	default:
		return value <= *g.Threshold
	}
}
