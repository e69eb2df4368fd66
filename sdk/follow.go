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
	// steady is how long a stream must last until a failure after it counts as the first one again.
	steady = 10 * time.Second
	// mostServerRetry is the longest wait that the server may ask for.
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

// session is one connection to the server, from its opening to its end. It tells the follower when it is open, and
// when there is a definition to evaluate by. The error says why it ended, or why it could not be opened.
type session interface {
	hold(ctx context.Context, f *follower) (opened bool, err error)
}

// follower holds one session after another for one run of a provider. The package documentation has its policy. Only
// its goroutine uses it.
type follower struct {
	provider *Provider
	server   *server
	run      *run
	session  session
	backoff  backoff
	// refusal is the message for a key that the server does not take.
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

// failed handles a failure. If the provider is not ready yet, it begins to serve the definition that the process has
// of its own. Later it says that what is served may be old, once for each outage.
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

// ready says, the first time that it is called, that flags can be evaluated now.
func (f *follower) ready(message string) {
	if late := f.run.becomeReady(); late {
		f.provider.emit(openfeature.ProviderReady, openfeature.ProviderEventDetails{Message: message})
	}
}

// recover says that what is served is current again.
func (f *follower) recover() {
	f.lastError = ""
	if !f.stale {
		return
	}
	f.stale = false
	f.provider.options.log.Info("tidegate: the stream is open again")
	f.provider.emit(openfeature.ProviderReady, openfeature.ProviderEventDetails{Message: "the stream is open again"})
}

// refuse says once that the key is wrong. If Init still waits, OpenFeature makes an event of the error of Init.
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

// checkStatus returns nil for 200 and errRefused for a key that is wrong. For every other status it returns an error
// that says what was attempted. If the server says when to try again, the error holds that too.
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
