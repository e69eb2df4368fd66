package stream

import (
	"io"
	"net"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
)

// failing is a connection that fails to read.
type failing struct {
	net.Conn
	err error
}

func (f failing) Read([]byte) (int, error) { return 0, f.err }
func (f failing) Close() error             { return nil }

// The system notices by itself when a client does not read. It reports this to the reader or to the writer, whichever
// calls first.
func TestClientsThatTakeNothingAreToldFromThoseThatGo(t *testing.T) {
	t.Parallel()
	silent := &net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ETIMEDOUT)}
	broken := &net.OpError{Op: "write", Err: os.NewSyscallError("write", syscall.EPIPE)}
	for name, test := range map[string]struct {
		read, write error
		unread      bool
	}{
		"the reader is told":      {silent, broken, true},
		"the writer is told":      {io.EOF, silent, true},
		"nothing taken in time":   {net.ErrClosed, os.ErrDeadlineExceeded, true},
		"it goes":                 {io.EOF, io.EOF, false},
		"it goes during an event": {io.EOF, broken, false},
	} {
		c := &connection{conn: failing{err: test.read}, gone: make(chan struct{})}
		go c.listen()
		c.close()
		assert.Equal(t, test.unread, c.unread(test.write), name)
	}
}
