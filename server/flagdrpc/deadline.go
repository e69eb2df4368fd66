package flagdrpc

import (
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
		next.ServeHTTP(&deadlineWriter{
			ResponseWriter: w, control: http.NewResponseController(w), timeout: streams.WriteTimeout(), closing: streams.Closing(),
		}, r)
	})
}

// deadlineWriter has a deadline for each chunk, and none in between: a stream may be silent for as long as it likes.
type deadlineWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration
	closing <-chan struct{}
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
	// An error means that the client has gone, which the next write tells.
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
	if err := w.control.SetWriteDeadline(time.Now().Add(w.timeout)); err != nil {
		return 0, err
	}
	n, err := write()
	if err != nil {
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
