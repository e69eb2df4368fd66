package tidegate

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
)

const (
	// steady is how long a stream must last for its end to count as the first failure.
	steady = 10 * time.Second
	// mostServerRetry bounds what the server may ask for.
	mostServerRetry = time.Minute
	refused         = "the server refuses the SDK key; use a server SDK key of the environment"
	refusedRemote   = "the server refuses the SDK key; use a client or server SDK key of the environment"
)

var (
	// errRefused is the answer 401 or 403.
	errRefused = errors.New("the server refuses the SDK key")
	// errMalformed is for what was received but makes no sense.
	errMalformed = errors.New("malformed")
	errSilent    = errors.New("the stream was silent for too long")
	errGoodbye   = errors.New("the server ended the stream in good order")
)

// retryAfterError is a failure for which the server says how long to wait.
type retryAfterError struct {
	error
	wait time.Duration
}

func (e *retryAfterError) Unwrap() error { return e.error }

// session is one connection to the server, from opening it until it ends. The error says why it ended, or was not
// opened; once it is open, and once there is something to evaluate by, it tells the follower.
type session interface {
	hold(ctx context.Context, f *follower) (opened bool, err error)
}

// follower holds one session after the other for one run of a provider, by the policy in the package documentation.
// Only its goroutine uses it.
type follower struct {
	provider *Provider
	server   *server
	run      *run
	session  session
	backoff  backoff
	// refusal is what is said of a key that the server does not take.
	refusal   string
	stale     bool
	lastError string
}

// follow keeps a session open until ctx ends or the server refuses the key.
func (f *follower) follow(ctx context.Context) {
	for {
		begun := time.Now()
		opened, err := f.session.hold(ctx, f)
		if ctx.Err() != nil {
			return
		}
		if errors.Is(err, errRefused) {
			f.refuse()
			return
		}
		if opened && time.Since(begun) >= steady {
			f.backoff.reset()
		}
		f.report(err)
		if !opened || errors.Is(err, errMalformed) {
			f.failed(err)
		}
		if !sleep(ctx, f.wait(err)) {
			return
		}
	}
}

// wait is how long to wait after err.
func (f *follower) wait(err error) time.Duration {
	var told *retryAfterError
	if !errors.As(err, &told) {
		return f.backoff.next()
	}
	asked := min(told.wait, mostServerRetry)
	if errors.Is(err, errGoodbye) {
		return asked
	}
	return asked + f.backoff.next()
}

// failed begins to serve the definition that the process has of its own, if it is not ready yet. Later it tells that
// what is served may be old, once for each outage.
func (f *follower) failed(err error) {
	if !f.run.isReady() {
		if f.provider.view.Load() != nil {
			f.ready("serving the definition that the process has of its own")
		}
		return
	}
	if !f.stale {
		f.stale = true
		f.provider.emit(openfeature.ProviderStale, openfeature.ProviderEventDetails{Message: err.Error()})
	}
}

// ready tells, the first time, that evaluations have something to go by.
func (f *follower) ready(message string) {
	if late := f.run.becomeReady(); late {
		f.provider.emit(openfeature.ProviderReady, openfeature.ProviderEventDetails{Message: message})
	}
}

// recover tells that what is served is current again.
func (f *follower) recover() {
	f.lastError = ""
	if !f.stale {
		return
	}
	f.stale = false
	f.provider.options.log.Info("tidegate: the stream is open again")
	f.provider.emit(openfeature.ProviderReady, openfeature.ProviderEventDetails{Message: "the stream is open again"})
}

// refuse says once that the key is wrong: OpenFeature makes an event of the error of Init, if that waits yet.
func (f *follower) refuse() {
	f.provider.options.log.Error("tidegate: " + f.refusal)
	if late := f.run.becomeFatal(); late {
		f.provider.emit(openfeature.ProviderError, openfeature.ProviderEventDetails{
			Message: f.refusal, ErrorCode: openfeature.ProviderFatalCode,
		})
	}
}

// report logs why there is no stream, once for each reason.
func (f *follower) report(err error) {
	if errors.Is(err, errGoodbye) {
		return
	}
	if text := err.Error(); text != f.lastError {
		f.lastError = text
		f.provider.options.log.Warn("tidegate: no stream; trying on, and serving what is known meanwhile", "error", err)
	}
}

// checkStatus returns nil for 200, errRefused for a key that is wrong, and otherwise an error that tells what was
// attempted, and when to try again if the server says so.
func checkStatus(attempt string, response *http.Response) error {
	switch response.StatusCode {
	case http.StatusOK:
		return nil
	case http.StatusUnauthorized, http.StatusForbidden:
		return errRefused
	}
	err := fmt.Errorf("%s: the server answers %s", attempt, response.Status)
	if seconds, parseErr := strconv.Atoi(response.Header.Get("Retry-After")); parseErr == nil && seconds >= 0 {
		return &retryAfterError{error: err, wait: time.Duration(seconds) * time.Second}
	}
	return err
}

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
