package tidegate

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
)

// The policy of the stream:
//
//  1. What was received last is served until something newer comes. Nothing expires.
//  2. A stream that ends, or cannot be opened, is opened again after a random wait between nothing and a bound, which
//     doubles with every failure and is back at its first value once a stream has lasted for a while. A time that the
//     server asks for comes before that wait, or takes its place where the server has ended the stream in good order.
//  3. The stream is opened with the cursor that was reached, so that the server need only send what has changed. The
//     first stream, and one after a stream that made no sense, asks for everything.
//  4. A stream that is silent for longer than the read timeout is given up: the server gives signs of life.
//  5. An event that cannot be read or applied is never applied in part. The stream is dropped and opened again.
//  6. A snapshot or patch that is not newer than what is served is ignored, unless it is of another epoch.
//  7. 401 and 403 end it all: the key is wrong. This is said once, as PROVIDER_ERROR with PROVIDER_FATAL.
//  8. PROVIDER_STALE is emitted when opening the stream again has failed for the first time, so a stream that the
//     server ends in good order goes unnoticed; PROVIDER_READY when there is a stream again.

const (
	streamPath = "/sdk/v1/stream"
	// steady is how long a stream must last for its end to count as the first failure.
	steady = 10 * time.Second
	// mostServerRetry bounds what the server may ask for.
	mostServerRetry = time.Minute
	refused         = "the server refuses the SDK key; use a server SDK key of the environment"
)

// errRefused is the answer 401 or 403.
var errRefused = errors.New(refused)

// retryAfterError is a failure for which the server says how long to wait.
type retryAfterError struct {
	error
	wait time.Duration
}

func (e *retryAfterError) Unwrap() error { return e.error }

// source follows the stream of one run of a provider. Only its goroutine uses it.
type source struct {
	provider *Provider
	endpoint string
	client   *http.Client
	ownsIdle bool // the client's connections are the source's to close
	backoff  backoff
	// fromStart asks for a whole snapshot, whatever is served.
	fromStart bool
	stale     bool
	lastError string
}

func newSource(p *Provider) (*source, error) {
	base, err := url.Parse(p.url)
	if err != nil || (base.Scheme != "http" && base.Scheme != "https") || base.Host == "" {
		return nil, fmt.Errorf("%q is not the URL of a server, such as https://flags.example.com", p.url)
	}
	s := &source{
		provider: p,
		endpoint: strings.TrimSuffix(base.String(), "/") + streamPath,
		client:   p.options.client,
		backoff:  backoff{first: p.options.firstRetry, most: p.options.mostRetry},
	}
	if s.client == nil {
		s.client, s.ownsIdle = &http.Client{Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			ForceAttemptHTTP2:     true,
			TLSHandshakeTimeout:   p.options.readTimeout,
			ResponseHeaderTimeout: p.options.readTimeout,
		}}, true
	}
	return s, nil
}

// follow keeps a stream open until ctx ends or the server refuses the key.
func (s *source) follow(ctx context.Context, r *run) {
	if s.ownsIdle {
		defer s.client.CloseIdleConnections()
	}
	for {
		begun := time.Now()
		opened, err := s.stream(ctx, r)
		if ctx.Err() != nil {
			return
		}
		if errors.Is(err, errRefused) {
			s.refuse(r)
			return
		}
		if opened && time.Since(begun) >= steady {
			s.backoff.reset()
		}
		s.report(err)
		if !opened || s.fromStart {
			s.goStale(err)
		}
		if !sleep(ctx, s.wait(err)) {
			return
		}
	}
}

// wait is how long to wait after err.
func (s *source) wait(err error) time.Duration {
	var told *retryAfterError
	if !errors.As(err, &told) {
		return s.backoff.next()
	}
	asked := min(told.wait, mostServerRetry)
	if errors.Is(err, errGoodbye) {
		return asked
	}
	return asked + s.backoff.next()
}

