package conformance

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	tidegate "github.com/tidegate-io/tidegate/sdk"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
)

// report is the body of a report.
type report struct {
	ServiceName, ServiceVersion, ServiceInstanceID string
	Events                                         []map[string]any
}

// collector is a server that keeps reports. A streamtest.Server does everything else.
type collector struct {
	*httptest.Server
	status atomic.Int64 // what reports are answered with
	denied atomic.Int64 // how many were not taken

	mu      sync.Mutex
	reports []report
}

func collect(t *testing.T, behind *streamtest.Server) *collector {
	t.Helper()
	c := &collector{}
	c.status.Store(http.StatusAccepted)
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/sdk/v1/events" {
			forward(w, r, behind.Addr)
			return
		}
		data, err := io.ReadAll(r.Body)
		var got report
		if err != nil || json.Unmarshal(data, &got) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		status := int(c.status.Load())
		if status < 300 {
			c.mu.Lock()
			c.reports = append(c.reports, got)
			c.mu.Unlock()
		} else {
			c.denied.Add(1)
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(c.Close)
	return c
}

// taken returns the events of a kind that were taken so far.
func (c *collector) taken(kind string) (events []map[string]any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range c.reports {
		for _, e := range r.Events {
			if e["kind"] == kind {
				events = append(events, e)
			}
		}
	}
	return events
}

func reporting(t *testing.T, interval time.Duration) (*application, *collector, *streamtest.Shop) {
	t.Helper()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", true))
	c := collect(t, streamtest.Start(t, shop, streamtest.Options{}))
	a := start(t, c.URL, shop.ServerKey, tidegate.WithReportInterval(interval),
		tidegate.WithService("shop", "1.2.3"), tidegate.WithInstanceID("pod-1"))
	require.NoError(t, a.setError)
	return a, c, shop
}

func TestTrackingEventsAreSent(t *testing.T) {
	t.Parallel()
	a, c, _ := reporting(t, 10*time.Millisecond)
	user := openfeature.NewEvaluationContext("user-1", map[string]any{"plan": "pro"})
	a.client.Track(t.Context(), "checkout.error", user, openfeature.NewTrackingEventDetails(2.5))
	require.Eventually(t, func() bool { return len(c.taken("track")) == 1 }, 10*time.Second, 5*time.Millisecond)
	require.Equal(t, map[string]any{
		"kind": "track", "name": "checkout.error", "value": 2.5,
		"context": map[string]any{"targetingKey": "user-1", "plan": "pro"},
	}, c.taken("track")[0])
	require.Equal(t, []string{"shop", "1.2.3", "pod-1"},
		[]string{c.reports[0].ServiceName, c.reports[0].ServiceVersion, c.reports[0].ServiceInstanceID})
}

// counted is how often the server was told that the variation was served.
func (c *collector) counted(variation any) (n float64) {
	for _, e := range c.taken("evaluations") {
		if e["variation"] == variation && e["flag"] == "checkout" {
			n += e["count"].(float64)
		}
	}
	return n
}

func TestEvaluationsAreCounted(t *testing.T) {
	t.Parallel()
	a, c, shop := reporting(t, 10*time.Millisecond)
	var evaluations sync.WaitGroup
	for range 4 {
		evaluations.Go(func() {
			for range 250 {
				a.enabled("checkout")
			}
		})
	}
	evaluations.Wait()
	shop.Configure(t, "checkout", streamtest.SwitchConfig(false))
	a.hear(t, openfeature.ProviderConfigChange)
	a.enabled("checkout")
	a.enabled("no-such-flag")
	require.EventuallyWithT(t, func(t *assert.CollectT) {
		require.InDelta(t, 1000, c.counted("on"), 0)
		require.InDelta(t, 1, c.counted("off"), 0)
	}, 10*time.Second, 5*time.Millisecond)
	require.Zero(t, c.counted(nil))
}

