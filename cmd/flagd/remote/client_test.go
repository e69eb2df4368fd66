package remote_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/cmd/flagd/remote"
)

// script answers one attempt after the other; the last answer stands.
type script struct {
	answers []answer
	keys    []string
	times   []time.Time
}

type answer struct {
	status int
	body   string
	header http.Header
	err    error
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	s.keys, s.times = append(s.keys, r.Header.Get("Idempotency-Key")), append(s.times, time.Now())
	a := s.answers[min(len(s.times), len(s.answers))-1]
	if a.err != nil {
		return nil, a.err
	}
	if a.header == nil {
		a.header = http.Header{}
	}
	return &http.Response{StatusCode: a.status, Status: http.StatusText(a.status), Header: a.header, Body: io.NopCloser(strings.NewReader(a.body)), Request: r}, nil
}

// call sends a report through the script, in a time of its own.
func call(t *testing.T, timeout time.Duration, answers ...answer) (s *script, out map[string]string, err error) {
	t.Helper()
	s = &script{answers: answers}
	synctest.Test(t, func(t *testing.T) {
		c := &remote.Client{URL: "https://flags.example.com/", Token: "tg_x", Timeout: timeout, HTTP: &http.Client{Transport: s}}
		err = c.Do(t.Context(), http.MethodPost, remote.Path("projects", "a/b"), map[string]string{"service": "checkout"}, &out)
	})
	return s, out, err
}

const refusal = `{"type": "/problems/invalid", "title": "Unprocessable", "status": 422, "detail": "Not valid.", "errors": [{"pointer": "/version", "detail": "is required"}]}`

var (
	ok   = answer{status: http.StatusCreated, body: `{"id": "1"}`}
	lost = answer{err: errors.New("connection reset")}
	busy = answer{status: http.StatusServiceUnavailable, body: `{"title": "Unavailable", "detail": "Try again."}`}
)

func TestEveryAttemptIsTheSameRequest(t *testing.T) {
	t.Parallel()
	s, out, err := call(t, time.Minute, lost, busy, answer{status: http.StatusBadGateway, body: "<html>"}, ok)
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"id": "1"}, out)
	require.Len(t, s.keys, 4)
	assert.NotEmpty(t, s.keys[0])
	for _, key := range s.keys {
		assert.Equal(t, s.keys[0], key)
	}
	other, _, err := call(t, time.Minute, ok)
	require.NoError(t, err)
	assert.NotEqual(t, s.keys[0], other.keys[0])
	for i, least := range []time.Duration{250 * time.Millisecond, 500 * time.Millisecond, time.Second} {
		waited := s.times[i+1].Sub(s.times[i])
		assert.GreaterOrEqual(t, waited, least)
		assert.LessOrEqual(t, waited, 2*least)
	}
}

func TestTheServerSaysWhenToComeAgain(t *testing.T) {
	t.Parallel()
	s, _, err := call(t, time.Minute, answer{status: http.StatusTooManyRequests, header: http.Header{"Retry-After": {"20"}}}, ok)
	require.NoError(t, err)
	assert.Equal(t, 20*time.Second, s.times[1].Sub(s.times[0]))
}

func TestRefusalsAreFinal(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer answer
		says   string
	}{
		"a problem":         {answer{status: http.StatusUnprocessableEntity, body: refusal}, "/version: is required"},
		"another server":    {answer{status: http.StatusNotFound, body: "<html>"}, "not as Tidegate does"},
		"a redirect":        {answer{status: http.StatusMovedPermanently, header: http.Header{"Location": {"https://new.example.com"}}}, "https://new.example.com"},
		"something else":    {answer{status: http.StatusOK, body: "<html>"}, "not Tidegate"},
		"an unknown caller": {answer{status: http.StatusUnauthorized, body: `{"title": "Unauthorized", "detail": "There is no such access token."}`}, "no such access token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &script{answers: []answer{test.answer}}
			c := &remote.Client{URL: "https://flags.example.com", Timeout: time.Minute, HTTP: &http.Client{
				Transport: s, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			}}
			var out struct{ ID string }
			err := c.Do(t.Context(), http.MethodPost, "/x", nil, &out)
			var refused *remote.RefusedError
			require.ErrorAs(t, err, &refused)
			assert.Contains(t, err.Error(), test.says)
			assert.Len(t, s.times, 1)
		})
	}
}

func TestItGivesUpInTime(t *testing.T) {
	t.Parallel()
	for name, last := range map[string]answer{"lost": lost, "busy": busy} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _, err := call(t, 30*time.Second, last)
			var unreachable *remote.UnreachableError
			require.ErrorAs(t, err, &unreachable)
			var refused *remote.RefusedError
			assert.False(t, errors.As(err, &refused), "nothing was refused for good")
			assert.Contains(t, err.Error(), "https://flags.example.com")
			assert.Greater(t, len(s.times), 3)
			assert.LessOrEqual(t, s.times[len(s.times)-1].Sub(s.times[0]), 30*time.Second)
		})
	}
}

func TestItStopsWhenItIsToldTo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		c := &remote.Client{URL: "http://x", Timeout: time.Hour, HTTP: &http.Client{Transport: &script{answers: []answer{lost}}},
			Retrying: func(error, time.Duration) { cancel() }}
		var unreachable *remote.UnreachableError
		require.ErrorAs(t, c.Do(ctx, http.MethodGet, "/", nil, nil), &unreachable)
	})
}
