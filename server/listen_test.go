package server_test

import (
	"context"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/server/servertest"
)

// everywhere is a configuration in which each protocol listens on a free port.
func everywhere() server.Config {
	return server.Config{
		Addr: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler),
		Flagd: server.FlagdProtocols{Addr: "127.0.0.1:0", SyncAddr: "127.0.0.1:0"},
	}
}

// addresses are where the server listens, in the order of CloseListenerForTest.
func addresses(s *server.Server) []string {
	evaluation, sync := s.FlagdURLs()
	all := []string{s.URL(), evaluation, sync}
	for i, url := range all {
		all[i] = strings.TrimPrefix(url, "http://")
	}
	return all
}

func dial(ctx context.Context, address string) error {
	connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return connection.Close()
}

func TestATakenAddressIsRefusedAtTheStart(t *testing.T) {
	t.Parallel()
	for _, setting := range []string{"addr", "flagd-addr", "flagd-sync-addr"} {
		taken, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		config := everywhere()
		*map[string]*string{
			"addr": &config.Addr, "flagd-addr": &config.Flagd.Addr, "flagd-sync-addr": &config.Flagd.SyncAddr,
		}[setting] = taken.Addr().String()
		_, err = server.New(t.Context(), config, servertest.Backend(t))
		var inUse *server.AddressInUseError
		require.ErrorAs(t, err, &inUse)
		require.Equal(t, setting, inUse.Setting)
		require.Equal(t, taken.Addr().String(), inUse.Addr)
		require.NoError(t, taken.Close())
	}
}

// If one listener failed and the server went on, a check of another listener would find it healthy.
func TestAListenerThatFailsEndsTheServer(t *testing.T) {
	t.Parallel()
	for index, name := range []string{"HTTP", "evaluation", "sync"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := server.New(t.Context(), everywhere(), servertest.Backend(t))
			require.NoError(t, err)
			ended := make(chan error, 1)
			go func() { ended <- s.Run(context.WithoutCancel(t.Context())) }()
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			require.NoError(t, s.AwaitReady(ctx))
			for _, address := range addresses(s) {
				require.NoError(t, dial(ctx, address))
			}

			require.NoError(t, server.CloseListenerForTest(s, index))
			select {
			case err := <-ended:
				require.ErrorIs(t, err, net.ErrClosed)
				require.ErrorContains(t, err, name)
			case <-time.After(20 * time.Second):
				require.FailNow(t, "the server serves on")
			}
			for _, address := range addresses(s) {
				require.Error(t, dial(ctx, address), "the other listeners have ended too")
			}
		})
	}
}
