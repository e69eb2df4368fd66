package ofrep_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
)

const benchContext = `{"context":{"targetingKey":"user-12345","country":"DE","email":"someone@example.com","plan":"free","age":42}}`

// rollout is a flag with three rules that miss benchContext, and a split.
func rollout(key string) evaluator.Flag {
	f := clientSide(streamtest.Switch(key, true))
	for i, c := range []evaluator.Clause{
		{Attribute: "country", Operator: evaluator.OpIn, Values: []json.RawMessage{json.RawMessage(`"FR"`), json.RawMessage(`"IT"`)}},
		{Attribute: "email", Operator: evaluator.OpEndsWith, Values: []json.RawMessage{json.RawMessage(`"@example.org"`)}},
		{Attribute: "plan", Operator: evaluator.OpIn, Values: []json.RawMessage{json.RawMessage(`"enterprise"`)}},
	} {
		f.Config.Rules = append(f.Config.Rules, evaluator.Rule{
			ID: fmt.Sprint("rule-", i), Clauses: []evaluator.Clause{c}, Serve: evaluator.Serve{Variation: "on"},
		})
	}
	f.Config.Fallthrough = evaluator.Serve{Rollout: &evaluator.Rollout{Weights: []evaluator.WeightedServing{
		{Variation: "on", Weight: 25_000}, {Variation: "off", Weight: 75_000},
	}}}
	return f
}

// BenchmarkHandler measures requests over loopback. It compares them with a minimal handler that decodes the same
// body and writes a fixed answer. Both use net/http alone.
func BenchmarkHandler(b *testing.B) {
	shop := streamtest.NewShop(b)
	for i := range 100 {
		shop.AddFlag(b, rollout(fmt.Sprint("flag-", i)))
	}
	server := streamtest.Start(b, shop, streamtest.Options{})
	floor := httptest.NewServer(http.HandlerFunc(canned))
	b.Cleanup(floor.Close)
	etag := tag(b, server, shop.ServerKey, benchContext)
	for _, target := range []struct{ name, url, condition string }{
		{"floor", floor.URL + flagsPath + "/flag-7", ""},
		{"single", server.URL + flagsPath + "/flag-7", ""},
		{"bulk of 100", server.URL + flagsPath, ""},
		{"bulk of 100 unchanged", server.URL + flagsPath, etag},
	} {
		b.Run(target.name, func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				client := &http.Client{Transport: &http.Transport{}}
				defer client.CloseIdleConnections()
				for pb.Next() {
					request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, target.url, strings.NewReader(benchContext))
					require.NoError(b, err)
					request.Header.Set("Authorization", "Bearer "+shop.ServerKey)
					if target.condition != "" {
						request.Header.Set("If-None-Match", target.condition)
					}
					response, err := client.Do(request)
					require.NoError(b, err)
					_, err = io.Copy(io.Discard, response.Body)
					require.NoError(b, err)
					require.NoError(b, response.Body.Close())
				}
			})
		})
	}
}

// BenchmarkHandlerAlone measures the handler without the network and the client.
func BenchmarkHandlerAlone(b *testing.B) {
	shop := streamtest.NewShop(b)
	for i := range 100 {
		shop.AddFlag(b, rollout(fmt.Sprint("flag-", i)))
	}
	server := streamtest.Start(b, shop, streamtest.Options{})
	for _, target := range []struct {
		name, path string
		handler    http.Handler
	}{
		{"floor", flagsPath + "/flag-7", http.HandlerFunc(canned)},
		{"single", flagsPath + "/flag-7", server.OFREP},
		{"bulk of 100", flagsPath, server.OFREP},
	} {
		b.Run(target.name, func(b *testing.B) {
			b.ReportAllocs()
			body := strings.NewReader(benchContext)
			request := httptest.NewRequestWithContext(b.Context(), http.MethodPost, target.path, body)
			request.Header.Set("Authorization", "Bearer "+shop.ServerKey)
			w := &discard{header: make(http.Header)}
			for b.Loop() {
				body.Reset(benchContext)
				clear(w.header)
				target.handler.ServeHTTP(w, request)
			}
			require.Positive(b, w.written)
		})
	}
}

type discard struct {
	header  http.Header
	written int
}

func (d *discard) Header() http.Header { return d.header }
func (d *discard) WriteHeader(int)     {}
func (d *discard) Write(p []byte) (int, error) {
	d.written += len(p)
	return len(p), nil
}

func canned(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Context map[string]any `json:"context"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(`{"key":"flag-7","value":false,"variant":"off","reason":"SPLIT","metadata":{"version":9}}`))
}
