package sdkapi

import (
	"context"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/body"
	"github.com/tidegate-io/tidegate/server/cors"
	"github.com/tidegate-io/tidegate/server/measure"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

const (
	// maxBody and maxEvents bound a report. Client keys are public, so their reports have lower limits.
	maxBody, maxClientBody     = 4 << 20, 64 << 10
	maxEvents, maxClientEvents = 1000, 100
	// The reports of one client key are limited, on each replica.
	clientReports = 3000
	clientWindow  = time.Minute
)

// pages is what web pages may send and read.
var pages = cors.NewAccess(
	[]string{
		http.MethodPost,
		http.MethodOptions,
	},
	[]string{"Authorization", "Content-Type", "X-API-Key"},
	[]string{"Retry-After"},
)

// Recorder counts the reported events.
type Recorder interface {
	Record(
		ctx context.Context,
		ref store.EnvironmentRef,
		from measure.Source,
		events []measure.TrackingEvent,
		evaluations []measure.Evaluations,
	) (measured int, err error)
}

// Reports answers POST /sdk/v1/events. It takes the reports of applications: the events that they track, and how
// often their flags served each variation. Guards of releases use these numbers; see docs/guards.md.
type Reports struct {
	keys     auth.Keys
	recorder Recorder
	clients  *auth.Limiter
	events   *prometheus.CounterVec
}

// NewReports returns Reports. In metrics it counts the events that it accepts and drops.
func NewReports(keys auth.Keys, recorder Recorder, now func() time.Time, metrics prometheus.Registerer) *Reports {
	h := &Reports{
		keys: keys, recorder: recorder, clients: auth.NewLimiter(clientReports, clientWindow, now, nil, nil),
		events: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tidegate_events_total",
			Help: "Events that applications reported, by what became of them: measured, unused or dropped.",
		}, []string{"outcome"}),
	}
	for _, outcome := range []string{outcomeMeasured, outcomeUnused, outcomeDropped} {
		h.events.WithLabelValues(outcome)
	}
	metrics.MustRegister(h.events)
	return h
}

const (
	outcomeMeasured = "measured"
	outcomeUnused   = "unused"
	outcomeDropped  = "dropped"
)

// ServeHTTP takes a report. It counts the events that can be read. The answer says which events could not be read.
func (h *Reports) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if pages.Allow(w, r) {
		return
	}
	key, err := h.enter(w, r)
	var report report
	if err == nil {
		report, err = readReport(w, r, key.Kind)
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	measured, err := h.recorder.Record(
		r.Context(),
		key.EnvironmentRef,
		report.source,
		report.events,
		report.evaluations,
	)
	if err != nil {
		problem.Write(w, r, unavailable(err))
		return
	}
	accepted := len(report.events) + len(report.evaluations)
	h.events.WithLabelValues(outcomeMeasured).Add(float64(measured))
	h.events.WithLabelValues(outcomeUnused).Add(float64(len(report.events) - measured))
	h.events.WithLabelValues(outcomeDropped).Add(float64(report.dropped))
	respond(w, answer{Accepted: accepted, Measured: measured, Dropped: report.dropped, Errors: report.errors})
}

// enter finds the key of the request and checks whether it may report now.
func (h *Reports) enter(w http.ResponseWriter, r *http.Request) (store.SDKKey, error) {
	key, err := requestKey(r, h.keys, "Send an SDK key as Authorization: Bearer.")
	if err != nil {
		return key, err
	}
	if err := cors.Restrict(w.Header(), r.Header.Get("Origin"), &key); err != nil {
		return key, problem.Forbidden("%s", problem.Sentence(err.Error()))
	}
	if key.Kind == store.SDKKeyServer {
		return key, nil
	}
	if ok, wait := h.clients.Allow(r.Context(), key.ID); !ok {
		return key, problem.TooManyRequests(
			int(wait/time.Second)+1,
			"This client SDK key reports too often. Send more events with each request, or use a server SDK key.",
		)
	}
	return key, nil
}

// readReport reads the body up to the limit for the kind of the key.
func readReport(w http.ResponseWriter, r *http.Request, kind store.SDKKeyKind) (report, error) {
	most, events := int64(maxBody), maxEvents
	if kind != store.SDKKeyServer {
		most, events = maxClientBody, maxClientEvents
	}
	data, err := body.Read(w, r, most)
	if err != nil {
		return report{}, err
	}
	return parse(data, events)
}

// answer says what happened to a report.
type answer struct {
	// Accepted is how many events could be read. Of these, the events that a guard of a release under way asks for
	// were measured.
	Accepted int `json:"accepted"`
	Measured int `json:"measured"`
	Dropped  int `json:"dropped"`
	// Errors name the first dropped events.
	Errors []fieldError `json:"errors,omitempty"`
}

func respond(w http.ResponseWriter, a answer) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	// An error means that the client has gone.
	_ = json.MarshalWrite(w, a)
}
