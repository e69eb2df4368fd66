package client_test

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

	"github.com/tidegate-io/tidegate/client"
	"github.com/tidegate-io/tidegate/openapi"
)

// script gives one answer after another. The last answer is repeated.
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

// scripted is a client that gets its answers from the script.
func scripted(t *testing.T, s *script, options ...client.Option) *client.Client {
	t.Helper()
	c, err := client.New("https://flags.example.com/", "tg_x", append(options, client.WithHTTPClient(&http.Client{Transport: s}))...)
	require.NoError(t, err)
	return c
}

// report sends a report through the script. It runs in a synctest bubble, which has a clock of its own.
func report(t *testing.T, timeout time.Duration, answers ...answer) (s *script, stored openapi.Deployment, err error) {
	t.Helper()
	s = &script{answers: answers}
	synctest.Test(t, func(t *testing.T) {
		stored, err = scripted(t, s, client.WithTimeout(timeout)).ReportDeployment(t.Context(), "a/b", "production", openapi.DeploymentReport{Service: "checkout"})
	})
	return s, stored, err
}

const refusal = `{"type": "/problems/invalid", "title": "Unprocessable", "status": 422, "detail": "Not valid.", "errors": [{"pointer": "/version", "detail": "is required"}]}`

var (
	ok   = answer{status: http.StatusCreated, body: `{"id": "1"}`}
	lost = answer{err: errors.New("connection reset")}
	busy = answer{status: http.StatusServiceUnavailable, body: `{"title": "Unavailable", "detail": "Try again."}`}
)

func TestEveryAttemptIsTheSameRequest(t *testing.T) {
	t.Parallel()
	s, stored, err := report(t, time.Minute, lost, busy, answer{status: http.StatusBadGateway, body: "<html>"}, ok)
	require.NoError(t, err)
	assert.Equal(t, "1", stored.ID)
	require.Len(t, s.keys, 4)
	assert.NotEmpty(t, s.keys[0])
	for _, key := range s.keys {
		assert.Equal(t, s.keys[0], key)
	}
	other, _, err := report(t, time.Minute, ok)
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
	s, _, err := report(t, time.Minute, answer{status: http.StatusTooManyRequests, header: http.Header{"Retry-After": {"20"}}}, ok)
	require.NoError(t, err)
	assert.Equal(t, 20*time.Second, s.times[1].Sub(s.times[0]))
}

func TestRefusalsAreFinal(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer answer
		says   string
		is     error
	}{
		"a problem":         {answer{status: http.StatusUnprocessableEntity, body: refusal}, "/version: is required", client.ErrInvalid},
		"an unknown caller": {answer{status: http.StatusUnauthorized, body: `{"title": "Unauthorized", "detail": "There is no such access token."}`}, "no such access token", client.ErrUnauthorized},
		"a weak role":       {answer{status: http.StatusForbidden, body: `{"title": "Forbidden", "detail": "It needs the role releaser."}`}, "the role releaser", client.ErrForbidden},
		"nothing there":     {answer{status: http.StatusNotFound, body: `{"title": "Not Found"}`}, "Not Found", client.ErrNotFound},
		"a taken key":       {answer{status: http.StatusConflict, body: `{"title": "Conflict", "detail": "There is one."}`}, "There is one.", client.ErrConflict},
		"another server":    {answer{status: http.StatusNotFound, body: "<html>"}, "not as Tidegate does", nil},
		"a redirect":        {answer{status: http.StatusMovedPermanently, header: http.Header{"Location": {"https://new.example.com"}}}, "https://new.example.com", nil},
		"something else":    {answer{status: http.StatusOK, body: "<html>"}, "not Tidegate", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &script{answers: []answer{test.answer}}
			_, err := scripted(t, s).ReportDeployment(t.Context(), "default", "production", openapi.DeploymentReport{})
			require.ErrorContains(t, err, test.says)
			assert.Len(t, s.times, 1)
			var (
				problem *client.ProblemError
				foreign *client.AnswerError
			)
			if test.is == nil {
				require.ErrorAs(t, err, &foreign)
				assert.Equal(t, test.answer.status, foreign.Status)
				return
			}
			require.ErrorAs(t, err, &problem)
			for _, kind := range []error{client.ErrInvalid, client.ErrUnauthorized, client.ErrForbidden, client.ErrNotFound, client.ErrConflict} {
				assert.Equal(t, kind == test.is, errors.Is(err, kind), "%v", kind) //nolint:errorlint // Which kind it is, not what wraps it.
			}
		})
	}
}

