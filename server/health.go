package server

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/tidegate-io/tidegate/server/replica"
)

// pingTimeout bounds the check of the store in /readyz. It is well below a second, which is the default timeout of
// Kubernetes's probes. Without it, a database that does not answer would make every replica look as if it did not
// answer.
const pingTimeout = 500 * time.Millisecond

// readiness is the body of /readyz.
type readiness struct {
	// Status is "ready", "degraded" (serving what was last known, while the store is away), "starting" or "stopping".
	Status       string                 `json:"status"`
	Reason       string                 `json:"reason,omitempty"`
	Store        component              `json:"store"`
	Environments []environmentReadiness `json:"environments"`
	// Failing are pieces of work that have panicked and are tried again. A healthy process has none.
	Failing []failingPiece `json:"failing,omitempty"`
}

type component struct {
	Reached bool   `json:"reached"`
	Reason  string `json:"reason,omitempty"`
}

type failingPiece struct {
	Piece  string    `json:"piece"`
	Of     string    `json:"of,omitempty"`
	Panics int       `json:"panics"`
	Last   time.Time `json:"last"`
}

type environmentReadiness struct {
	Project     string `json:"project"`
	Environment string `json:"environment"`
	Ready       bool   `json:"ready"`
	Stale       bool   `json:"stale"`
	Revision    int64  `json:"revision"`
	Reason      string `json:"reason,omitempty"`
}

// live answers GET /livez: the process is up and answers.
func live(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	// An error means that the caller has gone away.
	_, _ = w.Write([]byte("ok\n"))
}

// ready answers GET /readyz. The status is 200 while every environment is served. It is 503 otherwise, and while the
// server is stopping. A store that cannot be reached is reported, but the status stays 200: the replica serves what
// it knows.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	report := readiness{Status: "ready", Store: s.storeReadiness(r.Context()), Environments: []environmentReadiness{}}
	for _, status := range s.replica.Statuses() {
		report.Environments = append(report.Environments, describeStatus(status))
	}
	for _, f := range s.owner.Failures() {
		report.Failing = append(
			report.Failing,
			failingPiece{Piece: f.Name, Of: f.Detail, Panics: f.Count, Last: f.Last.UTC()},
		)
	}
	status := http.StatusOK
	switch err := s.replica.Ready(); {
	case s.stopping.Load():
		report.Status, report.Reason, status = "stopping", "the server was asked to stop", http.StatusServiceUnavailable
	case err != nil:
		report.Status, report.Reason, status = "starting", err.Error(), http.StatusServiceUnavailable
	case !report.Store.Reached:
		report.Status, report.Reason = "degraded", "changes are impossible while the store cannot be reached; flags are served as last known"
	case len(report.Failing) > 0:
		report.Status, report.Reason = "degraded", "work that is named in failing has panicked and is tried again; flags are served"
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// The status is already sent. An error now means that the caller has gone away.
	_ = json.NewEncoder(w).Encode(report)
}

func (s *Server) storeReadiness(ctx context.Context) component {
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	if err := s.backend.Store.Ping(ctx); err != nil {
		// The level is debug for two reasons: probes come often, and the replica already logs that it cannot follow
		// the store.
		s.config.Log.DebugContext(ctx, "the store cannot be reached", "error", err)
		return component{Reason: "the store does not answer"}
	}
	return component{Reached: true}
}

func describeStatus(status replica.Status) environmentReadiness {
	return environmentReadiness{
		Project: status.Project, Environment: status.Environment, Ready: status.Ready, Stale: status.Stale,
		Revision: status.Revision, Reason: status.Problem,
	}
}
