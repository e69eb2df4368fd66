package ofrep

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// decode reads a body as a request would.
func decode(body string) (map[string]any, *failure) {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	x := &exchange{attributes: make(map[string]any)}
	f := x.read(httptest.NewRecorder(), r)
	return x.attributes, f
}

// An accepted body means the same as in encoding/json. Its hash does not depend on the order of members.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"context":{}}`, `{"context":{"targetingKey":"alice","n":[1,-0.5e3,null,true,{"a":"\ud83c\udf0a"}]}}`,
		`{"context":[]}`, `{"context":{"a":{"b":{"c":[[[]]]}}},"x":1}`, `{"context":`, `[`, `"`, ``, "{\"context\":{\"\xff\":1}}",
		`{"context":{"a":1e400}}`, `{"context":{}} {}`, `{"context":{"a":1,"a":2}}`, `{"context":{}, "context":{}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		attributes, failed := decode(body)
		if failed != nil {
			require.Contains(t, []int{http.StatusBadRequest, http.StatusRequestEntityTooLarge}, failed.status)
			require.NotEmpty(t, failed.details)
			return
		}
		var want struct {
			Context map[string]any `json:"context"`
		}
		// encoding/json ignores case when it matches names. The reader does not.
		if strings.Count(strings.ToLower(body), "context") > 1 || strings.Contains(body, `\`) {
			return
		}
		require.NoError(t, json.Unmarshal([]byte(body), &want))
		if !strings.Contains(body, `"context"`) {
			require.Empty(t, attributes)
			return
		}
		require.Len(t, attributes, len(want.Context))
		if len(attributes) > 0 {
			require.Equal(t, want.Context, attributes)
		}
		again, err := json.Marshal(map[string]any{"context": attributes})
		require.NoError(t, err)
		reread, failed := decode(string(again))
		require.Nil(t, failed)
		require.Equal(t, hashValue(attributes), hashValue(reread))
	})
}
