// Command goservice is a web service whose page has two versions. It evaluates the flag new-checkout for the user of
// each request, in this process, and tracks who has paid.
//
//	SDK_KEY=… go run ./examples/goservice
//
// Then open http://127.0.0.1:8090/?user=ada and switch the flag: the page follows.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/open-feature/go-sdk/openfeature"

	tidegate "github.com/tidegate-io/tidegate/sdk"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	server := cmp.Or(os.Getenv("TIDEGATE_URL"), "http://127.0.0.1:8080")
	provider := tidegate.NewProvider(server, os.Getenv("SDK_KEY"), tidegate.WithService("checkout", "2.3.0"))
	if err := openfeature.SetProviderAndWait(provider); err != nil {
		log.Printf("starting with code defaults: %v", err)
	}
	defer openfeature.Shutdown()

	client := openfeature.NewClient("checkout")
	changed := func(details openfeature.EventDetails) { log.Printf("changed: %v", details.FlagChanges) }
	client.AddHandler(openfeature.ProviderConfigChange, &changed)

	shop := &shop{client: client}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", shop.checkout)
	mux.HandleFunc("POST /pay", shop.pay)
	listener := &http.Server{
		Addr:              cmp.Or(os.Getenv("ADDR"), "127.0.0.1:8090"),
		Handler:           mux,
		ReadHeaderTimeout: 5 * time.Second,
	}
	served := make(chan error, 1)
	go func() { served <- listener.ListenAndServe() }()
	log.Printf("open http://%s/?user=ada", listener.Addr)
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return errors.Join(listener.Shutdown(last), ignoreClosed(<-served))
}

func ignoreClosed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

type shop struct{ client *openfeature.Client }

// user is who sends the request.
func user(r *http.Request) openfeature.EvaluationContext {
	return openfeature.NewEvaluationContext(cmp.Or(r.FormValue("user"), "anonymous"), map[string]any{"country": "FR"})
}

func (s *shop) checkout(w http.ResponseWriter, r *http.Request) {
	title := "The old checkout"
	if s.client.Boolean(r.Context(), "new-checkout", false, user(r)) {
		title = "The new checkout"
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	// An error means that the browser has gone.
	_, _ = fmt.Fprintf(w, page, title)
}

func (s *shop) pay(w http.ResponseWriter, r *http.Request) {
	s.client.Track(r.Context(), "checkout.paid", user(r), openfeature.NewTrackingEventDetails(1))
	w.WriteHeader(http.StatusNoContent)
}

const page = `<!doctype html><title>Shop</title><meta http-equiv="refresh" content="1"><h1>%s</h1>
`
