package stream

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"

	"github.com/tidegate-io/tidegate/supervise"
)

// connection is the server's side of one stream. It was taken over from net/http. The answer has no length: it ends
// with the connection.
type connection struct {
	conn    net.Conn
	head    []byte
	timeout time.Duration
	closing <-chan struct{}

	gone chan struct{} // closed when the client has gone
	lost error         // why; it may be read then
}

// takeOver takes over the connection of a request. The answer has status 200 and the header of w.
func takeOver(
	w http.ResponseWriter,
	owner *supervise.Supervisor,
	timeout time.Duration,
	closing <-chan struct{},
) (*connection, error) {
	header := w.Header()
	header.Set("Connection", "close")
	header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	var head bytes.Buffer
	head.WriteString("HTTP/1.1 200 OK\r\n")
	if err := header.Write(&head); err != nil {
		return nil, fmt.Errorf("write header: %w", err)
	}
	// The comment shows the client that it is connected, and makes proxies begin to pass on the body.
	head.WriteString("\r\n:\n\n")
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, fmt.Errorf("take the connection over: %w", err)
	}
	c := &connection{conn: conn, head: head.Bytes(), timeout: timeout, closing: closing, gone: make(chan struct{})}
	owner.Begin(supervise.Piece{Name: "stream", Detail: "reader"}, c.listen)
	return c, nil
}

// listen waits until the client has gone. It ignores everything that the client sends.
func (c *connection) listen() {
	defer close(c.gone)
	var ignored [64]byte
	for c.lost == nil {
		_, c.lost = c.conn.Read(ignored[:])
	}
}

// close ends the connection and waits until listen has returned.
func (c *connection) close() {
	// An error means that the client has gone.
	_ = c.conn.Close()
	<-c.gone
}

// unread tells whether the stream failed with err because its client did not read. Either the write timeout has
// passed, or the system's own time limit. It must be called after close.
func (c *connection) unread(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, syscall.ETIMEDOUT) ||
		errors.Is(c.lost, syscall.ETIMEDOUT)
}

// begin sends the head of the answer.
func (c *connection) begin() error {
	head := c.head
	c.head = nil
	return c.write(head)
}

// write sends the events at once. It fails when the client reads nothing for as long as the timeout. So a client that
// stops reading delays nobody else, while a client that reads slowly can still get a large snapshot.
func (c *connection) write(events ...[]byte) error {
	for _, event := range events {
		if _, err := InChunks(event, c.closing, c.writeChunk); err != nil {
			return err
		}
	}
	return nil
}

// writeChunk writes a chunk that the client must read within the timeout.
func (c *connection) writeChunk(chunk []byte) (int, error) {
	if err := c.conn.SetWriteDeadline(time.Now().Add(c.timeout)); err != nil {
		return 0, fmt.Errorf("set write deadline: %w", err)
	}
	return c.conn.Write(chunk)
}
