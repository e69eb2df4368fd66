package api_test

import (
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEventsEndWithTheCredential revokes the access token of an open stream.
func TestEventsEndWithTheCredential(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	var token struct{ ID, Token string }
	server.Must(t, http.StatusCreated, http.MethodPost, "/access-tokens", `{"name": "visitor", "role": "viewer"}`).Decode(t, &token)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/api/v1"+project+"/events", nil)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+token.Token)
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { assert.NoError(t, response.Body.Close()) }()
	require.Equal(t, http.StatusOK, response.StatusCode)
	ended := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, response.Body)
		ended <- err
	}()

	server.Must(t, http.StatusNoContent, http.MethodDelete, "/access-tokens/"+token.ID, nil)
	renamed := 0
	require.Eventually(t, func() bool {
		renamed++
		server.Must(t, http.StatusOK, http.MethodPatch, project+"/flags/hello", fmt.Sprintf(`{"name": "%d"}`, renamed))
		select {
		case err := <-ended:
			return err == nil
		default:
			return false
		}
	}, 10*time.Second, 20*time.Millisecond)
}
