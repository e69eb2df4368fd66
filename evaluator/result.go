package evaluator

// Result is the outcome of one evaluation.
type Result struct {
	// Value is none where the caller's code default applies: on errors, and where the off variation is null.
	Value Value
	// Variation is the key of the variation that is served, "" if Value is none.
	Variation string
	// RuleID is the id of the rule that decided, "" if none did.
	RuleID string
	// RuleIndex is its index in the flag's rules, -1 if none did.
	RuleIndex int
	// Version is the flag's, Revision the snapshot's.
	Version  int64
	Revision int64

	Reason    Reason
	ErrorCode ErrorCode
	Detail    Detail
}

// Bool returns the boolean that r serves, or fallback. The Result returned tells what to report: r itself, or an
// error TYPE_MISMATCH where the flag is of another type.
func (r Result) Bool(fallback bool) (bool, Result) {
	if v, ok := r.Value.Bool(); ok {
		return v, r
	}
	return fallback, r.withoutValue()
}

// Str returns the string that r serves, or fallback, as Bool does.
func (r Result) Str(fallback string) (string, Result) {
	if v, ok := r.Value.Str(); ok {
		return v, r
	}
	return fallback, r.withoutValue()
}

// Int returns the integer that r serves, or fallback, as Bool does. A number that is no integer within ±(2^53 − 1)
// is of another type.
func (r Result) Int(fallback int64) (int64, Result) {
	if v, ok := r.Value.Int(); ok {
		return v, r
	}
	return fallback, r.withoutValue()
}

// Float returns the number that r serves, or fallback, as Bool does.
func (r Result) Float(fallback float64) (float64, Result) {
	if v, ok := r.Value.Float(); ok {
		return v, r
	}
	return fallback, r.withoutValue()
}

// Object returns the object that r serves, or fallback, as Bool does. The object is a copy.
func (r Result) Object(fallback map[string]any) (map[string]any, Result) {
	if v, ok := r.Value.Object(); ok {
		return v, r
	}
	return fallback, r.withoutValue()
}

// withoutValue returns r if it has no value anyway, and otherwise the error of having asked for the wrong type.
func (r Result) withoutValue() Result {
	if r.Value.IsNone() {
		return r
	}
	return Result{
		Reason: ReasonError, ErrorCode: ErrorTypeMismatch,
		RuleIndex: -1, Version: r.Version, Revision: r.Revision,
	}
}
