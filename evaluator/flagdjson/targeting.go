package flagdjson

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"github.com/tidegate-io/tidegate/evaluator"
)

// targeting is an expression as it stands, with each reference replaced by what it refers to. This is needed since the
// names of its $evaluators are its own.
func targeting(raw json.RawMessage) (serve, *refusal) {
	if bytes.Contains(raw, []byte(`"fractional"`)) && bytes.ContainsFunc(raw, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return serve{}, refuse("targeting", "flagd's implementations differ in how they hash what is not ASCII")
	}
	expanded, err := evaluator.ExpandTargeting(raw)
	if err != nil {
		return serve{}, refuse("targeting", err.Error())
	}
	return serve{expression: expanded}, nil
}
