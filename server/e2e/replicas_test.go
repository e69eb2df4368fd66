package e2e_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
	"github.com/tidegate-io/tidegate/store/storetest"
)

// propagationLimit is what a change may take from one replica's acknowledgement to the other's answer.
const propagationLimit = time.Second

func TestReplicasSeeEachOthersChanges(t *testing.T) {
	t.Parallel()
	replicated := map[string]func(t *testing.T) flagdtest.Settings{
		"PostgreSQL alone": func(t *testing.T) flagdtest.Settings {
			return flagdtest.Settings{DatabaseURL: storetest.PostgresURL(t)}
		},
		"PostgreSQL and Redis": func(t *testing.T) flagdtest.Settings {
			return flagdtest.Settings{DatabaseURL: storetest.PostgresURL(t), RedisURL: storetest.RedisURL(t)}
		},
		"PostgreSQL through PgBouncer": func(t *testing.T) flagdtest.Settings {
			pooled, direct := storetest.StartPgBouncer(t).NewDatabase(t)
			return flagdtest.Settings{DatabaseURL: pooled, Environment: []string{"FLAGD_LISTEN_DATABASE_URL=" + direct}}
		},
	}
	for name, open := range replicated {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			settings := open(t)
			settings.DataDir = t.TempDir()
			first := flagdtest.Start(t, settings)
			settings.DataDir = t.TempDir()
			second := flagdtest.Start(t, settings)
			requireFlipsToCross(t, first, second)
		})
	}
}

// requireFlipsToCross flips a flag on one replica and waits for the other to serve it, in turns.
func requireFlipsToCross(t *testing.T, first, second *flagdtest.Server) {
	t.Helper()
	const flag = "crossing"
	first.MustCall(t, http.MethodPut, flagdtest.Project+"/flags/"+flag, flagdtest.Map{"type": "boolean"}, nil)
	sdkKey := first.SDKKey(t, "production", "server")

	// The first flip also waits until the other replica has seen the flag and the key, so it is not measured.
	writer, reader, enabled := first, second, true
	_ = flip(t, writer, reader, sdkKey, flag, enabled)
	var took []time.Duration
	for range 10 {
		writer, reader, enabled = reader, writer, !enabled
		took = append(took, flip(t, writer, reader, sdkKey, flag, enabled))
	}
	slices.Sort(took)
	t.Logf("acknowledged write to the other replica's answer: median %s, slowest %s", took[len(took)/2], took[len(took)-1])
	require.Less(t, took[len(took)/2], propagationLimit)
}

// flip sets enabled by way of one replica and gives the time until the other serves it.
func flip(t *testing.T, writer, reader *flagdtest.Server, sdkKey, flag string, enabled bool) time.Duration {
	t.Helper()
	config := flagdtest.Project + "/flags/" + flag + "/environments/production"
	writer.MustCall(t, http.MethodPatch, config, flagdtest.Map{"enabled": enabled}, nil)
	acknowledged := time.Now()

	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var evaluation flagdtest.Evaluation
	var err error
	served := flagdtest.Poll(ctx, func() bool {
		evaluation, err = reader.Evaluate(ctx, sdkKey, flag, "user-1")
		return err == nil && evaluation.Value == enabled
	})
	require.True(t, served, "the other replica does not serve enabled=%t; last answer %+v, error %v", enabled, evaluation, err)
	return time.Since(acknowledged)
}
