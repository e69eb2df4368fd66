// Package hooks takes in what deploy tools report by webhooks of their own. Every event is verified before it is read,
// and may come late, repeated or out of order.
package hooks

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// maxBody bounds an event.
const maxBody = 1 << 20

// Deployer takes in deployments.
type Deployer interface {
	Deploy(ctx context.Context, d store.Deployment, by store.Attribution) (stored store.Deployment, changed bool, err error)
}

// Environments knows which environments there are.
type Environments interface {
	Environment(ctx context.Context, ref store.EnvironmentRef) (store.Environment, error)
}

// Options are what the hooks work with.
type Options struct {
	Deployer     Deployer
	Environments Environments
	Now          func() time.Time
	GitHub       GitHub
}

type handler struct{ Options }

// New returns the routes, which are relative to /hooks.
func New(o Options) http.Handler {
	h := &handler{o}
	router := chi.NewRouter()
	router.NotFound(func(w http.ResponseWriter, r *http.Request) {
		problem.Write(w, r, problem.NotFound("There is no hook at %s; there is /hooks/github.", r.URL.Path))
	})
	router.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", http.MethodPost)
		problem.Write(w, r, &problem.Error{
			Status: http.StatusMethodNotAllowed, Slug: "method-not-allowed", Detail: "Webhooks are sent by POST.",
		})
	})
	router.Post("/github", h.github)
	return router
}

// answer is what the sender is told. GitHub and others show it beside the delivery.
type answer struct {
	Note       string              `json:"note,omitempty"`
	Deployment *release.Deployment `json:"deployment,omitempty"`
}

func accept(w http.ResponseWriter, a answer) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	// An error now means that the sender has gone away; what it sent is taken in.
	_ = json.NewEncoder(w).Encode(a)
}

// readSigned reads the body of an event that is signed as GitHub does it: X-Hub-Signature-256 is the HMAC-SHA256 of the
// body.
func readSigned(w http.ResponseWriter, r *http.Request, secret string) ([]byte, error) {
	if secret == "" {
		return nil, problem.NotFound(
			"This webhook is off. Set FLAGD_GITHUB_WEBHOOK_SECRET, and the same secret at GitHub: unsigned events are never taken in.")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return nil, err
		}
		return nil, problem.BadRequest("The body could not be read: " + err.Error() + ".")
	}
	signature, found := strings.CutPrefix(r.Header.Get("X-Hub-Signature-256"), "sha256=")
	if !found {
		return nil, unsigned("The event is not signed. Set the webhook's secret at GitHub to that of this server.")
	}
	claimed, err := hex.DecodeString(signature)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	if err != nil || !hmac.Equal(claimed, mac.Sum(nil)) {
		return nil, unsigned("The event's signature is wrong. The webhook's secret at GitHub must be that of this server.")
	}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		return nil, &problem.Error{
			Status: http.StatusUnsupportedMediaType, Slug: "unsupported-media-type",
			Detail: "Set the webhook's content type at GitHub to application/json.",
		}
	}
	return body, nil
}

func unsigned(detail string) *problem.Error {
	return &problem.Error{Status: http.StatusUnauthorized, Slug: "bad-signature", Detail: detail}
}

// environment finds the environment with the key that name, which stands at pointer, was mapped to.
func (h *handler) environment(ctx context.Context, project, name, key, pointer string) (store.EnvironmentRef, error) {
	ref := store.EnvironmentRef{Project: project, Environment: key}
	_, err := h.Environments.Environment(ctx, ref)
	if errors.Is(err, store.ErrNotFound) {
		return ref, problem.Invalid(problem.Field(pointer,
			"%q stands for the environment %q, which project %q does not have; create it, or map the name to another", name, key, project))
	}
	return ref, err
}

const (
	// promptness is how late an event is taken to have happened when it came.
	promptness = time.Minute
	// lateness is how late an event may come and still be believed about its own time. Senders repeat for some days;
	// what is older is a recording that somebody plays.
	lateness = 7 * 24 * time.Hour
)

// dated is when an event that came now is taken to have happened. The order in which events come is better than clocks
// of other machines that count in seconds, except for those that come late.
func dated(said, now time.Time) time.Time {
	if late := now.Sub(said); late < promptness || late > lateness {
		return now
	}
	return said
}
