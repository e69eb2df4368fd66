package sqlstore

import (
	"context"
	"log/slog"
	"time"

	"github.com/tidegate-io/tidegate/store/internal/mailbox"
	"github.com/tidegate-io/tidegate/supervise"
)

// announceTimeout bounds how long one announcement may hold up the next.
const announceTimeout = time.Second

// herald announces committed changes in the background, so that no write waits for the bus. If an announcement fails,
// that is logged, and the replicas find the change at their next poll.
type herald struct {
	owner     *supervise.Supervisor
	announcer Announcer
	log       *slog.Logger
	mailbox   *mailbox.Mailbox
	stopping  chan struct{}
	stopped   chan struct{}
}

func startHerald(owner *supervise.Supervisor, announcer Announcer, log *slog.Logger) *herald {
	h := &herald{
		owner:     owner,
		announcer: announcer,
		log:       log,
		mailbox:   mailbox.New(),
		stopping:  make(chan struct{}),
		stopped:   make(chan struct{}),
	}
	owner.Begin(supervise.Piece{Name: "herald"}, func() {
		owner.Keep(context.Background(), supervise.Piece{Name: "herald"}, func(context.Context) { h.run() })
	})
	return h
}

func (h *herald) run() {
	defer close(h.stopped)
	for {
		select {
		case <-h.mailbox.Ready:
			h.announce()
		case <-h.stopping:
			h.announce()
			return
		}
	}
}

func (h *herald) announce() {
	for _, a := range h.mailbox.Take() {
		ctx, cancel := context.WithTimeout(context.Background(), announceTimeout)
		err := h.owner.Try(supervise.Piece{Name: "herald"}, func() error { return h.announcer.Announce(ctx, a) })
		cancel()
		if err != nil {
			h.log.Warn("A change was not announced; other replicas will find it when they poll.",
				"project", a.Project, "environment", a.Environment, "revision", a.Revision, "error", err)
		}
	}
}

// stop announces what is left and waits for it.
func (h *herald) stop() {
	close(h.stopping)
	<-h.stopped
}
