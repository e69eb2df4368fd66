package sdkapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/measure"
	"github.com/tidegate-io/tidegate/server/replica"
	"github.com/tidegate-io/tidegate/server/sdkapi"
	"github.com/tidegate-io/tidegate/store"
)

var production = store.EnvironmentRef{Project: "shop", Environment: "production"}

// keys are a server key, "srv", and two client keys, "cli" and "page". The environment of "page" names its origins.
type keys struct{ auth.Keys }

func (keys) SDKKey(_ context.Context, secret string) (store.SDKKey, error) {
	key := store.SDKKey{EnvironmentRef: production, ID: secret, Kind: store.SDKKeyClient}
	switch secret {
	case "srv":
		key.Kind = store.SDKKeyServer
	case "cli":
	case "page":
		key.AllowedOrigins = []string{"https://shop.example"}
	default:
		return store.SDKKey{}, auth.ErrUnknownKey
	}
	return key, nil
}

// recorder notes what it is given.
type recorder struct {
	ref         store.EnvironmentRef
	from        measure.Source
	events      []measure.TrackingEvent
	evaluations []measure.Evaluations
	err         error
}

func (r *recorder) Record(_ context.Context, ref store.EnvironmentRef, from measure.Source, tracked []measure.TrackingEvent, evaluations []measure.Evaluations) (int, error) {
	r.ref, r.from, r.events, r.evaluations = ref, from, tracked, evaluations
	return len(tracked) / 2, r.err
}

type answer struct {
	Accepted, Measured, Dropped int
	Errors                      []struct{ Pointer, Detail string }
}

func post(t *testing.T, h http.Handler, key, body string, headers ...string) (*httptest.ResponseRecorder, answer) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/sdk/v1/events", strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+key)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	description(t).RequireAnswer(t, r, w.Code, w.Header(), w.Body.Bytes())
	var a answer
	if w.Code == http.StatusAccepted {
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &a))
	}
	return w, a
}

func newHandler(r *recorder) (*sdkapi.Reports, *prometheus.Registry) {
	registry := prometheus.NewRegistry()
	return sdkapi.NewReports(keys{}, r, time.Now, registry), registry
}

// The report of the issue.
const report = `{"serviceName": "checkout", "serviceVersion": "2.3.0", "events": [
	{"kind": "track", "name": "checkout.error", "value": 1, "context": {"targetingKey": "u1"}},
	{"kind": "track", "name": "checkout.attempt"},
	{"kind": "evaluations", "flag": "new-checkout", "variation": "on", "count": 17, "of a newer SDK": true}]}`

func TestAReportIsTakenIn(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"srv", "cli"} {
		r := &recorder{}
		h, registry := newHandler(r)
		w, a := post(t, h, key, report)
		require.Equal(t, http.StatusAccepted, w.Code, w.Body)
		require.Equal(t, answer{Accepted: 3, Measured: 1}, a)
		require.Equal(t, production, r.ref)
		require.Equal(t, measure.Source{Service: "checkout", Version: "2.3.0"}, r.from)
		require.Equal(t, []measure.TrackingEvent{
			{Name: "checkout.error", Value: 1, Attributes: map[string]any{"targetingKey": "u1"}}, {Name: "checkout.attempt", Attributes: map[string]any{}},
		}, r.events)
		require.Equal(t, []measure.Evaluations{{Flag: "new-checkout", Variation: "on", Count: 17}}, r.evaluations)
		require.Equal(t, map[string]float64{"measured": 1, "unused": 1, "dropped": 0}, counted(t, registry))
	}
	description(t).RequireRequest(t, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/sdk/v1/events", nil), report)
}

// counted is the metric of events, by outcome.
func counted(t *testing.T, registry *prometheus.Registry) map[string]float64 {
	t.Helper()
	families, err := registry.Gather()
	require.NoError(t, err)
	require.Len(t, families, 1)
	require.Equal(t, "tidegate_events_total", families[0].GetName())
	byOutcome := map[string]float64{}
	for _, m := range families[0].GetMetric() {
		byOutcome[m.GetLabel()[0].GetValue()] = m.GetCounter().GetValue()
	}
	return byOutcome
}

// TestWhatUsersWriteTakesNoEventAlong: an application may pass on text of its users. Any user can put a character
// into it that cannot be stored.
func TestWhatUsersWriteTakesNoEventAlong(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	h, _ := newHandler(r)
	w, a := post(t, h, "srv", `{"events": [{"kind": "track", "name": "good", "context": {"agent": "a\u0000b"}}, {"kind": "track", "name": "good"}]}`)
	require.Equal(t, http.StatusAccepted, w.Code, w.Body)
	require.Equal(t, 2, a.Accepted)
	require.Equal(t, "a\x00b", r.events[0].Attributes["agent"])
}

