package flagdrpc

import (
	"context"
	"net/http"
	"time"

	"github.com/tidegate-io/tidegate/server/stream"
)

// writeChunk is what a client must take within the write timeout.
const writeChunk = 64 << 10

// withDeadlines ends an answer whose client takes nothing of it for as long as the timeout. A client that stops reading holds up
// nobody but itself, and one that reads slowly may have a large definition.
func withDeadlines(next http.Handler, streams *stream.Streams) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		writer := &deadlineWriter{
			ResponseWriter: w, control: http.NewResponseController(w), timeout: streams.WriteTimeout(), closing: streams.Closing(),
		}
		next.ServeHTTP(writer, r.WithContext(context.WithValue(r.Context(), writerKey{}, writer)))
	})
}

// writerKey is the context's key of the deadlineWriter.
type writerKey struct{}

// stalled reports whether the client of the request has let a deadline pass. What fails to be flushed is no error of a
// message, so that nobody else says so. It is for the goroutine that writes.
func stalled(ctx context.Context) bool {
	writer, ok := ctx.Value(writerKey{}).(*deadlineWriter)
	return ok && writer.stalled
}

// deadlineWriter has a deadline for each chunk, and none in between: a stream may be silent for as long as it likes.
type deadlineWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration
	closing <-chan struct{}
	stalled bool
}

// Write leaves a long message unfinished when all streams are to end: its client begins it anew elsewhere.
func (w *deadlineWriter) Write(p []byte) (written int, err error) {
	for first := true; first || len(p) > 0; first = false {
		if !first && isClosed(w.closing) {
			return written, stream.ErrClosing
		}
		chunk := p[:min(len(p), writeChunk)]
		n, err := w.bounded(func() (int, error) { return w.ResponseWriter.Write(chunk) })
		written += n
		if err != nil {
			return written, err
		}
		p = p[len(chunk):]
	}
	return written, nil
}

// Flush implements http.Flusher.
func (w *deadlineWriter) Flush() {
	// An error means that the client has gone or has stalled, which ends the request's context.
	_, _ = w.bounded(func() (int, error) { return 0, w.control.Flush() })
}

// FlushError is Flush for http.ResponseController.
func (w *deadlineWriter) FlushError() error {
	_, err := w.bounded(func() (int, error) { return 0, w.control.Flush() })
	return err
}

// Unwrap gives the writer behind to http.ResponseController.
func (w *deadlineWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *deadlineWriter) bounded(write func() (int, error)) (int, error) {
	began := time.Now()
	if err := w.control.SetWriteDeadline(began.Add(w.timeout)); err != nil {
		return 0, err
	}
	n, err := write()
	if err != nil {
		w.stalled = w.stalled || time.Since(began) >= w.timeout
		return n, err
	}
	return n, w.control.SetWriteDeadline(time.Time{})
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
