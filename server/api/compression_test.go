package api_test

import (
	"compress/gzip"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/api"
	"github.com/tidegate-io/tidegate/server/servertest"
)

func TestListsAreCompressedForWhoeverTakesIt(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+api.BasePath+project+"/flags", nil)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+servertest.AdminToken)
	r.Header.Set("Accept-Encoding", "gzip")
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer answer.Body.Close()

	require.Equal(t, "gzip", answer.Header.Get("Content-Encoding"))
	unpacked, err := gzip.NewReader(answer.Body)
	require.NoError(t, err)
	var list struct{ Items []any }
	require.NoError(t, json.NewDecoder(unpacked).Decode(&list))
	require.Empty(t, list.Items)
}
