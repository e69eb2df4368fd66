package api

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMergePatch has the cases of RFC 7396, appendix A.
func TestMergePatch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ original, patch, result string }{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"a":"b"}`, `{"a":null}`, `{}`},
		{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`["a","b"]`, `["c","d"]`, `["c","d"]`},
		{`{"a":"b"}`, `["c"]`, `["c"]`},
		{`{"a":"foo"}`, `null`, `null`},
		{`{"a":"foo"}`, `"bar"`, `"bar"`},
		{`{"e":null}`, `{"a":1}`, `{"a":1,"e":null}`},
		{`[1,2]`, `{"a":"b","c":null}`, `{"a":"b"}`},
		{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
		// Not in the appendix: numbers keep every digit.
		{`{"a":12345678901234567890}`, `{"b":0.10}`, `{"a":12345678901234567890,"b":0.10}`},
	} {
		t.Run(c.original+" "+c.patch, func(t *testing.T) {
			merged, err := merge(jsontext.Value(c.original), jsontext.Value(c.patch))
			require.NoError(t, err)
			assert.Equal(t, c.result, string(merged))
		})
	}
}

func TestSwitchServe(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ patch, result string }{
		{`{"fallthrough":{"variation":"a"}}`, `{"fallthrough":{"variation":"a","rollout":null}}`},
		{`{"fallthrough":{"rollout":{}}}`, `{"fallthrough":{"variation":null,"rollout":{}}}`},
		{`{"fallthrough":{"variation":"a","rollout":{}}}`, `{"fallthrough":{"variation":"a","rollout":{}}}`},
		{`{"fallthrough":null}`, `{"fallthrough":null}`},
		{`{"enabled":true}`, `{"enabled":true}`},
	} {
		switched, err := completeConfigPatch(mergePatch(c.patch))
		require.NoError(t, err)
		assert.JSONEq(t, c.result, string(switched))
	}
}
