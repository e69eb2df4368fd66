package client

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	// basePath is the path of the API on a server.
	basePath = "/api/v1"
	// defaultTimeout is the most time that a call may take, with all its attempts.
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
	// retrying is called before each wait.
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

// WithTimeout sets the most time that a call may take, with all its attempts. It is two minutes unless set. The
// context of a call bounds it too.
func WithTimeout(timeout time.Duration) Option {
	return func(c *Client) { c.timeout = timeout }
}

// WithReason gives the reason for every change that the client makes. A call that has a reason of its own keeps its
// own.
func WithReason(reason string) Option {
	return func(c *Client) { c.reason = reason }
}

// WithUserAgent names the program that calls.
func WithUserAgent(agent string) Option {
	return func(c *Client) { c.agent = agent }
}

// WithHTTPClient sets the HTTP client that sends the requests, for instance with certificates or a proxy. The client
// is copied, and the copy does not follow redirects.
func WithHTTPClient(h *http.Client) Option {
	return func(c *Client) {
		own := *h
		c.http = &own
	}
}

// WithRetryNotice sets a function that is called before each wait for another attempt.
func WithRetryNotice(notice func(why error, wait time.Duration)) Option {
	return func(c *Client) { c.retrying = notice }
}
