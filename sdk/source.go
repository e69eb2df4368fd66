package tidegate

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const streamPath = "/sdk/v1/stream"

// source takes snapshots and patches from the stream of an environment.
type source struct {
	provider *Provider
	// fromStart asks for a whole snapshot, even if there is something to continue from.
	fromStart bool
}

// hold opens a stream and takes its events until it ends.
func (s *source) hold(ctx context.Context, f *follower) (opened bool, err error) {
	to := f.server
	request, err := to.request(ctx, http.MethodGet, streamPath, nil)
	if err != nil {
		return false, err
	}
	if v := s.provider.view.Load(); v != nil && !s.fromStart {
		request.Header.Set("Last-Event-ID", v.snapshot.Epoch()+"."+strconv.FormatInt(v.snapshot.Revision(), 10))
	}
	return to.listen(request, f.provider.options.readTimeout, func() {
		if !s.fromStart {
			f.recover()
		}
	}, func(e event) error {
		if err := s.take(e); err != nil {
			s.fromStart = true
			return fmt.Errorf("%w event: %w", errMalformed, err)
		}
		if s.provider.view.Load() == nil {
			return nil // an event that nothing is known of, before any snapshot
		}
		s.fromStart = false
		f.recover()
		f.ready("the first snapshot has come")
		return nil
	})
}

// listen opens a stream of server-sent events and passes each event to take. It stops when the stream ends, when the
// stream is silent for longer than timeout, or when take fails. The error says why it ended, or why it was not
// opened.
func (s *server) listen(request *http.Request, timeout time.Duration, open func(), take func(event) error) (opened bool, err error) {
	ctx, cancel := context.WithCancelCause(request.Context())
	defer cancel(nil)
	silence := time.AfterFunc(timeout, func() { cancel(errSilent) })
	defer silence.Stop()

	request = request.WithContext(ctx)
	request.Header.Set("Accept", "text/event-stream")
	request.Header.Set("Cache-Control", "no-cache")
	response, err := s.client.Do(request)
	if err != nil {
		return false, errors.Join(fmt.Errorf("open stream: %w", err), silent(ctx))
	}
	defer response.Body.Close()
	if err := accept(response); err != nil {
		return false, err
	}
	open()
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
		// If the last event is only a retry time, the server has ended the stream in good order.
		if e.data == nil {
			retry = e.retry
			continue
		}
		retry = -1
		if err := take(e); err != nil {
			return true, err
		}
	}
}

// silent returns errSilent if ctx has ended because the stream was silent.
func silent(ctx context.Context) error {
	if cause := context.Cause(ctx); errors.Is(cause, errSilent) {
		return cause
	}
	return nil
}

// accept returns nil for an answer that is a stream of events.
func accept(response *http.Response) error {
	if err := checkStatus("open stream", response); err != nil {
		return err
	}
	if kind := response.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/event-stream") {
		return fmt.Errorf("open stream: the answer is %q and no stream of events; is %s a Tidegate server?",
			kind, response.Request.URL.Host)
	}
	return nil
}
