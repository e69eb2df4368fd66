package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

func TestSIGKILLLosesNoAcknowledgedWrite(t *testing.T) {
	t.Parallel()
	for name, open := range stores() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			settings := open(t)
			server := flagdtest.Start(t, settings)
			acknowledged := writeUntilKilled(t, server, 60)

			server = flagdtest.Start(t, settings)
			requireEnabled(t, server, acknowledged)
			requireRevisionsWithoutGaps(t, server)
		})
	}
}

// writeUntilKilled lets several writers create flags and enable them in production. When enough flags are enabled, it
// kills the server in the middle of their writes. It gives the keys of the flags whose two writes were both
// acknowledged.
func writeUntilKilled(t *testing.T, server *flagdtest.Server, enough int) []string {
	t.Helper()
	const writers = 8
	enabled := make(chan string)
	var writing sync.WaitGroup
	for writer := range writers {
		writing.Go(func() {
			for n := 0; ; n++ {
				key := fmt.Sprintf("writer-%d-flag-%d", writer, n)
				if createEnabled(t.Context(), server, key) != nil {
					return
				}
				enabled <- key
			}
		})
	}
	go func() {
		writing.Wait()
		close(enabled)
	}()

	var acknowledged []string
	for key := range enabled {
		acknowledged = append(acknowledged, key)
		if len(acknowledged) == enough {
			server.Kill(t)
		}
	}
	require.GreaterOrEqual(t, len(acknowledged), enough, "the writers failed before the server was killed")
	return acknowledged
}

func createEnabled(ctx context.Context, server *flagdtest.Server, key string) error {
	flag := flagdtest.Project + "/flags/" + key
	if err := server.Call(ctx, http.MethodPut, flag, flagdtest.Map{"type": "boolean"}, nil); err != nil {
		return err
	}
	return server.Call(ctx, http.MethodPatch, flag+"/environments/production", flagdtest.Map{"enabled": true}, nil)
}

func requireEnabled(t *testing.T, server *flagdtest.Server, keys []string) {
	t.Helper()
	for _, key := range keys {
		var config struct {
			Enabled bool `json:"enabled"`
		}
		server.MustCall(t, http.MethodGet, flagdtest.Project+"/flags/"+key+"/environments/production", nil, &config)
		require.True(t, config.Enabled, "%s was enabled before the kill and is not now", key)
	}
}

// requireRevisionsWithoutGaps checks that production's history holds every revision down from the current one.
func requireRevisionsWithoutGaps(t *testing.T, server *flagdtest.Server) {
	t.Helper()
	production := flagdtest.Project + "/environments/production"
	var environment struct {
		Revision int64 `json:"revision"`
	}
	server.MustCall(t, http.MethodGet, production, nil, &environment)
	var changes struct {
		Items []struct {
			Revision int64 `json:"revision"`
		} `json:"items"`
	}
	server.MustCall(t, http.MethodGet, production+"/changes?limit=1000", nil, &changes)
	require.NotEmpty(t, changes.Items)
	for i, change := range changes.Items {
		require.Equal(t, environment.Revision-int64(i), change.Revision, "revision of change %d, newest first", i)
	}
}
