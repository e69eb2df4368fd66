package api

import (
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/body"
	"github.com/tidegate-io/tidegate/server/edit"
	"github.com/tidegate-io/tidegate/server/problem"
)

// decodeConfigPatch reads the change of a configuration.
func decodeConfigPatch(w http.ResponseWriter, r *http.Request) (edit.Change[evaluator.FlagConfig], error) {
	patch, err := decodePatch(w, r, maxBody, flagConfigReadOnly...)
	if err != nil {
		return nil, err
	}
	patch, err = completeConfigPatch(patch)
	return func(config evaluator.FlagConfig) (evaluator.FlagConfig, error) {
		return applyConfigPatch(patch, config)
	}, err
}

// completeConfigPatch lets a patch of the fallthrough name only what shall be served. A variation replaces a rollout,
// and a rollout replaces a variation. RFC 7396 alone would leave both side by side, which is never valid. The
// function also refuses to remove enabled: that would turn the flag off without saying so.
func completeConfigPatch(patch mergePatch) (mergePatch, error) {
	var document map[string]jsontext.Value
	if err := body.Strict(patch, &document); err != nil {
		return nil, err
	}
	if document["enabled"].Kind() == 'n' {
		return nil, problem.Invalid(problem.Field("/enabled", "must be true or false, not null"))
	}
	if document["fallthrough"].Kind() != '{' {
		return patch, nil
	}
	var serve map[string]jsontext.Value
	if err := body.Strict(document["fallthrough"], &serve); err != nil {
		return nil, err
	}
	_, variation := serve["variation"]
	_, rollout := serve["rollout"]
	switch {
	case variation && !rollout:
		serve["rollout"] = jsontext.Value("null")
	case rollout && !variation:
		serve["variation"] = jsontext.Value("null")
	}
	encoded, err := json.Marshal(serve)
	if err != nil {
		return nil, err
	}
	document["fallthrough"] = encoded
	return json.Marshal(document)
}

// applyConfigPatch is applyPatch with one exception: the expression is replaced as a whole. A merge patch would mix
// the operators of the old and the new expression, and it would lose every null in the new one.
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
		patched.Targeting = []byte(targeting)
	}
	return patched, err
}