func TestEventsThatCannotBeReadAreDroppedByThemselves(t *testing.T) {
	t.Parallel()
	for event, pointer := range map[string]string{
		`{"kind": "other"}`:                    "/kind",
		`7`:                                    "",
		`{"kind": "track"}`:                    "/name",
		`{"kind": "track", "name": "a\u0007"}`: "/name",
		`{"kind": "track", "name": "` + strings.Repeat("x", 201) + `"}`:                                               "/name",
		`{"kind": "track", "name": 1}`:                                                                                "/name",
		`{"kind": "track", "name": "a", "value": "1"}`:                                                                "/value",
		`{"kind": "track", "name": "a", "value": 1e13}`:                                                               "/value",
		`{"kind": "track", "name": "a", "context": "u1"}`:                                                             "/context",
		`{"kind": "track", "name": "a", "context": {"targetingKey": 1}}`:                                              "/context/targetingKey",
		`{"kind": "track", "name": "a", "context": {"x": "` + strings.Repeat("x", 16<<10) + `"}}`:                     "/context",
		`{"kind": "track", "name": "a", "context": {"x": ` + strings.Repeat("[", 32) + strings.Repeat("]", 32) + `}}`: "/context",
		`{"kind": "evaluations", "count": 1}`:                                                                         "/flag",
		`{"kind": "evaluations", "flag": "a"}`:                                                                        "/count",
		`{"kind": "evaluations", "flag": "a", "count": -1}`:                                                           "/count",
		`{"kind": "evaluations", "flag": "a", "count": 1.5}`:                                                          "/count",
	} {
		r := &recorder{}
		h, _ := newHandler(r)
		w, a := post(t, h, "srv", `{"events": [{"kind": "track", "name": "good"}, `+event+`, {"kind": "track", "name": "good"}]}`)
		require.Equal(t, http.StatusAccepted, w.Code, "%.60s: %s", event, w.Body)
		require.Equal(t, 2, a.Accepted, "%.60s", event)
		require.Equal(t, 1, a.Dropped)
		require.Len(t, r.events, 2)
		require.Len(t, a.Errors, 1)
		require.Equal(t, "/events/1"+pointer, a.Errors[0].Pointer, "%.60s", event)
	}
}

func TestWhatIsNoReportIsRefused(t *testing.T) {
	t.Parallel()
	many := func(n int) string {
		return `{"events": [` + strings.TrimSuffix(strings.Repeat(`{"kind":"track","name":"a"},`, n), ",") + `]}`
	}
	for name, c := range map[string]struct {
		key, body string
		headers   []string
		status    int
		says      string
	}{
		"no key":                   {"", report, nil, 401, "SDK key"},
		"an unknown key":           {"srv-unknown", report, nil, 401, "no such SDK key"},
		"no JSON":                  {"srv", `{"events"`, nil, 400, "not JSON"},
		"an array":                 {"srv", `[]`, nil, 400, "must be an object"},
		"no events":                {"srv", `{}`, nil, 422, "/events"},
		"a number for a service":   {"srv", `{"serviceName": 1, "events": []}`, nil, 400, "/serviceName"},
		"a long service":           {"srv", `{"serviceName": "` + strings.Repeat("x", 257) + `", "events": [{}]}`, nil, 422, "/serviceName"},
		"too many events":          {"srv", many(1001), nil, 422, "1 to 1000"},
		"too many of a client":     {"cli", many(101), nil, 422, "1 to 100"},
		"too large":                {"srv", `{"x": "` + strings.Repeat("x", 4<<20) + `"}`, nil, 413, "4194304"},
		"too large of a client":    {"cli", `{"x": "` + strings.Repeat("x", 64<<10) + `"}`, nil, 413, "65536"},
		"nested deep":              {"srv", strings.Repeat(`{"a":`, 20_000) + "1" + strings.Repeat("}", 20_000), nil, 400, "not JSON"},
		"a service with U+0000":    {"srv", `{"serviceName": "a\u0000", "events": [{}]}`, nil, 422, "/serviceName"},
		"a page of another origin": {"page", report, []string{"Origin", "https://evil.example"}, 403, "evil.example"},
		"a page of an origin":      {"page", report, []string{"Origin", "https://shop.example"}, 202, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, _ := newHandler(&recorder{})
			w, _ := post(t, h, c.key, c.body, c.headers...)
			require.Equal(t, c.status, w.Code, w.Body)
			require.Contains(t, w.Body.String(), c.says)
		})
	}
}

func TestAReportThatCannotBeCountedNowIsToBeSentAgain(t *testing.T) {
	t.Parallel()
	for _, err := range []error{fmt.Errorf("%w: production is being loaded", replica.ErrNotReady), store.ErrUnavailable} {
		h, _ := newHandler(&recorder{err: err})
		w, _ := post(t, h, "srv", report)
		require.Equal(t, http.StatusServiceUnavailable, w.Code)
	}
	h, _ := newHandler(&recorder{err: errors.New("broken")})
	w, _ := post(t, h, "srv", report)
	require.Equal(t, http.StatusInternalServerError, w.Code)
}

func TestReportsOfAClientKeyAreLimited(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	h := sdkapi.NewReports(keys{}, &recorder{}, func() time.Time { return now }, prometheus.NewRegistry())
	for range 3000 {
		w, _ := post(t, h, "cli", report)
		require.Equal(t, http.StatusAccepted, w.Code)
	}
	w, _ := post(t, h, "cli", report)
	require.Equal(t, http.StatusTooManyRequests, w.Code)
	require.Equal(t, "61", w.Header().Get("Retry-After"))
	w, _ = post(t, h, "srv", report)
	require.Equal(t, http.StatusAccepted, w.Code, "a server key is not")
	now = now.Add(time.Minute)
	w, _ = post(t, h, "cli", report)
	require.Equal(t, http.StatusAccepted, w.Code)
}

func TestPagesMayReport(t *testing.T) {
	t.Parallel()
	h, _ := newHandler(&recorder{})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodOptions, "/sdk/v1/events", nil))
	require.Equal(t, http.StatusNoContent, w.Code)
	require.Equal(t, "*", w.Header().Get("Access-Control-Allow-Origin"))
	require.Contains(t, w.Header().Get("Access-Control-Allow-Headers"), "Authorization")
}
