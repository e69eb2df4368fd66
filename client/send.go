package client

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	mathrand "math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// The bound of the waits between attempts starts at firstWait and doubles up to maxWait. Each wait is a random time
// in the upper half of its bound. So many callers that failed at the same time do not come back at the same time. The
// server may ask for a longer wait, up to maxRetryAfter.
const (
	firstWait     = 500 * time.Millisecond
	maxWait       = 15 * time.Second
	maxRetryAfter = time.Minute
)

const (
	// attemptTimeout is the most time that one attempt may take.
	attemptTimeout = 30 * time.Second
	// maxAnswer is the most that is read of an answer, in bytes.
	maxAnswer = 64 << 20
)

// send sends a request until it gets an answer, and decodes the answer.
func send[T any](ctx context.Context, c *Client, o operation, r request) (answer T, err error) {
	err = c.do(ctx, o, r, &answer)
	return answer, err
}

// do decodes the answer into out, unless that is nil.
func (c *Client) do(ctx context.Context, o operation, r request, out any) error {
	prepared, err := c.prepare(o, r)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	for wait := firstWait; ; wait = min(2*wait, maxWait) {
		again, err := c.attempt(ctx, prepared, out)
		if err == nil || again == never {
			return err
		}
		if !prepared.repeatable {
			return c.lost(err)
		}
		pause := max(wait/2+mathrand.N(wait/2+1), again)
		if deadline, ok := ctx.Deadline(); ctx.Err() != nil || (ok && time.Until(deadline) < pause) {
			return c.lost(err)
		}
		c.retrying(err, pause)
		select {
		case <-ctx.Done():
			return c.lost(err)
		case <-time.After(pause):
		}
	}
}

// lost is the error of a call that got no final answer.
func (c *Client) lost(cause error) error { return &UnreachableError{Address: c.address, Cause: cause} }

// never stands for the wait where another attempt would not help.
const never time.Duration = -1

// attempt tries once. Again is the shortest wait after which another attempt may succeed, or never.
func (c *Client) attempt(ctx context.Context, prepared call, out any) (again time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	response, again, err := c.roundTrip(ctx, prepared)
	if err != nil {
		return again, err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return 0, fmt.Errorf("read answer: %w", err)
	}
	if len(content) > maxAnswer {
		return never, &AnswerError{
			Status: response.StatusCode,
			Detail: fmt.Sprintf("The answer of %s has more than %d bytes.", c.address, maxAnswer),
		}
	}
	return c.understand(response, content, out)
}

// roundTrip gives the answer, whatever its status is.
func (c *Client) roundTrip(
	ctx context.Context,
	prepared call,
) (response *http.Response, again time.Duration, err error) {
	sent, err := http.NewRequestWithContext(ctx, prepared.method, prepared.url, bytes.NewReader(prepared.body))
	if err != nil {
		return nil, never, fmt.Errorf("make request: %w", err)
	}
	sent.Header = prepared.header.Clone()
	response, err = c.http.Do(sent)
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &certificate):
		return nil, never, c.lost(certificate)
	case err != nil:
		return nil, 0, bare(err)
	}
	return response, 0, nil
}

// understand decodes an answer, or gives the error that the answer stands for.
func (c *Client) understand(response *http.Response, content []byte, out any) (again time.Duration, err error) {
	switch status := response.StatusCode; {
	case status >= 200 && status < 300:
		if out == nil {
			return never, nil
		}
		if err := json.Unmarshal(content, out); err != nil {
			return never, &AnswerError{
				Status: status,
				Detail: fmt.Sprintf(
					"What answers at %s is not Tidegate: its answer is not JSON as the API has it.",
					c.address,
				),
			}
		}
		return never, nil
	case status >= 300 && status < 400:
		return never, &AnswerError{
			Status: status,
			Detail: fmt.Sprintf("%s redirects to %s: use that address.", c.address, response.Header.Get("Location")),
		}
	case status == http.StatusTooManyRequests, status >= 500:
		return retryAfter(response.Header.Get("Retry-After"), time.Now()), c.refusal(response, content)
	default:
		return never, c.refusal(response, content)
	}
}

// retryAfter is how long the server asks to wait. The header has seconds or a date. It is 0 if the server does not
// ask.
func retryAfter(text string, now time.Time) time.Duration {
	var wait time.Duration
	if seconds, err := strconv.Atoi(text); err == nil {
		wait = time.Duration(min(seconds, int(maxRetryAfter/time.Second))) * time.Second
	} else if date, err := http.ParseTime(text); err == nil {
		wait = date.Sub(now)
	}
	return min(max(wait, 0), maxRetryAfter)
}

// open gives the body of an answer that goes on for a long time. The caller closes it. It is tried only once.
func (c *Client) open(ctx context.Context, o operation, r request) (io.ReadCloser, error) {
	prepared, err := c.prepare(o, r)
	if err != nil {
		return nil, err
	}
	response, _, err := c.roundTrip(ctx, prepared)
	var unreachable *UnreachableError
	switch {
	case errors.As(err, &unreachable):
		return nil, err
	case err != nil:
		return nil, c.lost(err)
	case response.StatusCode == http.StatusOK:
		return response.Body, nil
	}
	defer response.Body.Close()
	content, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, c.lost(fmt.Errorf("read answer: %w", err))
	}
	_, err = c.understand(response, content, nil)
	return nil, err
}

// pages goes through the pages of a list, beginning at a cursor.
func pages[T any](cursor string, page func(cursor string) (List[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for at := cursor; ; {
			list, err := page(at)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range list.Items {
				if !yield(item, nil) {
					return
				}
			}
			if at = list.Next; at == "" {
				return
			}
		}
	}
}

// bare is why a request failed, without its method and address.
func bare(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}
