package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/problem"
)

// FuzzDecodeConfig decodes any body. The result must be a configuration that can be written again and patched with
// itself, or a problem that is the caller's fault.
func FuzzDecodeConfig(f *testing.F) {
	for _, seed := range []string{
		`{"enabled": true, "offVariation": null, "rules": [{"id": "a", "clauses": [{"any": [{"attribute": "x", "operator": "in", "values": [1, "a", null, {}]}]}], "serve": {"rollout": {"weights": []}}}]}`,
		`{"fallthrough": {"variation": "on"}, "availability": {"service": "s", "version": ">=1", "scope": "fleet"}}`,
		`{"targets": [{"variation": "on", "values": ["\ud800"]}]}`, `{"a":`, `[]`, `nul`, "\xff", `{"enabled": 1e999}`, `{"a":1,"a":2}`,
		strings.Repeat("[", 100), strings.Repeat(`{"any":[`, 70),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		request := func() (http.ResponseWriter, *http.Request) {
			return httptest.NewRecorder(), httptest.NewRequest(http.MethodPatch, "/", strings.NewReader(body))
		}
		w, r := request()
		config, err := decode[evaluator.FlagConfig](w, r, maxBody)
		if err != nil {
			var refused *problem.Error
			require.ErrorAs(t, err, &refused)
			require.Less(t, refused.Status, http.StatusInternalServerError)
			return
		}
		w, r = request()
		patch, err := decodePatch(w, r, maxBody)
		if err != nil {
			return
		}
		patched, err := applyPatch(patch, config)
		require.NoError(t, err)
		_, err = applyPatch(patch, patched)
		require.NoError(t, err)
	})
}
