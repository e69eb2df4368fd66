package api

import (
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tidegate-io/tidegate/server/body"
	"github.com/tidegate-io/tidegate/server/problem"
)

// mergePatch is the body of a PATCH (RFC 7396).
type mergePatch jsontext.Value

// decodePatch reads a merge patch. The read-only fields may be in it, so that what was read can be sent back; they
// are ignored.
func decodePatch(w http.ResponseWriter, r *http.Request, limit int64, readOnly ...string) (mergePatch, error) {
	content, err := readBody(w, r, limit)
	if err != nil {
		return nil, err
	}
	if jsontext.Value(content).Kind() != '{' {
		return nil, problem.BadRequest("The body must be a JSON object: a merge patch (RFC 7396).")
	}
	var fields map[string]jsontext.Value
	if err := body.Strict(content, &fields); err != nil {
		return nil, err
	}
	for _, name := range readOnly {
		delete(fields, name)
	}
	return json.Marshal(fields)
}

// applyPatch returns the document with the patch applied to it, decoded as strictly as a body.
func applyPatch[T any](patch mergePatch, document T) (patched T, err error) {
	current, err := json.Marshal(document, wire)
	if err != nil {
		return patched, err
	}
	merged, err := merge(current, jsontext.Value(patch))
	if err != nil {
		return patched, err
	}
	err = body.Strict(merged, &patched)
	return patched, err
}

// merge is the algorithm of RFC 7396, section 2. It works on encoded values, so that no number loses a digit. Neither
// argument is changed. Both are decoded once, however deep they are.
func merge(target, patch jsontext.Value) (jsontext.Value, error) {
	to, err := parseTree(target)
	if err != nil {
		return nil, err
	}
	change, err := parseTree(patch)
	if err != nil {
		return nil, err
	}
	return to.merged(change).append(nil), nil
}
