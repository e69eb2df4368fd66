package deploy_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"connectrpc.com/connect"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server"
	evaluationv1 "github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/evaluation/v1"
	"github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/evaluation/v1/evaluationv1connect"
	"github.com/tidegate-io/tidegate/server/servertest"
	"github.com/tidegate-io/tidegate/store"
)

// metric is one family of what a server exposes.
type metric struct {
	kind   string
	labels []string
}

// ourPrefix begins the names of the metrics that are Tidegate's own.
const ourPrefix = "tidegate_"

// countingTime bounds the wait for what is counted every few seconds.
const countingTime = 20 * time.Second

// exposed runs a server with a cache, has it do a little of everything, and gives what is at its /metrics.
func exposed(t *testing.T) map[string]metric {
	t.Helper()
	backend := servertest.Backend(t)
	backend.Cache = &memoryCache{definitions: make(map[store.EnvironmentRef]evaluator.Definition)}
	s := servertest.StartOn(t, backend, server.Config{Version: "v0.0.0-test", Flagd: server.FlagdProtocols{Addr: "127.0.0.1:0"}})
	s.Must(t, http.StatusCreated, http.MethodPut, "/projects/default/flags/hello", `{"type": "boolean"}`)
	s.Must(t, http.StatusOK, http.MethodPut, "/projects/default/environments/production/flags/hello/release",
		`{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 100000}]}`)
	gated := "/projects/default/flags/hello/environments/staging"
	s.Must(t, http.StatusOK, http.MethodPatch, gated,
		`{"availability": {"service": "shop", "version": ">=2", "scope": "fleet"}}`, "If-Match", "*")

	askFlagd(t, s.EvaluationURL)

	var families map[string]*dto.MetricFamily
	require.Eventually(t, func() bool {
		families = scrape(t, s.URL)
		return families["tidegate_releases"] != nil && families["tidegate_propagation_delay_seconds"] != nil &&
			families["tidegate_availability_warnings"] != nil
	}, countingTime, 100*time.Millisecond, "releases and propagation are not measured")
	metrics := make(map[string]metric, len(families))
	for name, family := range families {
		metrics[name] = metric{kind: strings.ToLower(family.GetType().String()), labels: labelsOf(family)}
	}
	return metrics
}

// askFlagd has one request by flagd's protocols counted, whatever it is answered.
func askFlagd(t *testing.T, url string) {
	t.Helper()
	_, err := evaluationv1connect.NewServiceClient(http.DefaultClient, url).ResolveAll(t.Context(), connect.NewRequest(&evaluationv1.ResolveAllRequest{}))
	require.Equal(t, connect.CodeUnauthenticated, connect.CodeOf(err))
}

func scrape(t *testing.T, url string) map[string]*dto.MetricFamily {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/metrics", nil)
	require.NoError(t, err)
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer answer.Body.Close()
	require.Equal(t, http.StatusOK, answer.StatusCode)
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(io.Reader(answer.Body))
	require.NoError(t, err)
	return families
}

// labelsOf gives the names of the labels of a family, in order.
func labelsOf(family *dto.MetricFamily) []string {
	labels := []string{}
	for _, m := range family.GetMetric() {
		for _, pair := range m.GetLabel() {
			if !slices.Contains(labels, pair.GetName()) {
				labels = append(labels, pair.GetName())
			}
		}
	}
	slices.Sort(labels)
	return labels
}

// tableRow is a line of the table of metrics in the documentation.
var tableRow = regexp.MustCompile("(?m)^\\| `(tidegate_[a-z_]+)` \\| ([a-z]+) \\| ([a-z, ]*) ?\\|")

func TestMetrics(t *testing.T) {
	t.Parallel()
	metrics := exposed(t)
	t.Run("the documented ones are the exposed ones", func(t *testing.T) { checkDocumentation(t, metrics) })
	t.Run("alerts", func(t *testing.T) {
		for name, expression := range alertExpressions(t) {
			checkExpression(t, metrics, name, expression)
		}
	})
	t.Run("dashboard", func(t *testing.T) {
		for name, expression := range dashboardExpressions(t) {
			checkExpression(t, metrics, name, expression)
		}
	})
}

func checkDocumentation(t *testing.T, metrics map[string]metric) {
	t.Helper()
	text, err := os.ReadFile("../docs/operations.md")
	require.NoError(t, err)
	documented := make(map[string]metric)
	for _, row := range tableRow.FindAllStringSubmatch(string(text), -1) {
		labels := strings.FieldsFunc(row[3], func(r rune) bool { return r == ',' || r == ' ' })
		slices.Sort(labels)
		documented[row[1]] = metric{kind: row[2], labels: labels}
	}
	ours := make(map[string]metric)
	for name, m := range metrics {
		if strings.HasPrefix(name, ourPrefix) {
			ours[name] = m
		}
	}
	require.Equal(t, documented, ours, "docs/operations.md (expected) and /metrics (actual) differ")
}

// memoryCache is a store.SnapshotCache for servers without a Redis.
type memoryCache struct {
	mu          sync.Mutex
	definitions map[store.EnvironmentRef]evaluator.Definition
}

func (c *memoryCache) PutSnapshot(_ context.Context, def evaluator.Definition) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.definitions[store.EnvironmentRef{Project: def.Project, Environment: def.Environment}] = def
	return nil
}

func (c *memoryCache) Snapshot(_ context.Context, ref store.EnvironmentRef) (evaluator.Definition, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	def, known := c.definitions[ref]
	if !known {
		return def, store.ErrNotFound
	}
	return def, nil
}
