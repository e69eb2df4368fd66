package tidegate

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// The headers by which a process says what it is.
const (
	headerService   = "X-Tidegate-Service"
	headerVersion   = "X-Tidegate-Version"
	headerInstance  = "X-Tidegate-Instance"
	headerStartedAt = "X-Tidegate-Started-At"
	headerShadow    = "X-Tidegate-Shadow"
)

// maxIdleConnections is how many idle connections are kept, so that concurrent remote evaluations use them again.
const maxIdleConnections = 64

// server holds how to reach the server. It is immutable.
type server struct {
	base, key string // base ends without a slash
	identity  identity
	started   time.Time
	client    *http.Client
	owned     bool // the client's connections are the provider's to close
}

func newServer(p *Provider) (*server, error) {
	base, err := url.Parse(p.url)
	if err != nil || (base.Scheme != "http" && base.Scheme != "https") || base.Host == "" {
		return nil, fmt.Errorf("%q is not the URL of a server, such as https://flags.example.com", p.url)
	}
	if err := p.options.identity.check(); err != nil {
		return nil, err
	}
	s := &server{
		base: strings.TrimSuffix(base.String(), "/"), key: p.key,
		identity: p.options.identity, started: p.started, client: p.options.client,
	}
	if s.client == nil {
		s.client, s.owned = newClient(p.options.readTimeout), true
	}
	return s, nil
}

func newClient(timeout time.Duration) *http.Client {
	return &http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		ForceAttemptHTTP2:     true,
		TLSHandshakeTimeout:   timeout,
		ResponseHeaderTimeout: timeout,
		MaxIdleConnsPerHost:   maxIdleConnections,
		IdleConnTimeout:       90 * time.Second,
	}}
}

// close closes the idle connections, if they belong to the provider.
func (s *server) close() {
	if s.owned {
		s.client.CloseIdleConnections()
	}
}

// request makes a request that has the key and says what the process is. Path begins with a slash.
func (s *server) request(ctx context.Context, method, path string, body io.Reader) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, method, s.base+path, body)
	if err != nil {
		return nil, fmt.Errorf("make request for %s: %w", path, err)
	}
	header := request.Header
	header.Set("Authorization", "Bearer "+s.key)
	if body != nil {
		header.Set("Content-Type", "application/json")
	}
	if s.identity.service != "" {
		header.Set(headerService, s.identity.service)
		header.Set(headerVersion, s.identity.version)
		header.Set(headerInstance, s.identity.instance)
		header.Set(headerStartedAt, s.started.UTC().Format(time.RFC3339))
		if s.identity.shadow {
			header.Set(headerShadow, "true")
		}
	}
	return request, nil
}
