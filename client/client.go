package client

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	// basePath is that of the API below the address of a server.
	basePath = "/api/v1"
	// defaultTimeout bounds a call with all its attempts.
	defaultTimeout = 2 * time.Minute
)

// Client calls one server. It is safe for concurrent use.
type Client struct {
	address string
	token   string
	timeout time.Duration
	reason  string
	agent   string
	http    *http.Client
	// retrying is told before each wait.
	retrying func(why error, wait time.Duration)
}

// Option changes how a Client works.
type Option func(*Client)

// New returns a client of the server at an address, for instance https://flags.example.com, that calls with an access
// token. It makes no connection yet.
func New(address, token string, options ...Option) (*Client, error) {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, fmt.Errorf("%q is no http or https address of a server", address)
	}
	c := &Client{
		address: strings.TrimSuffix(address, "/"), token: token, timeout: defaultTimeout, agent: "tidegate-client",
		http: &http.Client{}, retrying: func(error, time.Duration) {},
	}
	for _, option := range options {
		option(c)
	}
	// A redirected POST would arrive as a GET.
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c, nil
}

// WithTimeout bounds a call with all its attempts; two minutes unless set. The context of a call bounds it too.
func WithTimeout(timeout time.Duration) Option {
	return func(c *Client) { c.timeout = timeout }
}

// WithReason says why everything that the client changes is changed, unless a call says it itself.
func WithReason(reason string) Option {
	return func(c *Client) { c.reason = reason }
}

// WithUserAgent names the program that calls.
func WithUserAgent(agent string) Option {
	return func(c *Client) { c.agent = agent }
}

// WithHTTPClient sets what requests are sent with, for instance with certificates or a proxy. It is copied; redirects
// are not followed.
func WithHTTPClient(h *http.Client) Option {
	return func(c *Client) {
		own := *h
		c.http = &own
	}
}

// WithRetryNotice has a function told before each wait for another attempt.
func WithRetryNotice(notice func(why error, wait time.Duration)) Option {
	return func(c *Client) { c.retrying = notice }
}
