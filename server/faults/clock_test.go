package faults_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
	"github.com/tidegate-io/tidegate/store/bus"
	"github.com/tidegate-io/tidegate/store/postgres"
)

// TestWrongClock runs one of two replicas with a wrong clock, under load on both. The wrong clock is the one that the
// server is given as an option. A Go program asks the kernel for the time in a way that no library can intercept, so
// the replicas run in the process of the test. Code that reads the time itself, such as the age of what is served,
// has the right time in both replicas.
func TestWrongClock(t *testing.T) {
	database := startPostgres(t)
	for n, skew := range []time.Duration{time.Hour, -time.Hour, 24 * time.Hour, -24 * time.Hour} {
		t.Run(skew.String(), func(t *testing.T) {
			right := startInProcess(t, database.URL, 0)
			wrong := startInProcess(t, database.URL, skew)
			both := moderateLoad(right.URL, wrong.URL)
			both.name = fmt.Sprintf("skewed-%d", n)
			run := both.start(t, right)
			run.awaitWrites(t, form(60, 500))
			run.settle(t, right)
			run.report(t, fmt.Sprintf("one of 2 replicas with a clock that is wrong by %s", skew))
			run.check(t, run.sdkKey, right, wrong)
			run.checkNothingFailed(t)
		})
	}
}

// startInProcess runs a replica in the process of the test until its end.
func startInProcess(t *testing.T, database string, skew time.Duration) *flagdtest.Server {
	t.Helper()
	silent := slog.New(slog.DiscardHandler)
	notify, err := postgres.NewBus(database, "", silent)
	require.NoError(t, err)
	joined := bus.Joined{&bus.Local{}, notify}
	opened, err := postgres.Open(t.Context(), database, postgres.WithBus(joined), postgres.WithLogger(silent))
	require.NoError(t, err)
	replica, err := server.New(t.Context(), server.Config{
		Addr: "127.0.0.1:0", DataDir: t.TempDir(), BootstrapAdminToken: flagdtest.Token, Log: silent,
		Now: func() time.Time { return time.Now().Add(skew) },
	}, server.Backend{Store: opened, Bus: joined})
	require.NoError(t, err)

	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	stopped := make(chan error, 1)
	go func() { stopped <- replica.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, errors.Join(<-stopped, opened.Close(), notify.Close()))
	})
	running := &flagdtest.Server{URL: replica.URL()}
	running.AwaitReady(t)
	return running
}
