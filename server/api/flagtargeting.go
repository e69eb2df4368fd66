package api

import (
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/body"
)

// applyConfigPatch is applyPatch, but for the expression: a merge patch would mix the operators of the old and the new one,
// and lose what is null in it. So it is replaced as a whole.
func applyConfigPatch(patch mergePatch, config evaluator.FlagConfig) (evaluator.FlagConfig, error) {
	var fields map[string]jsontext.Value
	if err := body.Strict(patch, &fields); err != nil {
		return config, err
	}
	targeting, given := fields["targeting"]
	if !given {
		return applyPatch(patch, config)
	}
	delete(fields, "targeting")
	rest, err := json.Marshal(fields)
	if err != nil {
		return config, err
	}
	patched, err := applyPatch(rest, config)
	patched.Targeting = nil
	if targeting.Kind() != 'n' {
		patched.Targeting = json.RawMessage(targeting)
	}
	return patched, err
}
