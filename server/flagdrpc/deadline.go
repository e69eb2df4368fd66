package flagdrpc

import (
	"context"
	"net/http"
	"time"

	"github.com/tidegate-io/tidegate/server/stream"
)

// withDeadlines ends an answer if its client reads nothing for as long as the timeout. So a client that stops reading
// delays nobody else, while a client that reads slowly can still get a large definition.
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

// writerKey is the key of the deadlineWriter in a context.
type writerKey struct{}

// stalled reports whether the client of the request has let a deadline pass. A failed flush does not appear as an
// error of a message, so this is the only way to know. Only the goroutine that writes may call it.
func stalled(ctx context.Context) bool {
	writer, ok := ctx.Value(writerKey{}).(*deadlineWriter)
	return ok && writer.stalled
}

// deadlineWriter sets a deadline for each chunk. There is no deadline between chunks: a stream may be silent for any
// time.
type deadlineWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration
	closing <-chan struct{}
	stalled bool
}

// Write writes as streams do: when all streams must end, it leaves a long message unfinished.
func (w *deadlineWriter) Write(p []byte) (int, error) {
	return stream.InChunks(p, w.closing, func(chunk []byte) (int, error) {
		return w.bounded(func() (int, error) { return w.ResponseWriter.Write(chunk) })
	})
}

// Flush implements http.Flusher.
func (w *deadlineWriter) Flush() {
	// An error means that the client has gone, or has stopped reading. Both end the context of the request.
	_, _ = w.bounded(func() (int, error) { return 0, w.control.Flush() })
}

// FlushError is Flush for http.ResponseController.
func (w *deadlineWriter) FlushError() error {
	_, err := w.bounded(func() (int, error) { return 0, w.control.Flush() })
	return err
}

// Unwrap gives the wrapped writer to http.ResponseController.
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