func TestShutdownSendsWhatIsLeft(t *testing.T) {
	t.Parallel()
	a, c, _ := reporting(t, time.Hour)
	a.enabled("checkout")
	a.client.Track(t.Context(), "done", openfeature.EvaluationContext{}, openfeature.TrackingEventDetails{})
	a.provider.Shutdown()
	require.Len(t, c.taken("track"), 1)
	require.Equal(t, map[string]any{}, c.taken("track")[0]["context"])
	require.InDelta(t, 1, c.counted("on"), 0)
}

// If the server says that it can take nothing now, it gets the report later. After another failure the report is not
// sent again, because the server may have counted it.
func TestReportsAreRepeatedOnlyIfNothingWasTaken(t *testing.T) {
	t.Parallel()
	a, c, _ := reporting(t, 10*time.Millisecond)
	track := func(name string) {
		a.client.Track(t.Context(), name, openfeature.EvaluationContext{}, openfeature.TrackingEventDetails{})
	}
	for _, status := range []int64{http.StatusServiceUnavailable, http.StatusTooManyRequests} {
		denied := c.denied.Load()
		c.status.Store(status)
		track("kept")
		require.Eventually(t, func() bool { return c.denied.Load() > denied+1 }, 10*time.Second, time.Millisecond)
		c.status.Store(http.StatusAccepted)
		require.Eventually(t, func() bool { return len(c.taken("track")) == 1 }, 10*time.Second, time.Millisecond)
		c.mu.Lock()
		c.reports = nil
		c.mu.Unlock()
	}
	denied := c.denied.Load()
	c.status.Store(http.StatusInternalServerError)
	track("lost")
	require.Eventually(t, func() bool { return c.denied.Load() > denied }, 10*time.Second, time.Millisecond)
	c.status.Store(http.StatusAccepted)
	track("next")
	require.Eventually(t, func() bool { return len(c.taken("track")) > 0 }, 10*time.Second, time.Millisecond)
	require.Equal(t, "next", c.taken("track")[0]["name"])
}

func TestReportsEndWhereTheServerTakesNone(t *testing.T) {
	t.Parallel()
	a, c, _ := reporting(t, 10*time.Millisecond)
	c.status.Store(http.StatusNotFound)
	a.client.Track(t.Context(), "first", openfeature.EvaluationContext{}, openfeature.TrackingEventDetails{})
	require.Eventually(t, func() bool { return c.denied.Load() == 1 }, 10*time.Second, time.Millisecond)
	a.client.Track(t.Context(), "second", openfeature.EvaluationContext{}, openfeature.TrackingEventDetails{})
	require.True(t, a.enabled("checkout"), "evaluations go on")
	a.provider.Shutdown() // it would send what is left
	require.EqualValues(t, 1, c.denied.Load())
}

func TestWhatTheServerCouldNotUseIsLogged(t *testing.T) {
	t.Parallel()
	logged := &lines{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write([]byte(`{"accepted":0,"dropped":1,"errors":[{"pointer":"/events/0/value","detail":"must be a number within ±1e12"}]}`))
	}))
	t.Cleanup(server.Close)
	p := tidegate.NewProvider(server.URL, "sdk-any", tidegate.WithLogger(logged.logger()), tidegate.WithInitTimeout(time.Millisecond))
	p.Track(t.Context(), "event", openfeature.EvaluationContext{}, openfeature.NewTrackingEventDetails(1e300))
	require.Error(t, p.Init(openfeature.EvaluationContext{}))
	p.Shutdown()
	require.Contains(t, logged.String(), "events=1")
	require.Contains(t, logged.String(), "/events/0/value must be a number within ±1e12")
}

func TestWithoutReportsNothingIsSent(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", true))
	c := collect(t, streamtest.Start(t, shop, streamtest.Options{}))
	a := start(t, c.URL, shop.ServerKey, tidegate.WithoutReports(), tidegate.WithReportInterval(time.Millisecond))
	require.True(t, a.enabled("checkout"))
	a.client.Track(t.Context(), "done", openfeature.EvaluationContext{}, openfeature.TrackingEventDetails{})
	a.provider.Shutdown()
	require.Empty(t, c.taken("track"))
	require.Empty(t, c.taken("evaluations"))
}
