package providers

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

var user = openfeature.NewEvaluationContext("user-1", map[string]any{"country": "FR"})

type body = flagdtest.Map

// configs are the boolean flags by key, with their configuration in production.
var configs = map[string]body{
	"on":      {"enabled": true},
	"off":     {"enabled": false},
	"killed":  {"enabled": true},
	"nothing": {"enabled": false, "offVariation": nil},
	"lacking": {"enabled": true, "offVariation": nil, "availability": body{"service": "another", "version": ">=1"}},
	"french": {
		"enabled": true, "fallthrough": body{"variation": "off"},
		"rules": []body{{"id": "fr", "clauses": []body{{"attribute": "country", "operator": "in", "values": []string{"FR"}}}, "serve": body{"variation": "on"}}},
	},
	"flipped": {"enabled": true},
}

// createFlags makes the boolean flags, and one of each other type.
func createFlags(t *testing.T, p *place) {
	t.Helper()
	for key, config := range configs {
		p.MustCall(t, http.MethodPut, flagdtest.Project+"/flags/"+key, body{"type": "boolean"}, nil)
		configure(t, p, key, config)
	}
	p.MustCall(t, http.MethodPost, flagdtest.Project+"/flags/killed/environments/production/kill", body{"reason": "a test"}, nil)
	for key, value := range map[string]any{"string": "blue", "number": 0.5, "integer": 42, "object": body{"size": 3, "tags": []any{"a"}}} {
		kind := map[string]string{"integer": "number"}[key]
		if kind == "" {
			kind = key
		}
		p.MustCall(t, http.MethodPut, flagdtest.Project+"/flags/"+key, body{"type": kind, "variations": []body{{"key": "on", "value": value}, {"key": "off", "value": value}}}, nil)
		configure(t, p, key, body{"enabled": true})
	}
}

func configure(t *testing.T, p *place, key string, config body) {
	t.Helper()
	p.MustCall(t, http.MethodPatch, flagdtest.Project+"/flags/"+key+"/environments/production", config, nil)
}

func TestProviders(t *testing.T) {
	p := open(t)
	createFlags(t, p)
	for mode, provider := range modes {
		t.Run(mode, func(t *testing.T) {
			client := connect(t, provider(t, p))
			t.Run("types", func(t *testing.T) { readTypes(t, client) })
			t.Run("off", func(t *testing.T) { readOff(t, client, mode) })
			t.Run("errors", func(t *testing.T) { readErrors(t, client) })
			t.Run("changes", func(t *testing.T) { seeChanges(t, p, client) })
		})
	}
}

func readTypes(t *testing.T, client *openfeature.Client) {
	t.Helper()
	on, err := client.BooleanValueDetails(t.Context(), "french", false, user)
	require.NoError(t, err)
	require.True(t, on.Value)
	require.Equal(t, "on", on.Variant)
	require.Equal(t, openfeature.TargetingMatchReason, on.Reason)
	require.Equal(t, "default/production", on.FlagMetadata["flagSetId"])
	require.NotEmpty(t, on.FlagMetadata["version"])
	text, err := client.StringValue(t.Context(), "string", "none", user)
	require.NoError(t, err)
	require.Equal(t, "blue", text)
	number, err := client.FloatValue(t.Context(), "number", 7, user)
	require.NoError(t, err)
	require.InDelta(t, 0.5, number, 0)
	integer, err := client.IntValue(t.Context(), "integer", 7, user)
	require.NoError(t, err)
	require.Equal(t, int64(42), integer)
	object, err := client.ObjectValue(t.Context(), "object", nil, user)
	require.NoError(t, err)
	require.Equal(t, map[string]any{"size": 3.0, "tags": []any{"a"}}, object)
}

// readOff asks with a code default that is the opposite of the off variation. If an answer leaves the value to the
// code default and is not DISABLED, OFREP's provider says TYPE_MISMATCH, but gives the right value.
func readOff(t *testing.T, client *openfeature.Client, mode string) {
	t.Helper()
	for key, detail := range map[string]string{"off": "off", "killed": "killed"} {
		details, err := client.BooleanValueDetails(t.Context(), key, true, user)
		require.NoError(t, err)
		require.False(t, details.Value, "%s is off everywhere", key)
		require.Equal(t, "off", details.Variant)
		require.Equal(t, openfeature.DefaultReason, details.Reason)
		require.Equal(t, detail, details.FlagMetadata["detail"])
	}
	for key, reason := range map[string]openfeature.Reason{"nothing": openfeature.DisabledReason, "lacking": openfeature.DefaultReason} {
		for _, codeDefault := range []bool{true, false} {
			details, err := client.BooleanValueDetails(t.Context(), key, codeDefault, user)
			require.Equal(t, codeDefault, details.Value, key)
			if mode == "ofrep" && key == "lacking" {
				require.Equal(t, openfeature.TypeMismatchCode, details.ErrorCode)
				continue
			}
			require.NoError(t, err)
			require.Empty(t, details.Variant)
			require.Equal(t, reason, details.Reason, key)
			require.NotEmpty(t, details.FlagMetadata["version"], "the metadata is kept")
		}
	}
}

