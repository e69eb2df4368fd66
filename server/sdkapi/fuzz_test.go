package sdkapi_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func FuzzReport(f *testing.F) {
	f.Add(report)
	f.Add(`{"events": [{"kind": "track", "name": "a", "value": 1e400}, null, [], "x"]}`)
	f.Add(`{"events": [{"kind": "track", "name": "a", "context": {"a": {"b": [1, null]}}}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		r := &recorder{}
		h, _ := newHandler(r)
		w, a := post(t, h, "srv", body)
		require.Contains(t, []int{http.StatusAccepted, http.StatusBadRequest, http.StatusUnprocessableEntity}, w.Code)
		if w.Code == http.StatusAccepted {
			require.Equal(t, len(r.events)+len(r.evaluations), a.Accepted)
		}
	})
}
