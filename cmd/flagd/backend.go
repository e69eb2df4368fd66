package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"path/filepath"

	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/store/sqlite"
)

// backend is what was opened, and how to close it.
type backend struct {
	server.Backend
	closers []io.Closer
}

// openBackend opens the store that the settings name: PostgreSQL, or SQLite in the data folder.
func openBackend(ctx context.Context, s *settings, log *slog.Logger) (*backend, error) {
	opened, err := sqlite.Open(ctx, filepath.Join(s.dataDir, "flagd.db"), sqlite.WithLogger(log))
	if err != nil {
		return nil, err
	}
	return &backend{Backend: server.Backend{Store: opened}, closers: []io.Closer{opened}}, nil
}

// close closes in the reverse order of opening.
func (b *backend) close() error {
	var errs []error
	for i := len(b.closers) - 1; i >= 0; i-- {
		errs = append(errs, b.closers[i].Close())
	}
	return errors.Join(errs...)
}
