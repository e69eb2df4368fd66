package evaluator

import (
	"bytes"
	"encoding/json"
)

// Type is the type of all values of a flag. It never changes once a flag exists.
type Type string

// The four flag types, as OpenFeature resolves them. A number is served to integer and to float callers.
const (
	TypeBoolean Type = "boolean"
	TypeString  Type = "string"
	TypeNumber  Type = "number"
	TypeObject  Type = "object"
)

// Variation is one named value of a flag.
type Variation struct {
	Key         string          `json:"key"`
	Name        string          `json:"name,omitempty"`
	Description string          `json:"description,omitempty"`
	Value       json.RawMessage `json:"value"`
}

// IsEmpty tells an empty text and an object without members.
func (v *Variation) IsEmpty() bool {
	var compact bytes.Buffer
	return json.Compact(&compact, v.Value) == nil && (compact.String() == `""` || compact.String() == "{}")
}

// Flag is everything evaluation needs to know of one flag in one environment.
type Flag struct {
	Key string `json:"key"`
	// Version is the environment's revision at which this flag last changed. A patch with a lower or equal
	// version is ignored.
	Version    int64       `json:"version"`
	Type       Type        `json:"type"`
	Variations []Variation `json:"variations"`
	// ClientSide flags are visible to client SDK keys.
	ClientSide bool       `json:"clientSide,omitempty"`
	Config     FlagConfig `json:"config"`
	// FleetOpen is the fact that availability of scope fleet asks for: every live instance of the service has the
	// code. It is decided outside the evaluator. It is false whenever the fact is unknown.
	FleetOpen bool `json:"fleetOpen,omitempty"`
	// Killed says that somebody has killed the flag. Config.Enabled is false then, whatever was configured.
	Killed bool `json:"killed,omitempty"`
}

// FlagConfig says what a flag serves in one environment.
type FlagConfig struct {
	Enabled bool `json:"enabled"`
	// OffVariation is served while the flag is off, unavailable or cannot be bucketed; nil leaves the answer to the
	// caller's code default.
	OffVariation  *string        `json:"offVariation"`
	Targets       []Target       `json:"targets,omitempty"`
	Rules         []Rule         `json:"rules,omitempty"`
	Fallthrough   Serve          `json:"fallthrough"`
	Prerequisites []Prerequisite `json:"prerequisites,omitempty"`
	Availability  *Availability  `json:"availability,omitempty"`
	// Targeting is an expression in flagd's JSONLogic. It takes the place of targets, rules and fallthrough, which are
	// empty then. It gives the key of a variation, or null for the off variation. Besides its operator it may have
	// "$evaluators": named expressions that {"$ref": name} stands for.
	Targeting json.RawMessage `json:"targeting,omitempty"`
}

// Target serves one variation to the listed targeting keys, before any rule.
type Target struct {
	Variation string   `json:"variation"`
	Values    []string `json:"values"`
}

// Rule serves its Serve to the contexts that match all of its clauses. A rule without clauses matches every context.
type Rule struct {
	ID          string   `json:"id"`
	Description string   `json:"description,omitempty"`
	Clauses     []Clause `json:"clauses"`
	Serve       Serve    `json:"serve"`
}

// Clause is one condition: either a comparison (Attribute, Operator, Values) or a group (Any or All), never both.
type Clause struct {
	Attribute string `json:"attribute,omitempty"`
	// Operator is one of the Operator constants.
	Operator Operator `json:"operator,omitempty"`
	// Values are alternatives: the clause matches if any of them does.
	Values []json.RawMessage `json:"values,omitempty"`
	// IgnoreCase compares strings without regard to case (Unicode simple folding); string operators only.
	IgnoreCase bool `json:"ignoreCase,omitempty"`
	// Negate swaps yes and no. It changes nothing where the attribute is missing or of the wrong type: absence matches
	// nothing, negated or not.
	Negate bool     `json:"negate,omitempty"`
	Any    []Clause `json:"any,omitempty"`
	All    []Clause `json:"all,omitempty"`
}

// Operator names a comparison. The package documentation has the table of what each does with each attribute type.
type Operator string

// All operators.
const (
	OpIn                       Operator = "in"
	OpContains                 Operator = "contains"
	OpStartsWith               Operator = "startsWith"
	OpEndsWith                 Operator = "endsWith"
	OpMatches                  Operator = "matches"
	OpLessThan                 Operator = "lessThan"
	OpLessThanOrEqual          Operator = "lessThanOrEqual"
	OpGreaterThan              Operator = "greaterThan"
	OpGreaterThanOrEqual       Operator = "greaterThanOrEqual"
	OpBefore                   Operator = "before"
	OpAfter                    Operator = "after"
	OpSemverEqual              Operator = "semverEqual"
	OpSemverLessThan           Operator = "semverLessThan"
	OpSemverLessThanOrEqual    Operator = "semverLessThanOrEqual"
	OpSemverGreaterThan        Operator = "semverGreaterThan"
	OpSemverGreaterThanOrEqual Operator = "semverGreaterThanOrEqual"
	OpSemverRange              Operator = "semverRange"
	OpInCIDR                   Operator = "inCidr"
	OpInSegment                Operator = "inSegment"
	OpExists                   Operator = "exists"
)

