package api_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/server/servertest"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/bus"
	"github.com/tidegate-io/tidegate/store/postgres"
	"github.com/tidegate-io/tidegate/store/storetest"
)

// rounds is how often two writes race. Without a guard, about every second round breaks a flag.
const rounds = 20

// call is a request of the API.
type call struct {
	method, path string
	body         any
	headers      []string
}

// TestRacingWritesBreakNoFlag sends two writes at once that are valid alone but not together. The flags that they
// leave behind can always be evaluated.
func TestRacingWritesBreakNoFlag(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(t *testing.T) server.Backend{
		"SQLite":     func(t *testing.T) server.Backend { return servertest.Backend(t) },
		"PostgreSQL": postgresBackend,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := servertest.StartOn(t, open(t), server.Config{})
			for i := range rounds {
				a, b, segment := fmt.Sprintf("a-%d", i), fmt.Sprintf("b-%d", i), fmt.Sprintf("segment-%d", i)
				for _, flag := range []string{a, b} {
					s.Must(t, http.StatusCreated, http.MethodPut, project+"/flags/"+flag, `{"type": "boolean"}`)
					s.Must(t, http.StatusOK, http.MethodPatch, inProduction(flag), `{"enabled": true}`)
				}
				s.Must(t, http.StatusCreated, http.MethodPut, project+"/segments/"+segment, `{}`)

				race(t, s, needs(a, b, "on", "If-Match", `"2"`), needs(b, a, "on"))
				race(t, s, call{http.MethodDelete, project + "/segments/" + segment, nil, nil}, asksFor(a, segment))
				requireNoFlagBroken(t, s)
			}
		})
	}
}

// TestRacingWritesTakeNothingAway removes a flag, or a variation, while another flag begins to use it.
func TestRacingWritesTakeNothingAway(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t)
	for i := range rounds {
		flag, needed, shrinking := fmt.Sprintf("flag-%d", i), fmt.Sprintf("needed-%d", i), fmt.Sprintf("shrinking-%d", i)
		for _, key := range []string{flag, needed, shrinking} {
			s.Must(t, http.StatusCreated, http.MethodPut, project+"/flags/"+key,
				`{"type": "string", "variations": [{"key": "on", "value": "1"}, {"key": "off", "value": "0"}, {"key": "third", "value": "3"}]}`)
			s.Must(t, http.StatusOK, http.MethodPatch, inProduction(key), `{"enabled": true}`)
		}
		race(t, s, call{http.MethodDelete, project + "/flags/" + needed, nil, nil}, needs(flag, needed, "on"))
		race(t, s,
			call{http.MethodPatch, project + "/flags/" + shrinking, `{"variations": [{"key": "on", "value": "1"}, {"key": "off", "value": "0"}]}`, nil},
			call{http.MethodPatch, inProduction(shrinking), `{"fallthrough": {"variation": "third"}}`, nil})
		requireNoFlagBroken(t, s)
	}
}

// TestUnrelatedWritesDoNotHinderEachOther flips one flag all the time while another flag begins to use a segment.
func TestUnrelatedWritesDoNotHinderEachOther(t *testing.T) {
	t.Parallel()
	s := startWithFlag(t)
	s.Must(t, http.StatusCreated, http.MethodPut, project+"/flags/busy", `{"type": "boolean"}`)
	done := make(chan struct{})
	var flipping sync.WaitGroup
	flipping.Go(func() {
		for on := true; ; on = !on {
			select {
			case <-done:
				return
			default:
				s.Must(t, http.StatusOK, http.MethodPatch, inProduction("busy"), map[string]bool{"enabled": on})
			}
		}
	})
	for i := range rounds {
		segment := fmt.Sprintf("segment-%d", i)
		s.Must(t, http.StatusCreated, http.MethodPut, project+"/segments/"+segment, `{}`)
		use := asksFor("hello", segment)
		s.Must(t, http.StatusOK, use.method, use.path, use.body)
	}
	close(done)
	flipping.Wait()
}

func postgresBackend(t *testing.T) server.Backend {
	local := &bus.Local{}
	opened, err := postgres.Open(t.Context(), storetest.PostgresURL(t), postgres.WithBus(local))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, opened.Close()) })
	return server.Backend{Store: opened, Bus: local}
}

func inProduction(flag string) string { return project + "/flags/" + flag + "/environments/production" }

// needs makes one flag a prerequisite of another.
func needs(flag, prerequisite, variation string, headers ...string) call {
	body := fmt.Sprintf(`{"prerequisites": [{"flag": %q, "variation": %q}]}`, prerequisite, variation)
	return call{http.MethodPatch, inProduction(flag), body, headers}
}

// asksFor makes a flag refer to a segment.
func asksFor(flag, segment string) call {
	body := fmt.Sprintf(`{"rules": [{"id": "r", "clauses": [{"operator": "inSegment", "values": [%q]}], "serve": {"variation": "on"}}]}`, segment)
	return call{http.MethodPatch, inProduction(flag), body, nil}
}

// race sends two requests at once. One is applied. The other is refused because of what the first one did.
func race(t *testing.T, s *servertest.Server, calls ...call) {
	t.Helper()
	answers := make([]servertest.Response, len(calls))
	var running sync.WaitGroup
	for i, c := range calls {
		running.Go(func() { answers[i] = s.Call(t, c.method, c.path, c.body, c.headers...) })
	}
	running.Wait()
	applied := 0
	for i, answer := range answers {
		if answer.Status < http.StatusBadRequest {
			applied++
			continue
		}
		require.Contains(t, []int{http.StatusConflict, http.StatusUnprocessableEntity}, answer.Status, "%v: %s", calls[i], answer.Body)
		require.NotContains(t, string(answer.Body), "keep changing", "two writes do not need as many attempts")
	}
	require.Equal(t, 1, applied, "%v", calls)
}

// requireNoFlagBroken compiles what is stored in production and evaluates every flag.
func requireNoFlagBroken(t *testing.T, s *servertest.Server) {
	t.Helper()
	definition, err := s.Store.Definition(t.Context(), store.EnvironmentRef{Project: "default", Environment: "production"})
	require.NoError(t, err)
	snapshot, problems, err := evaluator.Compile(definition)
	require.NoError(t, err)
	require.Empty(t, problems)
	user := evaluator.NewContext("user-1")
	snapshot.EvaluateAll(&user, func(key string, _ bool, r evaluator.Result) bool {
		require.Empty(t, r.ErrorCode, key)
		return true
	})
}
