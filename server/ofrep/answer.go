package ofrep

import (
	"strconv"

	"github.com/tidegate-io/tidegate/evaluator"
)

// Header values that are shared by all answers.
var (
	contentTypeJSON = []string{"application/json; charset=utf-8"}
	noStore         = []string{"no-store"}
)

// appendResult writes the outcome of an evaluation that did not fail. A result without value is the protocol's way to
// say that the caller's code default applies.
func appendResult(b []byte, key string, r *evaluator.Result, withRule bool) []byte {
	b = appendString(append(b, `{"key":`...), key)
	if value := r.Value.JSON(); value != nil {
		b = append(append(b, `,"value":`...), value...)
		b = appendString(append(b, `,"variant":`...), r.Variation)
	}
	b = append(append(append(b, `,"reason":"`...), r.Reason.String()...), '"')
	b = strconv.AppendInt(append(b, `,"metadata":{"version":`...), r.Version, 10)
	if detail := r.Detail.String(); detail != "" {
		b = append(append(append(b, `,"detail":"`...), detail...), '"')
	}
	if withRule && r.RuleID != "" {
		b = appendString(append(b, `,"ruleId":`...), r.RuleID)
	}
	return append(b, "}}"...)
}