// Serve is what a rule or the fallthrough serves: one variation or a rollout, never both.
type Serve struct {
	Variation string   `json:"variation,omitempty"`
	Rollout   *Rollout `json:"rollout,omitempty"`
}

// TotalWeight is what the weights of a rollout sum to: 100 000 is 100 %, so 1 000 is 1 %.
const TotalWeight = 100_000

// Rollout splits contexts over variations. The weights sum to TotalWeight. The order of the weights is the order of
// the bucket ranges; a variation may stand in it more than once.
type Rollout struct {
	// BucketBy is the attribute that is hashed, "targetingKey" unless set. Its value must be a string or an integer.
	BucketBy string `json:"bucketBy,omitempty"`
	// Seed is hashed before the key, the flag key unless set. Flags that share a seed bucket alike.
	Seed    string            `json:"seed,omitempty"`
	Weights []WeightedServing `json:"weights"`
}

// WeightedServing is one share of a rollout, in thousandths of a percent.
type WeightedServing struct {
	Variation string `json:"variation"`
	Weight    int    `json:"weight"`
}

// Prerequisite is met when the other flag is enabled and serves the named variation to the same context.
type Prerequisite struct {
	Flag      string `json:"flag"`
	Variation string `json:"variation"`
}

// Scope says whose code must have the version that an Availability asks for.
type Scope string

const (
	// ScopeInstance opens a flag for each instance that has the code: serviceName and serviceVersion of the context.
	ScopeInstance Scope = "instance"
	// ScopeFleet opens a flag once every live instance has the code (Flag.FleetOpen).
	ScopeFleet Scope = "fleet"
)

// Availability says where the code for a flag exists. The flag serves its off variation wherever it does not.
type Availability struct {
	Service string `json:"service"`
	// Version is a semver range, for instance ">=2.3.0".
	Version string `json:"version"`
	// Scope is ScopeInstance unless set.
	Scope Scope `json:"scope,omitempty"`
	// OnOldInstance is for scope fleet. It says what happens if an instance without the code appears once the flag is
	// open. It is OnOldInstanceClose unless set. Evaluation does not look at it.
	OnOldInstance OnOldInstance `json:"onOldInstance,omitempty"`
}

// OnOldInstance says what becomes of a flag that is open to the whole fleet when an instance without the code appears.
type OnOldInstance string

const (
	// OnOldInstanceClose closes the flag until every instance has the code again.
	OnOldInstanceClose OnOldInstance = "close"
	// OnOldInstanceHold keeps it open, for flags that must not flap, such as those that follow a database schema.
	OnOldInstanceHold OnOldInstance = "hold"
)

// Segment is a named set of contexts: the included targeting keys, without the excluded ones, and whatever matches
// any of its rules.
type Segment struct {
	Key      string        `json:"key"`
	Version  int64         `json:"version"`
	Included []string      `json:"included,omitempty"`
	Excluded []string      `json:"excluded,omitempty"`
	Rules    []SegmentRule `json:"rules,omitempty"`
}

// SegmentRule matches the contexts that match all of its clauses.
type SegmentRule struct {
	ID          string   `json:"id"`
	Description string   `json:"description,omitempty"`
	Clauses     []Clause `json:"clauses"`
}

// FormatVersion is the version of Definition's and Patch's encoding that this package reads and writes. A newer one
// is refused.
const FormatVersion = 1

// Definition is everything that evaluation needs for one environment at one revision, as it is stored, cached in
// Redis and streamed to SDKs. Compile turns it into a Snapshot.
type Definition struct {
	FormatVersion int    `json:"formatVersion"`
	Project       string `json:"project"`
	Environment   string `json:"environment"`
	// Epoch names the life of the database; revisions of different epochs do not compare.
	Epoch    string    `json:"epoch"`
	Revision int64     `json:"revision"`
	Flags    []Flag    `json:"flags"`
	Segments []Segment `json:"segments"`
}

// Patch carries the flags and segments that changed after revision From, up to Revision. Removed keys are tombstones.
type Patch struct {
	FormatVersion   int       `json:"formatVersion"`
	Epoch           string    `json:"epoch"`
	From            int64     `json:"from"`
	Revision        int64     `json:"revision"`
	Flags           []Flag    `json:"flags,omitempty"`
	RemovedFlags    []string  `json:"removedFlags,omitempty"`
	Segments        []Segment `json:"segments,omitempty"`
	RemovedSegments []string  `json:"removedSegments,omitempty"`
}
