package measure_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
	"github.com/tidegate-io/tidegate/server/measure"
)

func number(x float64) *float64 { return &x }

// site is what web guards ask.
func site(t *testing.T) (base, host string) {
	t.Helper()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"ok": true}`) }))
	t.Cleanup(elsewhere.Close)
	mux := http.NewServeMux()
	mux.HandleFunc("/json", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"data": {"rates": [0.5, 2], "healthy": true, "sick/er": false, "name": "x"}}`)
	})
	mux.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	mux.HandleFunc("/near", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/json", http.StatusFound) })
	mux.HandleFunc("/round", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/round", http.StatusFound) })
	mux.HandleFunc("/far", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) })
	mux.HandleFunc("/large", func(w http.ResponseWriter, _ *http.Request) {
		for range 2 << 10 {
			fmt.Fprintf(w, "%1024d", 1)
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	require.NoError(t, err)
	return server.URL, u.Host
}

func TestWebGuards(t *testing.T) {
	t.Parallel()
	base, host := site(t)
	web := measure.NewWeb([]string{"other.example", host})
	for name, c := range map[string]struct {
		path, pointer string
		threshold     *float64
		better        release.Better
		want          release.Check
	}{
		"a status that is good":  {path: "/json", want: release.Check{Good: true, Text: "the answer is 200 OK"}},
		"a status that is bad":   {path: "/broken", want: release.Check{Text: "the answer is 500 Internal Server Error"}},
		"true":                   {path: "/json", pointer: "/data/healthy", want: release.Check{Good: true, Text: "/data/healthy is true"}},
		"false":                  {path: "/json", pointer: "/data/sick~1er", want: release.Check{Text: "/data/sick~1er is false"}},
		"a number within":        {path: "/json", pointer: "/data/rates/0", threshold: number(1), want: release.Check{Good: true, Value: number(0.5), Text: "0.5 is at most 1"}},
		"a number beyond":        {path: "/json", pointer: "/data/rates/1", threshold: number(1), want: release.Check{Value: number(2), Text: "2 is above 1"}},
		"a number below":         {path: "/json", pointer: "/data/rates/0", threshold: number(1), better: release.BetterHigher, want: release.Check{Value: number(0.5), Text: "0.5 is below 1"}},
		"a number, no threshold": {path: "/json", pointer: "/data/rates/0", want: release.Check{Missing: true, Text: "/data/rates/0 is a number, and the guard has no threshold to compare it with"}},
		"a text":                 {path: "/json", pointer: "/data/name", want: release.Check{Missing: true, Text: "/data/name is neither a number nor a boolean"}},
		"nothing there":          {path: "/json", pointer: "/data/rates/7", want: release.Check{Missing: true, Text: "the answer has no /data/rates/7"}},
		"no JSON":                {path: "/near/..", pointer: "/x", want: release.Check{Text: "the answer is 404 Not Found"}},
		"a redirect":             {path: "/near", want: release.Check{Good: true, Text: "the answer is 200 OK"}},
		"a redirect elsewhere":   {path: "/far", want: release.Check{Missing: true, Text: "the address does not answer: it redirects to another host"}},
		"a circle":               {path: "/round", want: release.Check{Missing: true, Text: "the address does not answer: it redirects more than 3 times"}},
		"too much":               {path: "/large", pointer: "/x", want: release.Check{Missing: true, Text: "the answer is larger than 1048576 bytes"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := release.Guard{Name: "web", Kind: release.GuardWeb, URL: base + c.path, Pointer: c.pointer, Threshold: c.threshold, Better: c.better}
			require.Equal(t, c.want, web.Check(t.Context(), g))
		})
	}
}

func TestWebGuardsAskTheirHostsAlone(t *testing.T) {
	t.Parallel()
	for address, allowed := range map[string]bool{
		"https://status.example/x": true, "https://STATUS.example:443/": true, "http://status.example/": true, "https://status.example:8443/": false,
		"https://checks.example:9000/": true, "https://checks.example/": false, "http://127.0.0.1/": false, "http://169.254.169.254/latest": false,
	} {
		web := measure.NewWeb([]string{"status.example", "checks.example:9000"})
		field, reason := web.Refuses(release.Guard{URL: address})
		require.Equal(t, allowed, reason == "", "%s: %s", address, reason)
		if !allowed {
			require.Equal(t, "url", field)
			check := web.Check(t.Context(), release.Guard{URL: address})
			require.True(t, check.Missing)
			require.Contains(t, check.Text, "--guard-hosts")
		}
	}
	_, reason := measure.NewWeb(nil).Refuses(release.Guard{URL: "https://status.example/x"})
	require.Equal(t, "may not be asked by this server; start it with --guard-hosts status.example", reason)
}

func TestPrometheusGuards(t *testing.T) {
	t.Parallel()
	address := startPrometheus(t)
	prometheus := measure.NewPrometheus("http://"+address, time.Now)
	for query, want := range map[string]release.Check{
		"vector(0.5)":               {Good: true, Value: number(0.5), Text: "0.5 is at most 1"},
		"scalar(vector(3))":         {Value: number(3), Text: "3 is above 1"},
		"absent_metric":             {Missing: true, Text: "the query has no result"},
		"vector(0) / 0":             {Missing: true, Text: "the result of the query is NaN"},
		"vector(1) / 0":             {Missing: true, Text: "the result of the query is +Inf"},
		"prometheus_build_info[1m]": {Missing: true, Text: "the query gives a matrix; it must give one number"},
		`label_replace(vector(1), "a", "b", "", "") or vector(2)`: {Missing: true, Text: "the query has 2 results; aggregate them to one"},
	} {
		g := release.Guard{Name: "p", Kind: release.GuardPrometheus, Query: query, Threshold: number(1)}
		require.Equal(t, want, prometheus.Check(t.Context(), g), query)
	}
	wrong := prometheus.Check(t.Context(), release.Guard{Kind: release.GuardPrometheus, Query: "sum(", Threshold: number(1)})
	require.True(t, wrong.Missing)
	require.Contains(t, wrong.Text, "parse error")
}

// startPrometheus runs a real Prometheus until the test ends.
func startPrometheus(t *testing.T) (address string) {
	t.Helper()
	program := os.Getenv("PROMETHEUS")
	if program == "" {
		found, err := exec.LookPath("prometheus")
		if err != nil {
			flagdtest.Lack(t, "install prometheus, or run the test with scripts/with-services.sh --prometheus")
		}
		program = found
	}
	folder := t.TempDir()
	config := filepath.Join(folder, "prometheus.yml")
	require.NoError(t, os.WriteFile(config, []byte("global: {scrape_interval: 1h}\n"), 0o600))
	address = flagdtest.FreeAddress(t)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	command := exec.CommandContext(ctx, program, "--config.file="+config, "--storage.tsdb.path="+filepath.Join(folder, "data"), "--web.listen-address="+address)
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		stop()
		_ = command.Wait() // it was killed
	})
	waiting, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.True(t, flagdtest.Poll(waiting, func() bool {
		request, err := http.NewRequestWithContext(waiting, http.MethodGet, "http://"+address+"/-/ready", nil)
		if err != nil {
			return false
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return false
		}
		defer response.Body.Close()
		return response.StatusCode == http.StatusOK
	}), "Prometheus does not become ready")
	return address
}