// stream opens a stream and takes its events until it ends. The error says why it ended, or was not opened.
func (s *source) stream(ctx context.Context, r *run) (opened bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	timeout := s.provider.options.readTimeout
	silence := time.AfterFunc(timeout, func() { cancel(errSilent) })
	defer silence.Stop()

	response, err := s.open(ctx)
	if err != nil {
		return false, errors.Join(err, silent(ctx))
	}
	defer response.Body.Close()
	if !s.fromStart {
		s.recover()
	}

	reader := eventReader{
		lines: bufio.NewReaderSize(response.Body, 16<<10),
		alive: func() { silence.Reset(timeout) },
	}
	for retry := time.Duration(-1); ; {
		e, err := reader.next()
		if errors.Is(err, io.EOF) && retry >= 0 {
			return true, &retryAfterError{error: errGoodbye, wait: retry}
		}
		if err != nil {
			return true, errors.Join(fmt.Errorf("the stream ended: %w", err), silent(ctx))
		}
		// A retry time that is the last thing said is a goodbye.
		if retry = e.retry; retry >= 0 {
			continue
		}
		if err := s.take(e, r); err != nil {
			s.fromStart = true
			return true, err
		}
		s.fromStart = false
		s.recover()
	}
}

var (
	errSilent  = errors.New("the stream was silent for too long")
	errGoodbye = errors.New("the server ended the stream in good order")
)

// silent returns errSilent if that is why ctx has ended.
func silent(ctx context.Context) error {
	if cause := context.Cause(ctx); errors.Is(cause, errSilent) {
		return cause
	}
	return nil
}

// open sends the request and checks the answer.
func (s *source) open(ctx context.Context) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.endpoint, nil)
	if err != nil {
		return nil, fmt.Errorf("open stream: %w", err)
	}
	o := &s.provider.options
	header := request.Header
	header.Set("Authorization", "Bearer "+s.provider.key)
	header.Set("Accept", "text/event-stream")
	header.Set("Cache-Control", "no-cache")
	if v := s.provider.view.Load(); v != nil && !s.fromStart {
		header.Set("Last-Event-ID", v.snapshot.Epoch()+"."+strconv.FormatInt(v.snapshot.Revision(), 10))
	}
	if o.service != "" {
		header.Set("X-Tidegate-Service", o.service)
		header.Set("X-Tidegate-Version", o.version)
		header.Set("X-Tidegate-Instance", o.instance)
	}
	response, err := s.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("open stream: %w", err)
	}
	if err := accept(response); err != nil {
		return nil, errors.Join(err, response.Body.Close())
	}
	return response, nil
}

// accept returns nil for an answer that is a stream of events.
func accept(response *http.Response) error {
	switch {
	case response.StatusCode == http.StatusUnauthorized, response.StatusCode == http.StatusForbidden:
		return errRefused
	case response.StatusCode != http.StatusOK:
		err := fmt.Errorf("open stream: the server answers %s", response.Status)
		if seconds, parseErr := strconv.Atoi(response.Header.Get("Retry-After")); parseErr == nil && seconds >= 0 {
			return &retryAfterError{error: err, wait: time.Duration(seconds) * time.Second}
		}
		return err
	case !strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream"):
		return fmt.Errorf("open stream: the answer is %q and no stream of events; is %s a Tidegate server?",
			response.Header.Get("Content-Type"), response.Request.URL.Host)
	}
	return nil
}

// refuse says once that the key is wrong.
func (s *source) refuse(r *run) {
	s.provider.options.log.Error("tidegate: " + refused)
	s.provider.emit(openfeature.ProviderError, openfeature.ProviderEventDetails{
		Message: refused, ErrorCode: openfeature.ProviderFatalCode,
	})
	close(r.fatal)
}

// goStale tells that what is served may be old, once for each outage.
func (s *source) goStale(err error) {
	if s.stale || s.provider.view.Load() == nil {
		return
	}
	s.stale = true
	s.provider.emit(openfeature.ProviderStale, openfeature.ProviderEventDetails{Message: err.Error()})
}

// recover tells that what is served is current again.
func (s *source) recover() {
	s.lastError = ""
	if !s.stale {
		return
	}
	s.stale = false
	s.provider.options.log.Info("tidegate: the stream is open again")
	s.provider.emit(openfeature.ProviderReady, openfeature.ProviderEventDetails{Message: "the stream is open again"})
}

// report logs why there is no stream, once for each reason.
func (s *source) report(err error) {
	if errors.Is(err, errGoodbye) {
		return
	}
	if text := err.Error(); text != s.lastError {
		s.lastError = text
		s.provider.options.log.Warn("tidegate: no stream; serving what was last known", "error", err)
	}
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
