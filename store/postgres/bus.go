package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/internal/retry"
)

// channel is the channel of NOTIFY and LISTEN. It belongs to the whole database. So stores in several schemas hear
// each other, which only costs them one look at their environments. The number is the version of the payload.
const channel = "tidegate_changes_1"

const (
	// quiet is how long the connection may be silent before it is tested.
	quiet = 20 * time.Second
	// answerWithin is how long a connection may take to answer a test.
	answerWithin = 5 * time.Second
)

// Bus carries announcements by PostgreSQL's NOTIFY. It has connections of its own, so that a busy store does not
// delay announcements. Each announcement is a statement of its own, after the commit of the change. NOTIFY within a
// transaction would make commits wait for each other.
type Bus struct {
	announce *pgxpool.Pool
	listen   *pgx.ConnConfig
	log      *slog.Logger
}

var _ store.Bus = (*Bus)(nil)

// NewBus makes a bus on the database of url. It does not connect before it is used.
//
// Listening needs a session. If url leads to a pooler that offers none, listenURL names the database itself.
// Otherwise listenURL is empty.
func NewBus(url, listenURL string, log *slog.Logger) (*Bus, error) {
	r, err := parseRoute(url, listenURL)
	if err != nil {
		return nil, err
	}
	r.pool.MinConns, r.pool.MinIdleConns, r.pool.MaxConns = 0, 0, 1
	// The pool connects in the background, at the first announcement.
	pool, err := pgxpool.NewWithConfig(context.Background(), r.pool)
	if err != nil {
		return nil, fmt.Errorf("prepare announcements: %w", storeError(err))
	}
	return &Bus{announce: pool, listen: r.session.Copy(), log: log}, nil
}

// Close closes the connection that announces. Listen ends with its context.
func (b *Bus) Close() error {
	b.announce.Close()
	return nil
}

// Announce notifies everybody who listens.
func (b *Bus) Announce(ctx context.Context, a store.Announcement) error {
	payload, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("encode announcement: %w", err)
	}
	if _, err := b.announce.Exec(ctx, "SELECT pg_notify($1, $2)", channel, string(payload)); err != nil {
		return fmt.Errorf("announce by NOTIFY: %w", storeError(err))
	}
	return nil
}

// Listen returns ctx's error.
func (b *Bus) Listen(ctx context.Context, heard func(store.Announcement)) error {
	return retry.Listen(ctx, b.log, "postgres", heard, b.listenOnce)
}

// listenOnce listens until the connection is lost.
func (b *Bus) listenOnce(ctx context.Context, heard func(store.Announcement)) (err error) {
	conn, err := pgx.ConnectConfig(ctx, b.listen)
	if err != nil {
		return err
	}
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerWithin)
		defer cancel()
		err = errors.Join(err, conn.Close(closing))
	}()
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	heard(store.Announcement{})
	for {
		notification, err := waitForNotification(ctx, conn)
		if err != nil {
			return err
		}
		var a store.Announcement
		if err := json.Unmarshal([]byte(notification.Payload), &a); err != nil {
			b.log.Warn("An announcement cannot be read; anything may have changed.", "bus", "postgres", "error", err)
		}
		heard(a)
	}
}

// waitForNotification tests the connection whenever it has been silent for some time. If the other end disappeared
// without closing the connection, it would stay silent for ever.
func waitForNotification(ctx context.Context, conn *pgx.Conn) (*pgconn.Notification, error) {
	for {
		waiting, cancel := context.WithTimeout(ctx, quiet)
		notification, err := conn.WaitForNotification(waiting)
		timedOut := waiting.Err() != nil
		cancel()
		if err == nil || ctx.Err() != nil || !timedOut {
			return notification, err
		}
		testing, cancel := context.WithTimeout(ctx, answerWithin)
		err = conn.Ping(testing)
		cancel()
		if err != nil {
			return nil, fmt.Errorf("the connection does not answer: %w", err)
		}
	}
}
