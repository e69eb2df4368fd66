package api_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/server/servertest"
)

func TestSignInByLinkOnce(t *testing.T) {
	t.Parallel()
	var welcome bytes.Buffer
	s := servertest.StartOn(t, servertest.Backend(t), server.Config{Welcome: &welcome})
	link := regexp.MustCompile(`/sign-in\?token=(\S+)`).FindStringSubmatch(welcome.String())
	require.Len(t, link, 2, "%s", welcome.String())

	browser := newBrowser(t)
	answer := browser.send(t, http.MethodPost, s.URL+"/api/v1/session", `{"token": "`+link[1]+`"}`)
	require.Equal(t, http.StatusCreated, answer.StatusCode)
	cookie := answer.Header.Get("Set-Cookie")
	assert.Contains(t, cookie, "HttpOnly")
	assert.Contains(t, cookie, "SameSite=Strict")
	assert.NotContains(t, cookie, link[1])

	assert.Equal(t, http.StatusOK, browser.send(t, http.MethodGet, s.URL+"/api/v1/session", "").StatusCode)
	assert.Equal(t, http.StatusCreated, browser.send(t, http.MethodPut, s.URL+"/api/v1/projects/default/flags/hello", `{"type": "boolean"}`).StatusCode)
	assert.Equal(t, http.StatusUnauthorized, newBrowser(t).send(t, http.MethodPost, s.URL+"/api/v1/session", `{"token": "`+link[1]+`"}`).StatusCode, "a link works once")

	assert.Equal(t, http.StatusNoContent, browser.send(t, http.MethodDelete, s.URL+"/api/v1/session", "").StatusCode)
	assert.Equal(t, http.StatusUnauthorized, browser.send(t, http.MethodGet, s.URL+"/api/v1/session", "").StatusCode)
}

func TestSignInByAccessToken(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t)
	var token struct{ ID, Token string }
	s.Must(t, http.StatusCreated, http.MethodPost, "/access-tokens", `{"name": "Ada", "role": "viewer", "project": "default"}`).Decode(t, &token)

	browser := newBrowser(t)
	require.Equal(t, http.StatusCreated, browser.send(t, http.MethodPost, s.URL+"/api/v1/session", `{"token": "`+token.Token+`"}`).StatusCode)
	assert.Equal(t, http.StatusOK, browser.send(t, http.MethodGet, s.URL+"/api/v1/session", "").StatusCode)
	assert.Equal(t, http.StatusForbidden, browser.send(t, http.MethodPut, s.URL+"/api/v1/projects/default/flags/hello", `{"type": "boolean"}`).StatusCode)

	s.Must(t, http.StatusNoContent, http.MethodDelete, "/access-tokens/"+token.ID, nil)
	assert.Equal(t, http.StatusUnauthorized, browser.send(t, http.MethodGet, s.URL+"/api/v1/session", "").StatusCode, "its revocation ends the session")
}

// Signing out ends the session for everybody who has a copy of its cookie. The token and its other sessions stay
// valid.
func TestSigningOutEndsTheSessionOfAToken(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t)
	var token struct{ ID, Token string }
	s.Must(t, http.StatusCreated, http.MethodPost, "/access-tokens", `{"name": "Ada", "role": "viewer"}`).Decode(t, &token)
	signIn := func(b *browser) *http.Response {
		answer := b.send(t, http.MethodPost, s.URL+"/api/v1/session", `{"token": "`+token.Token+`"}`)
		require.Equal(t, http.StatusCreated, answer.StatusCode)
		return answer
	}
	first, other, thief := newBrowser(t), newBrowser(t), newBrowser(t)
	answer := signIn(first)
	signIn(other)
	require.NotContains(t, answer.Header.Get("Set-Cookie"), token.Token)
	thief.client.Jar.SetCookies(answer.Request.URL, answer.Cookies())
	look := func(b *browser) int { return b.send(t, http.MethodGet, s.URL+"/api/v1/session", "").StatusCode }
	require.Equal(t, http.StatusOK, look(thief))

	require.Equal(t, http.StatusNoContent, first.send(t, http.MethodDelete, s.URL+"/api/v1/session", "").StatusCode)
	assert.Equal(t, http.StatusUnauthorized, look(first))
	assert.Equal(t, http.StatusUnauthorized, look(thief))
	assert.Equal(t, http.StatusOK, look(other))
	assert.Equal(t, http.StatusOK, s.As(token.Token).Call(t, http.MethodGet, "/session", nil).Status)
}

func TestSignInAttemptsAreLimited(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t)
	statuses := map[int]int{}
	var last servertest.Response
	for range 25 {
		last = s.As("").Call(t, http.MethodPost, "/session", `{"token": "tg_guess"}`)
		statuses[last.Status]++
	}
	assert.Equal(t, map[int]int{http.StatusUnauthorized: 20, http.StatusTooManyRequests: 5}, statuses)
	assert.NotEmpty(t, last.Header.Get("Retry-After"))
}

// browser keeps cookies.
type browser struct{ client http.Client }

func newBrowser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &browser{http.Client{Jar: jar}}
}

func (b *browser) send(t *testing.T, method, url, body string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	response, err := b.client.Do(r)
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response
}
