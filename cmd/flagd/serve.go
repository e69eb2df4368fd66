package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/server/demo"
	"github.com/tidegate-io/tidegate/store/redis"
	"github.com/tidegate-io/tidegate/supervise"
)

// demoDir is where the demo keeps its data, separate from real data.
const demoDir = "./data/demo"

// demoAge is the age of the demo's store. Everything that happens in the demo is later than the first start of the
// store.
const demoAge = 15 * 24 * time.Hour

func serve(cmd *cobra.Command, s *settings) error {
	return withBackend(cmd, s, openServing, func(ctx context.Context, b *backend, config server.Config) error {
		return run(ctx, b, config)
	})
}

func serveDemo(cmd *cobra.Command, s *settings) error {
	if !cmd.Flags().Changed("data-dir") {
		s.dataDir = demoDir
	}
	return withBackend(cmd, s, openServing, func(ctx context.Context, b *backend, config server.Config) error {
		now := time.Now()
		if _, err := server.Bootstrap(ctx, b.Store, now.Add(-demoAge)); err != nil {
			return err
		}
		err := demo.Fill(ctx, b.Store, now)
		if errors.Is(err, demo.ErrNotEmpty) {
			return &usageError{
				fmt.Errorf(
					"the demo fills only a store of its own, and this one has other flags: choose another --data-dir or --database-url",
				),
			}
		}
		if err != nil {
			return fmt.Errorf("fill the demo: %w; delete %s to begin again", err, s.dataDir)
		}
		fleet := demo.Fleet{Store: b.Store, Log: config.Log, Now: time.Now}
		traffic := demo.Traffic{Store: b.Store, Log: config.Log, Now: time.Now}
		var running sync.WaitGroup
		ctx, stop := context.WithCancel(ctx)
		supervise.Start(ctx, &running, supervise.Piece{Name: "demo", Detail: "fleet"}, fleet.Run)
		supervise.Start(ctx, &running, supervise.Piece{Name: "demo", Detail: "traffic"}, traffic.Run)
		defer running.Wait()
		defer stop()
		return run(ctx, b, config)
	})
}

func run(ctx context.Context, b *backend, config server.Config) error {
	return withTracing(ctx, config, func(config server.Config) error {
		srv, err := server.New(ctx, config, b.Backend)
		if err != nil {
			return err
		}
		return srv.Run(ctx)
	})
}

// opener is openBackend, openExisting or openServing.
type opener func(ctx context.Context, s *settings, log *slog.Logger) (*backend, error)

// withBackend checks the settings, opens the backend and closes it after use.
func withBackend(
	cmd *cobra.Command, s *settings, open opener, use func(ctx context.Context, b *backend, config server.Config) error,
) (err error) {
	log, err := newLogger(cmd.ErrOrStderr(), s.logLevel, s.logFormat)
	if err != nil {
		return err
	}
	slog.SetDefault(log)
	redis.LogDriverTo(log)
	for _, name := range unknownVariables(allVariables(cmd.Root()), os.Environ()) {
		log.Warn("there is no such setting; flagd --help lists all", "variable", name)
	}
	config := s.config(log)
	config.Welcome = cmd.OutOrStdout()
	if err := config.Validate(); err != nil {
		return err
	}
	ctx := supervise.With(cmd.Context(), supervise.New(log))
	b, err := open(ctx, s, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	return use(ctx, b, config)
}
