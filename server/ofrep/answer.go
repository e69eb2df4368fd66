package ofrep

import (
	"strconv"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// Header values that are shared by all answers.
var (
	contentTypeJSON = []string{"application/json; charset=utf-8"}
	noStore         = []string{"no-store"}
)

// appendResult writes the result of an evaluation that did not fail. A result without value tells the caller to use
// its code default: this is how the protocol says it. The flag set is named if set is not nil.
func appendResult(b []byte, key string, r *evaluator.Result, withRule bool, set *store.EnvironmentRef) []byte {
	b = appendString(append(b, `{"key":`...), key)
	if value := r.Value.JSON(); value != nil {
		b = append(append(b, `,"value":`...), value...)
		b = appendString(append(b, `,"variant":`...), r.Variation)
	}
	b = append(append(append(b, `,"reason":"`...), r.Reason.String()...), '"')
	b = strconv.AppendInt(append(b, `,"metadata":{"version":`...), r.Version, 10)
	if set != nil {
		b = appendFlagSet(append(b, ','), *set)
	}
	if detail := r.Detail.String(); detail != "" {
		b = append(append(append(b, `,"detail":"`...), detail...), '"')
	}
	if withRule && r.RuleID != "" {
		b = appendString(append(b, `,"ruleId":`...), r.RuleID)
	}
	return append(b, "}}"...)
}

// appendFlagSet writes the member that OpenFeature's conventions read to know where a flag comes from.
func appendFlagSet(b []byte, set store.EnvironmentRef) []byte {
	// Keys of projects and environments need no escaping.
	b = append(append(b, `"flagSetId":"`...), set.Project...)
	return append(append(append(b, '/'), set.Environment...), '"')
}
