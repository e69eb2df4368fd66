package faults_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"
)

// link is the connection from one replica to a service, which a test can cut or silence.
type link struct {
	// URL leads to the service by way of the link.
	URL   string
	proxy *toxiproxy.Proxy
}

// The two directions of a link, in toxiproxy's words.
const (
	toService   = "upstream"
	fromService = "downstream"
)

func newLink(t *testing.T, service string) *link {
	t.Helper()
	parsed, err := url.Parse(service)
	require.NoError(t, err)
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	proxy := toxiproxy.NewProxy(server, t.Name(), "127.0.0.1:0", parsed.Host)
	require.NoError(t, proxy.Start())
	t.Cleanup(proxy.Stop)
	parsed.Host = proxy.Listen
	return &link{URL: parsed.String(), proxy: proxy}
}

// Cut closes every connection and refuses new ones.
func (l *link) Cut() { l.proxy.Stop() }

// Mend ends Cut.
func (l *link) Mend(t *testing.T) {
	t.Helper()
	require.NoError(t, l.proxy.Start())
}

// Lead makes new connections go to another service, like an address that moves. It closes the old connections.
func (l *link) Lead(t *testing.T, service string) {
	t.Helper()
	parsed, err := url.Parse(service)
	require.NoError(t, err)
	l.proxy.Stop()
	l.proxy.Upstream = parsed.Host
	require.NoError(t, l.proxy.Start())
}

// Silence swallows everything that goes in the direction, on old and new connections. It tells neither end: the
// connections are half-open.
func (l *link) Silence(t *testing.T, direction string) {
	t.Helper()
	toxic := fmt.Sprintf(`{"name": %q, "type": "timeout", "stream": %[1]q, "toxicity": 1, "attributes": {"timeout": 0}}`, direction)
	_, err := l.proxy.Toxics.AddToxicJson(strings.NewReader(toxic))
	require.NoError(t, err)
}

// EndSilence lets new connections work. Those that were silenced are closed.
func (l *link) EndSilence() { l.proxy.Toxics.ResetToxics(context.Background()) }
