package adversarial_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/server/measure"
	"github.com/tidegate-io/tidegate/server/servertest"
	"github.com/tidegate-io/tidegate/store"
)

// answers are what a broken Prometheus, or another server in its place, may answer with the status 200.
var answers = []string{
	``, `{}`, `null`, `[]`, `"success"`, `0`, `{"status":"success"}`, `{"status":"success","data":null}`, `{"status":"success","data":{}}`,
	`{"status":"success","data":[null]}`, `{"status":"success","data":{"resultType":"vector"}}`,
	`{"status":"success","data":{"resultType":"vector","result":null}}`, `{"status":"success","data":{"resultType":"vector","result":[null]}}`,
	`{"status":"success","data":{"resultType":"vector","result":[{}]}}`, `{"status":"success","data":{"resultType":"scalar"}}`,
	`{"status":"success","data":{"resultType":"scalar","result":null}}`, `{"status":"success","data":{"resultType":"scalar","result":[]}}`,
	`{"status":"success","data":{"resultType":"string","result":[1,"x"]}}`, `{"status":"success","data":{"resultType":"matrix","result":[null]}}`,
	`{"status":"success","data":{"resultType":"none","result":null}}`, `{"status":"error"}`, `{"status":"error","data":null}`, `<html>`,
	`{"status":"success","data":{"resultType":"vector","result":[{"value":[1]}]}}`,
	`{"status":"success","data":{"resultType":"vector","result":[{"value":null,"histogram":null}]}}`,
	strings.Repeat(`[`, 100_000), `{"status":"success","data":` + strings.Repeat(`{"data":`, 50_000),
}

func TestNoAnswerOfAPrometheusIsMoreThanAMissingMeasurement(t *testing.T) {
	t.Parallel()
	var answer string
	prometheus := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, answer) }))
	defer prometheus.Close()
	probe := measure.NewPrometheus(prometheus.URL, time.Now)
	for _, answer = range answers {
		check := probe.Check(t.Context(), release.Guard{Name: "errors", Kind: release.GuardPrometheus, Query: "up"})
		require.NotEmpty(t, check.Text)
		if check.Value == nil {
			require.True(t, check.Missing, "%.80s", answer)
		}
	}
}

func TestAnswersWithoutEndAreReadUpToALimit(t *testing.T) {
	t.Parallel()
	sent := make(chan int, 10)
	prometheus := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		total := 0
		defer func() { sent <- total }()
		for chunk := strings.Repeat(" ", 64<<10); total < 1<<30; {
			n, err := fmt.Fprint(w, chunk)
			if total += n; err != nil {
				return
			}
		}
	}))
	defer prometheus.Close()
	check := measure.NewPrometheus(prometheus.URL, time.Now).Check(t.Context(), release.Guard{Kind: release.GuardPrometheus, Query: "up"})
	require.True(t, check.Missing)
	require.Contains(t, check.Text, "larger than")
	require.Less(t, <-sent, 64<<20, "the rest is not read: sockets buffer a few megabytes")
}

// broken is a store that panics where the test tells it to.
type broken struct {
	store.Store
	releases func(ref store.EnvironmentRef) bool
}

func (b *broken) ListOpenReleases(context.Context) ([]store.Release, error) {
	panic("releases out of order")
}

func (b *broken) ListReleases(ctx context.Context, ref store.EnvironmentRef) ([]store.Release, error) {
	if b.releases(ref) {
		panic("release of another age")
	}
	return b.Store.ListReleases(ctx, ref)
}

func (b *broken) DeleteExpiredSessions(context.Context, time.Time) error { panic("sweeping") }

// bus panics when it announces and when it listens.
type bus struct{}

func (bus) Announce(context.Context, store.Announcement) error     { panic("announce") }
func (bus) Listen(context.Context, func(store.Announcement)) error { panic("listen") }

func TestAPanicIsAFailureOfItsPieceOfWorkAlone(t *testing.T) {
	t.Parallel()
	backend := servertest.Backend(t)
	backend.Store = &broken{Store: backend.Store, releases: func(ref store.EnvironmentRef) bool { return ref.Environment == "staging" }}
	backend.Bus = bus{}
	s := servertest.StartOn(t, backend, server.Config{})
	s.Must(t, http.StatusCreated, http.MethodPut, "/projects/default/flags/hello", `{"type": "boolean"}`)
	s.Must(t, http.StatusOK, http.MethodPut, "/projects/default/environments/production/flags/hello/release",
		`{"variation": "on", "trigger": {"deployment": {"service": "shop", "version": ">=1"}}, "steps": [{"weight": 100000}]}`)
	require.Eventually(t, func() bool {
		named := make(map[string]bool)
		for _, failure := range readiness(t, s).Failing {
			named[failure.Piece+" "+failure.Of] = true
		}
		return named["sweeper "] && named["guard checker "] && named["release counts "] && named["replica bus"] && named["control loop default/staging"]
	}, patience, patience/300, "%+v", readiness(t, s))
	require.Equal(t, "degraded", readiness(t, s).Status)
	_, metrics := get(t, s.URL+"/metrics")
	require.Regexp(t, `tidegate_panics_total\{piece="sweeper"\} [1-9]`, metrics)
	require.NotContains(t, metrics, `staging"} 1`, "a piece is named without what it was for")
	requireEvaluates(t, s, key(t, s, "server"))
}
