package evaluator

import "encoding/json"

// Explanation is an evaluation with its full trace: what was compared with what, and what was not reached. It
// marshals to JSON.
type Explanation struct {
	Flag        string          `json:"flag"`
	Variation   string          `json:"variation,omitempty"`
	Value       json.RawMessage `json:"value,omitempty"`
	Reason      string          `json:"reason"`
	ErrorCode   string          `json:"errorCode,omitempty"`
	Detail      string          `json:"detail,omitempty"`
	RuleIndex   *int            `json:"ruleIndex,omitempty"`
	RuleID      string          `json:"ruleId,omitempty"`
	FlagVersion int64           `json:"flagVersion,omitempty"`
	Revision    int64           `json:"revision"`
	// Error says why a flag does not compile.
	Error *CompileError `json:"error,omitempty"`

	// TargetingKey is what targets and segments look at, nil if the context has none.
	TargetingKey any `json:"targetingKey,omitempty"`

	Enabled       bool                `json:"enabled"`
	Availability  *AvailabilityTrace  `json:"availability,omitempty"`
	Prerequisites []PrerequisiteTrace `json:"prerequisites,omitempty"`
	Targets       []TargetTrace       `json:"targets,omitempty"`
	Rules         []RuleTrace         `json:"rules,omitempty"`
	Fallthrough   *ServeTrace         `json:"fallthrough,omitempty"`
	Targeting     *TargetingTrace     `json:"targeting,omitempty"`
	// Truncated: the explanation was too long, so that parts of it were left out. The outcome is whole.
	Truncated bool `json:"truncated,omitempty"`

	// Result is what Evaluate returns for the same flag and context.
	Result Result `json:"-"`
}

// Outcome says how one step of an evaluation ended.
type Outcome string

// The outcomes. OutcomeUnknown is the outcome of a condition on something that is missing or of the wrong type. Such a
// condition does not match, and its negation does not match either.
const (
	OutcomeMatched    Outcome = "matched"
	OutcomeNotMatched Outcome = "notMatched"
	OutcomeUnknown    Outcome = "unknown"
	OutcomeNotReached Outcome = "notReached"
)

// AvailabilityTrace compares the service that the context names with the one that has the code.
type AvailabilityTrace struct {
	Outcome       Outcome `json:"outcome"`
	Scope         Scope   `json:"scope"`
	Service       string  `json:"service"`
	Version       string  `json:"version"`
	ActualService any     `json:"actualService,omitempty"`
	ActualVersion any     `json:"actualVersion,omitempty"`
	// FleetOpen is set for scope fleet.
	FleetOpen *bool `json:"fleetOpen,omitempty"`
}

// PrerequisiteTrace tells what another flag served.
type PrerequisiteTrace struct {
	Outcome   Outcome `json:"outcome"`
	Flag      string  `json:"flag"`
	Variation string  `json:"variation"`
	// Explanation is the other flag's. It is nil if that flag was not reached or does not exist, or if there was no
	// room.
	Explanation *Explanation `json:"explanation,omitempty"`
}

// TargetTrace tells whether a target lists the targeting key.
type TargetTrace struct {
	Outcome   Outcome `json:"outcome"`
	Variation string  `json:"variation"`
	// Values are the first keys of the target, ValueCount is how many it has.
	Values     []string `json:"values,omitempty"`
	ValueCount int      `json:"valueCount"`
}

// RuleTrace tells how a rule's clauses ended and, if all matched, what the rule served.
type RuleTrace struct {
	Outcome     Outcome       `json:"outcome"`
	ID          string        `json:"id"`
	Description string        `json:"description,omitempty"`
	Clauses     []ClauseTrace `json:"clauses"`
	Serve       *ServeTrace   `json:"serve,omitempty"`
}

// ClauseTrace compares the actual value of an attribute with the expected ones. Outcome already includes the negation.
type ClauseTrace struct {
	Outcome    Outcome  `json:"outcome"`
	Attribute  string   `json:"attribute,omitempty"`
	Operator   Operator `json:"operator,omitempty"`
	Negate     bool     `json:"negate,omitempty"`
	IgnoreCase bool     `json:"ignoreCase,omitempty"`
	// Expected are the first values of the clause, ExpectedCount is how many it has.
	Expected      []json.RawMessage `json:"expected,omitempty"`
	ExpectedCount int               `json:"expectedCount,omitempty"`
	// Actual is nil if the attribute is missing or the clause was not reached.
	Actual   any            `json:"actual,omitempty"`
	Segments []SegmentTrace `json:"segments,omitempty"`
	Any      []ClauseTrace  `json:"any,omitempty"`
	All      []ClauseTrace  `json:"all,omitempty"`
}

// SegmentTrace tells how the context relates to a segment.
type SegmentTrace struct {
	Outcome Outcome `json:"outcome"`
	Segment string  `json:"segment"`
	// By is "included" or "excluded" if the targeting key is listed, "rule" if a rule matched, "missing" or "invalid"
	// if there is no such segment or it does not compile.
	By    string             `json:"by,omitempty"`
	Rules []SegmentRuleTrace `json:"rules,omitempty"`
}

// SegmentRuleTrace tells how the clauses of a segment's rule ended.
type SegmentRuleTrace struct {
	Outcome     Outcome       `json:"outcome"`
	ID          string        `json:"id"`
	Description string        `json:"description,omitempty"`
	Clauses     []ClauseTrace `json:"clauses"`
}

// ServeTrace tells what a rule or the fallthrough served.
type ServeTrace struct {
	Outcome   Outcome       `json:"outcome"`
	Variation string        `json:"variation,omitempty"`
	Rollout   *RolloutTrace `json:"rollout,omitempty"`
}

// RolloutTrace tells which bucket the context fell into, and which range holds it.
type RolloutTrace struct {
	BucketBy string `json:"bucketBy"`
	Seed     string `json:"seed"`
	// Key is the value of the attribute, nil if it is missing.
	Key any `json:"key,omitempty"`
	// Bucket is nil if the context could not be bucketed.
	Bucket *uint32       `json:"bucket,omitempty"`
	Detail string        `json:"detail,omitempty"`
	Ranges []BucketRange `json:"ranges"`
}

// BucketRange is the half-open range of buckets [From, To) that a variation has.
type BucketRange struct {
	Variation string `json:"variation"`
	From      uint32 `json:"from"`
	To        uint32 `json:"to"`
	Chosen    bool   `json:"chosen,omitempty"`
}
