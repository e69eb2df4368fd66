package storetest

import (
	"errors"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// Proxy stands between a test and a service, so that the test can break the connections.
type Proxy struct {
	target   string
	listener net.Listener
	running  sync.WaitGroup

	mu     sync.Mutex
	closed bool
	away   bool
	open   map[net.Conn]struct{}
	// flows is closed while bytes may pass.
	flows chan struct{}
}

// NewProxy starts a proxy for the service of the URL and gives the URL that leads through the proxy.
func NewProxy(t testing.TB, service string) (*Proxy, string) {
	t.Helper()
	parsed, err := url.Parse(service)
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &Proxy{target: parsed.Host, listener: listener, open: make(map[net.Conn]struct{}), flows: closedChannel()}
	p.running.Go(p.accept)
	t.Cleanup(p.close)
	parsed.Host = listener.Addr().String()
	return p, parsed.String()
}

// Cut breaks every connection.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut()
}

// SetAway breaks every connection, and every new one, until away is set to false again.
func (p *Proxy) SetAway(away bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away = away
	p.cut()
}

// Stall holds back every byte, in both directions, and closes no connection, until it is called with false. The
// service then looks very slow, or gone without a word.
func (p *Proxy) Stall(stalled bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if stalled {
		p.letGo()
		p.flows = make(chan struct{})
		return
	}
	p.letGo()
}

func (p *Proxy) letGo() {
	select {
	case <-p.flows:
	default:
		close(p.flows)
	}
}

func closedChannel() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

// gated waits before each write until bytes may pass.
type gated struct {
	proxy *Proxy
	conn  net.Conn
}

func (g gated) Write(b []byte) (int, error) {
	g.proxy.mu.Lock()
	flows := g.proxy.flows
	g.proxy.mu.Unlock()
	<-flows
	return g.conn.Write(b)
}

func (p *Proxy) cut() {
	for conn := range p.open {
		// The code that copies to or from the connection reports its end.
		_ = conn.Close()
		delete(p.open, conn)
	}
}

func (p *Proxy) close() {
	p.mu.Lock()
	p.closed = true
	p.letGo()
	p.cut()
	p.mu.Unlock()
	_ = p.listener.Close()
	p.running.Wait()
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		p.running.Go(func() { p.serve(client) })
	}
}

func (p *Proxy) serve(client net.Conn) {
	service, err := net.Dial("tcp", p.target)
	if err != nil {
		_ = client.Close()
		return
	}
	if !p.keep(client, service) {
		_ = client.Close()
		_ = service.Close()
		return
	}
	var copying sync.WaitGroup
	for _, pair := range [][2]net.Conn{{client, service}, {service, client}} {
		copying.Go(func() {
			// The error is the end of a connection. The next lines close the other side.
			_, _ = io.Copy(gated{p, pair[0]}, pair[1])
			_ = pair[0].Close()
			_ = pair[1].Close()
		})
	}
	copying.Wait()
}

func (p *Proxy) keep(conns ...net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || p.away {
		return false
	}
	for _, conn := range conns {
		p.open[conn] = struct{}{}
	}
	return true
}