func TestWithoutAPrometheusItsGuardsAreRefused(t *testing.T) {
	t.Parallel()
	none := measure.NewPrometheus("", time.Now)
	field, reason := none.Refuses(release.Guard{})
	require.Equal(t, "kind", field)
	require.Contains(t, reason, "--prometheus-url")
	require.True(t, none.Check(t.Context(), release.Guard{}).Missing)
	silent := measure.NewPrometheus("http://"+flagdtest.FreeAddress(t), time.Now)
	check := silent.Check(t.Context(), release.Guard{Query: "up", Threshold: number(1)})
	require.True(t, check.Missing)
	require.Contains(t, check.Text, "Prometheus does not evaluate the query")
}

// counting is a probe that counts.
type counting struct{ checks atomic.Int64 }

func (c *counting) Refuses(release.Guard) (field, reason string) { return "", "" }

func (c *counting) Check(context.Context, release.Guard) release.Check {
	c.checks.Add(1)
	return release.Check{Text: "bad"}
}

func TestTheLeaderChecksAndAllReplicasSeeIt(t *testing.T) {
	t.Parallel()
	s := open(t,
		release.Guard{Name: "a", Kind: release.GuardWeb, URL: "https://a/", Failures: 2},
		release.Guard{Name: "b", Kind: release.GuardPrometheus, Query: "up", Threshold: number(1)})
	probe := &counting{}
	checker := measure.NewChecker(s.store, map[release.GuardKind]measure.Probe{release.GuardWeb: probe}, func() bool { return true }, s.now, slog.New(slog.DiscardHandler))
	require.NoError(t, checker.Turn(t.Context()))
	require.EqualValues(t, 1, probe.checks.Load())
	require.Equal(t, release.VerdictWaiting, s.reading(t, "a").Verdict)
	require.Equal(t, "bad; 1 of 2 bad checks in a row", s.reading(t, "a").Text)
	require.Equal(t, release.VerdictMissing, s.reading(t, "b").Verdict)
	s.wait(5 * time.Second)
	require.NoError(t, checker.Turn(t.Context()))
	require.EqualValues(t, 1, probe.checks.Load(), "it is not time yet")
	s.wait(10 * time.Second)
	require.NoError(t, checker.Turn(t.Context()))
	require.Equal(t, release.VerdictBreached, s.reading(t, "a").Verdict)
}