func readErrors(t *testing.T, client *openfeature.Client) {
	t.Helper()
	for key, code := range map[string]openfeature.ErrorCode{"no-such-flag": openfeature.FlagNotFoundCode, "string": openfeature.TypeMismatchCode} {
		details, err := client.BooleanValueDetails(t.Context(), key, true, user)
		require.Error(t, err)
		require.True(t, details.Value)
		require.Equal(t, code, details.ErrorCode)
	}
}

func seeChanges(t *testing.T, p *place, client *openfeature.Client) {
	t.Helper()
	for _, enabled := range []bool{false, true, false, true} {
		configure(t, p, "flipped", body{"enabled": enabled})
		requireSoon(t, client, "flipped", enabled)
	}
}

// requireSoon waits until the client reads the value. The code default is the other.
func requireSoon(t *testing.T, client *openfeature.Client, key string, want bool) {
	t.Helper()
	require.Eventually(t, func() bool {
		got, err := client.BooleanValue(t.Context(), key, !want, user)
		return err == nil && got == want
	}, patience, 5*time.Millisecond, "%s is not %t", key, want)
}

// TestRestarts ends flagd, properly and abruptly, while the application keeps asking. A flag is changed as soon as
// flagd is there again. At that time the RPC provider does not have its event stream back yet. An answer that it
// remembered so early could be stale.
func TestRestarts(t *testing.T) {
	for mode, provider := range modes {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			p := open(t)
			createFlags(t, p)
			client := connect(t, provider(t, p))
			requireSoon(t, client, "flipped", true)
			stop := askOn(t, client)
			defer stop()
			enabled := true
			for name, end := range map[string]func(){
				"TERM": func() { p.Terminate(t); require.NoError(t, p.AwaitExit(t)) }, "KILL": func() { p.Kill(t) },
			} {
				end()
				if mode == "in-process" {
					requireSoon(t, client, "flipped", enabled)
				}
				p.start(t)
				if mode != "in-process" {
					requireSoon(t, client, "flipped", enabled)
				}
				enabled = !enabled
				configure(t, p, "flipped", body{"enabled": enabled})
				requireSoon(t, client, "flipped", enabled)
				requireStays(t, client, enabled, name)
			}
		})
	}
}

// requireStays reads the flag for a while. If a value was remembered too early, it comes back in that time.
func requireStays(t *testing.T, client *openfeature.Client, want bool, after string) {
	t.Helper()
	for range 200 {
		got, err := client.BooleanValue(t.Context(), "flipped", !want, user)
		require.NoError(t, err, after)
		require.Equal(t, want, got, after)
	}
}

// askOn evaluates all the time, until it is stopped.
func askOn(t *testing.T, client *openfeature.Client) (stop func()) {
	t.Helper()
	done := make(chan struct{})
	var asking sync.WaitGroup
	asking.Go(func() {
		pace := time.NewTicker(time.Millisecond)
		defer pace.Stop()
		for {
			select {
			case <-done:
				return
			case <-pace.C:
				client.Boolean(t.Context(), "flipped", false, user)
			}
		}
	})
	return sync.OnceFunc(func() { close(done); asking.Wait() })
}

// TestTheKeyIsNotAmongTheMetadata tests the way that docs/flagd.md describes: it keeps the key out of the metadata of
// evaluations.
func TestTheKeyIsNotAmongTheMetadata(t *testing.T) {
	p := open(t)
	createFlags(t, p)
	client := connect(t, modes["in-process"](t, p))
	details, err := client.BooleanValueDetails(t.Context(), "on", false, user)
	require.NoError(t, err)
	require.True(t, details.Value)
	require.NotEmpty(t, details.FlagMetadata["scope"])
	for name, value := range details.FlagMetadata {
		require.NotContains(t, fmt.Sprint(value), p.key, name)
	}
}
