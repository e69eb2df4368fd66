package body

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/tidegate-io/tidegate/server/problem"
)

const (
	// strangerTime is how long a whole body may take if nothing is known about its sender yet.
	strangerTime = 10 * time.Second
	// knownTime is how long it may take from somebody who has shown a token.
	knownTime = time.Minute
)

// Timed gives every body a deadline, whoever sends it. Without a limit, bodies that never end would hold connections
// for ever, until none is left for others.
func Timed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body == nil || r.Body == http.NoBody {
			next.ServeHTTP(w, r)
			return
		}
		timed := &timedBody{ReadCloser: r.Body, control: http.NewResponseController(w), header: w.Header()}
		timed.allow(strangerTime)
		r.Body = timed
		next.ServeHTTP(w, r)
	})
}

// Known gives the body of a request more time, once it is known who sends it.
func Known(r *http.Request) {
	if timed, ok := r.Body.(*timedBody); ok {
		timed.allow(knownTime)
	}
}

// timedBody is a body with a deadline for the whole of it. Only the goroutine of its request uses it.
type timedBody struct {
	io.ReadCloser
	control *http.ResponseController
	header  http.Header // of the answer
}

func (b *timedBody) allow(d time.Duration) {
	// Some response writers of tests do not support deadlines; every real connection does.
	_ = b.control.SetReadDeadline(time.Now().Add(d))
}

// Read removes the deadline at the end of the body: the answer may take any time.
func (b *timedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		_ = b.control.SetReadDeadline(time.Time{})
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		// The rest of the body may still arrive later. It must not be taken for the next request.
		b.header.Set("Connection", "close")
		return n, errSlow()
	}
	return n, err
}

func errSlow() error {
	return &problem.Error{
		Status: http.StatusRequestTimeout, Slug: "timeout", Detail: "The body did not come to its end in time.",
	}
}

// Read reads the whole body of a request, up to limit bytes. What is wrong becomes a problem, or an
// *http.MaxBytesError.
func Read(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	if r.ContentLength > limit {
		// If the body is known to be too long, it is not read.
		return nil, &http.MaxBytesError{Limit: limit}
	}
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if err == nil {
		return content, nil
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, err
	}
	if slow, ok := errors.AsType[*problem.Error](err); ok {
		return nil, slow
	}
	return nil, problem.BadRequest("The body could not be read to its end.")
}
