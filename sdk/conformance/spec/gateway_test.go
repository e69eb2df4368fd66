package spec

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
)

// gateway stands between a provider and the server. It can break all connections, and it can hold requests. It counts
// streams and keeps the tracked events.
type gateway struct {
	*httptest.Server
	lost    atomic.Bool
	waiting atomic.Int64 // requests that are held
	streams atomic.Int64

	mu      sync.Mutex
	held    chan struct{} // closed once requests may pass; nil while they may
	tracked []map[string]any
}

func newGateway(target string) (*gateway, error) {
	address, err := url.Parse(target)
	if err != nil {
		return nil, err
	}
	g := &gateway{}
	proxy := httputil.NewSingleHostReverseProxy(address)
	proxy.FlushInterval = -1
	proxy.Transport = &http.Transport{DisableKeepAlives: true}
	proxy.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.lost.Load() || !g.pass(r) {
			panic(http.ErrAbortHandler)
		}
		switch {
		case r.URL.Path == "/sdk/v1/events":
			g.keep(w, r)
		case r.Method == http.MethodGet:
			g.streams.Add(1)
			defer g.streams.Add(-1)
			proxy.ServeHTTP(w, r)
		default:
			proxy.ServeHTTP(w, r)
		}
	}))
	return g, nil
}

// pass waits while requests are held. It returns false if the caller has gone.
func (g *gateway) pass(r *http.Request) bool {
	g.mu.Lock()
	held := g.held
	g.mu.Unlock()
	if held == nil {
		return true
	}
	g.waiting.Add(1)
	defer g.waiting.Add(-1)
	select {
	case <-held:
		return true
	case <-r.Context().Done():
		return false
	}
}

// hold makes requests wait until release.
func (g *gateway) hold() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.held = make(chan struct{})
}

func (g *gateway) release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.held != nil {
		close(g.held)
		g.held = nil
	}
}

// cut ends all connections and refuses new ones until the gateway is no longer lost.
func (g *gateway) cut() {
	g.lost.Store(true)
	g.CloseClientConnections()
}

// keep takes a report.
func (g *gateway) keep(w http.ResponseWriter, r *http.Request) {
	var report struct{ Events []map[string]any }
	if err := json.NewDecoder(r.Body).Decode(&report); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, e := range report.Events {
		if e["kind"] == "track" {
			g.tracked = append(g.tracked, e)
		}
	}
	w.WriteHeader(http.StatusAccepted)
}

// told returns the tracked events whose name holds the text.
func (g *gateway) told(name string) (events []map[string]any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, e := range g.tracked {
		if text, ok := e["name"].(string); !ok || strings.Contains(text, name) {
			events = append(events, e)
		}
	}
	return events
}
