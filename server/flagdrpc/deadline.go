package flagdrpc

import (
	"context"
	"net/http"
	"time"

	"github.com/tidegate-io/tidegate/server/stream"
)

// withDeadlines ends an answer whose client takes nothing of it for as long as the timeout. A client that stops
// reading holds up nobody but itself, and one that reads slowly may have a large definition.
func withDeadlines(next http.Handler, streams *stream.Streams) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		writer := &deadlineWriter{
			ResponseWriter: w,
			control:        http.NewResponseController(w),
			timeout:        streams.WriteTimeout(),
			closing:        streams.Closing(),
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

// Write writes as streams do: a long message is left unfinished when all of them are to end.
func (w *deadlineWriter) Write(p []byte) (int, error) {
	return stream.InChunks(p, w.closing, func(chunk []byte) (int, error) {
		return w.bounded(func() (int, error) { return w.ResponseWriter.Write(chunk) })
	})
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
