package server

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/tidegate-io/tidegate/store"
)

// beginAgain is about how long the server waits before it tries again to begin, if the store was away.
const beginAgain = 2 * time.Second

// begin does the part of a start that needs the store: the first content, the preset token and the words of welcome.
// It may be called again after it has failed.
func (s *Server) begin(ctx context.Context) error {
	first, err := Bootstrap(ctx, s.backend.Store, s.config.Now())
	if err != nil {
		return err
	}
	if s.config.BootstrapAdminToken != "" {
		if err := presetAdminToken(ctx, s.backend.Store, s.config.BootstrapAdminToken, s.config.Now()); err != nil {
			return err
		}
	}
	return s.welcome(ctx, first)
}

// lateBeginning begins as soon as the store answers. Meanwhile the server already serves from memory.
type lateBeginning struct{ server *Server }

// Run returns when the server has begun, or ctx ends.
func (l *lateBeginning) Run(ctx context.Context) {
	for {
		again := time.NewTimer(beginAgain/2 + rand.N(beginAgain))
		select {
		case <-ctx.Done():
			again.Stop()
			return
		case <-again.C:
		}
		err := l.server.begin(ctx)
		if ctx.Err() != nil || err == nil {
			return
		}
		if !errors.Is(err, store.ErrUnavailable) {
			l.server.config.Log.ErrorContext(
				ctx,
				"the start cannot be finished; restart the server once the reason is gone",
				"error",
				err,
			)
			return
		}
	}
}