func TestItGivesUpInTime(t *testing.T) {
	t.Parallel()
	for name, last := range map[string]answer{"lost": lost, "busy": busy} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _, err := report(t, 30*time.Second, last)
			var unreachable *client.UnreachableError
			require.ErrorAs(t, err, &unreachable)
			var refused *client.ProblemError
			assert.NotErrorAs(t, err, &refused, "nothing was refused for good")
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
		c := scripted(t, &script{answers: []answer{lost}}, client.WithTimeout(time.Hour), client.WithRetryNotice(func(error, time.Duration) { cancel() }))
		var unreachable *client.UnreachableError
		_, err := c.GetFlag(ctx, "default", "f")
		require.ErrorAs(t, err, &unreachable)
	})
}

// An operation that would act twice is not tried again. An operation that changes nothing is tried again.
func TestOnlyWhatIsSafeIsTriedAgain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		call  func(context.Context, *client.Client) error
		again bool
	}{
		"GET":    {func(ctx context.Context, c *client.Client) error { _, err := c.ListProjects(ctx); return err }, true},
		"DELETE": {func(ctx context.Context, c *client.Client) error { return c.RevokeAccessToken(ctx, "1") }, true},
		"PATCH with a key": {func(ctx context.Context, c *client.Client) error {
			_, err := c.UpdateFlag(ctx, "default", "f", client.Patch{})
			return err
		}, true},
		"a POST that changes nothing": {func(ctx context.Context, c *client.Client) error {
			_, err := c.DryRunDeployment(ctx, "default", "production", openapi.DeploymentReport{})
			return err
		}, true},
		"a POST without a key": {func(ctx context.Context, c *client.Client) error {
			_, err := c.CreateAccessToken(ctx, openapi.AccessTokenCreate{Name: "ci"})
			return err
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, first := range []answer{lost, busy} {
				s := &script{answers: []answer{first, ok}}
				synctest.Test(t, func(t *testing.T) {
					err := test.call(t.Context(), scripted(t, s))
					if test.again {
						require.NoError(t, err)
						require.Len(t, s.times, 2)
						return
					}
					var unreachable *client.UnreachableError
					require.ErrorAs(t, err, &unreachable)
					require.Len(t, s.times, 1)
				})
			}
		})
	}
}

// A server may ask to wait until a date, or for ever. The client waits for a minute at most.
func TestTheWaitThatAServerAsksForIsBounded(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		header    string
		least, at time.Duration
	}{
		"seconds": {"30", 30 * time.Second, 30 * time.Second}, "too long": {"86400", time.Minute, time.Minute},
		"no number": {"soon", 0, time.Second}, "negative": {"-5", 0, time.Second}, "huge": {"9223372036854775807", time.Minute, time.Minute},
		"a date": {"Sat, 01 Jan 2000 00:00:20 GMT", 20 * time.Second, 20 * time.Second}, "a date that is over": {"Fri, 01 Jan 1999 00:00:00 GMT", 0, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _, err := report(t, 5*time.Minute, answer{status: http.StatusServiceUnavailable, header: http.Header{"Retry-After": {test.header}}}, ok)
			require.NoError(t, err)
			waited := s.times[1].Sub(s.times[0])
			assert.GreaterOrEqual(t, waited, test.least)
			assert.LessOrEqual(t, waited, test.at)
		})
	}
}

func TestACallMayHaveAKeyOfItsOwn(t *testing.T) {
	t.Parallel()
	s := &script{answers: []answer{ok}}
	_, err := scripted(t, s).ReportDeployment(t.Context(), "default", "production", openapi.DeploymentReport{}, client.IdempotencyKey("run-7"))
	require.NoError(t, err)
	assert.Equal(t, []string{"run-7"}, s.keys)
}
