// Package remote calls the REST API of a server, for commands that run in pipelines: it tries again what may work later,
// writes once however often it tries, and tells refusals from servers that cannot be reached.
package remote

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tidegate-io/tidegate/openapi"
)

// basePath is that of the API below the address of a server.
const basePath = "/api/v1"

// The waits between attempts grow from firstWait by doubling to maxWait, each taken at random from its upper half, so that
// many pipelines that failed together do not come back together. The server may ask for more, up to maxRetryAfter.
const (
	firstWait     = 500 * time.Millisecond
	maxWait       = 15 * time.Second
	maxRetryAfter = time.Minute
)

// attemptTimeout bounds one attempt.
const attemptTimeout = 30 * time.Second

// maxAnswer bounds what is read of an answer.
const maxAnswer = 8 << 20

// Client calls one server. Its fields are not changed while it is used.
type Client struct {
	// URL is the address of the server, and Token an access token.
	URL   string
	Token string
	// Timeout bounds a call with all its attempts.
	Timeout time.Duration
	// Reason is why a call writes; it is kept with the change.
	Reason string
	// Agent is the User-Agent.
	Agent string
	// HTTP sends the requests; nil is a client of the package.
	HTTP *http.Client
	// Retrying is told before each wait; nil tells nobody.
	Retrying func(why error, wait time.Duration)
}

// Path joins the escaped segments of a path below the API.
func Path(segments ...string) string {
	escaped := make([]string, len(segments))
	for i, segment := range segments {
		escaped[i] = url.PathEscape(segment)
	}
	return "/" + strings.Join(escaped, "/")
}

// Do sends body, unless nil, as JSON and decodes the answer into out, unless nil. Every attempt of a call that writes
// carries the same Idempotency-Key, so that it is applied once. It gives a RefusedError for an answer that another attempt
// would not change, and an UnreachableError where no attempt had an answer before the timeout.
func (c *Client) Do(ctx context.Context, method, path string, body, out any) error {
	call := call{method: method, url: strings.TrimSuffix(c.URL, "/") + basePath + path, key: rand.Text()}
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("encode request: %w", err)
		}
		call.body = encoded
	}
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	for wait := firstWait; ; wait = min(2*wait, maxWait) {
		again, err := c.attempt(ctx, call, out)
		if err == nil || again == never {
			return err
		}
		pause := max(wait/2+mathrand.N(wait/2+1), again)
		if deadline, ok := ctx.Deadline(); ctx.Err() != nil || (ok && time.Until(deadline) < pause) {
			return &UnreachableError{URL: c.URL, Cause: err}
		}
		if c.Retrying != nil {
			c.Retrying(err, pause)
		}
		select {
		case <-ctx.Done():
			return &UnreachableError{URL: c.URL, Cause: err}
		case <-time.After(pause):
		}
	}
}

// call is what every attempt sends.
type call struct {
	method, url, key string
	body             []byte
}

// never is the wait before an attempt that would change nothing.
const never time.Duration = -1

// attempt tries once. Again is the least time after which another attempt may succeed, or never.
func (c *Client) attempt(ctx context.Context, call call, out any) (again time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, call.method, call.url, bytes.NewReader(call.body))
	if err != nil {
		return never, &RefusedError{Detail: fmt.Sprintf("%s is no address of a server: %v", c.URL, err)}
	}
	request.Header.Set("Authorization", "Bearer "+c.Token)
	request.Header.Set("User-Agent", c.Agent)
	if call.body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if call.method != http.MethodGet {
		request.Header.Set("Idempotency-Key", call.key)
		if c.Reason != "" {
			request.Header.Set("Tidegate-Reason", c.Reason)
		}
	}
	response, err := c.client().Do(request)
	if err != nil {
		var certificate *tls.CertificateVerificationError
		if errors.As(err, &certificate) {
			return never, &UnreachableError{URL: c.URL, Cause: certificate}
		}
		return 0, bare(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return 0, fmt.Errorf("read answer: %w", err)
	}
	return c.understand(response, content, out)
}

// understand decodes an answer, or says what it refuses.
func (c *Client) understand(response *http.Response, content []byte, out any) (again time.Duration, err error) {
	switch status := response.StatusCode; {
	case status >= 200 && status < 300:
		if out == nil {
			return never, nil
		}
		if err := json.Unmarshal(content, out); err != nil {
			return never, &RefusedError{Status: status, Detail: fmt.Sprintf("What answers at %s is not Tidegate: its answer is not JSON as the API has it.", c.URL)}
		}
		return never, nil
	case status >= 300 && status < 400:
		return never, &RefusedError{Status: status, Detail: fmt.Sprintf("%s redirects to %s: use that address.", c.URL, response.Header.Get("Location"))}
	case status == http.StatusTooManyRequests, status >= 500:
		return retryAfter(response), refusal(c.URL, response, content)
	default:
		return never, refusal(c.URL, response, content)
	}
}

// retryAfter is what the server asks for, in seconds; 0 if it does not.
func retryAfter(response *http.Response) time.Duration {
	seconds, err := strconv.Atoi(response.Header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, maxRetryAfter)
}

// refusal is what a problem says, or that it is none.
func refusal(address string, response *http.Response, content []byte) error {
	var problem openapi.Problem
	if json.Unmarshal(content, &problem) != nil || problem.Title == "" {
		return &RefusedError{Status: response.StatusCode, Detail: fmt.Sprintf("%s answered %s, not as Tidegate does: check the address.", address, response.Status)}
	}
	return &RefusedError{Status: response.StatusCode, Detail: problem.Detail, Fields: problem.Errors}
}

func (c *Client) client() *http.Client {
	if c.HTTP != nil {
		return c.HTTP
	}
	return &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// bare is why a request failed, without its method and address.
func bare(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}
