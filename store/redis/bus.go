package redis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/internal/retry"
	"github.com/tidegate-io/tidegate/supervise"
)

const (
	channel = namespace + "changes"
	// quiet is how long the connection may be silent before it is tested.
	quiet = 10 * time.Second
	// answerWithin is how long a connection may take to answer a test.
	answerWithin = 2 * time.Second
)

// Bus carries announcements by Redis's PUBLISH.
type Bus struct {
	redis goredis.UniversalClient
	log   *slog.Logger
}

var _ store.Bus = (*Bus)(nil)

// Bus gives a bus. It ends when the client is closed.
func (c *Client) Bus() *Bus { return &Bus{redis: c.redis, log: c.log} }

// Announce publishes a.
func (b *Bus) Announce(ctx context.Context, a store.Announcement) error {
	payload, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("encode announcement: %w", err)
	}
	if err := b.redis.Publish(ctx, channel, payload).Err(); err != nil {
		return fmt.Errorf("announce by Redis: %w", storeError(err))
	}
	return nil
}

// Listen returns ctx's error.
func (b *Bus) Listen(ctx context.Context, heard func(store.Announcement)) error {
	return retry.Listen(ctx, b.log, "redis", heard, b.listenOnce)
}

// listenOnce listens until the connection is lost.
func (b *Bus) listenOnce(ctx context.Context, heard func(store.Announcement)) (err error) {
	subscription := b.redis.Subscribe(ctx, channel)
	// A receive in progress does not look at ctx; it ends when the connection is closed.
	interrupted := context.AfterFunc(ctx, func() {
		supervise.From(ctx).Begin(supervise.Piece{Name: "bus", Detail: "closing"}, func() { b.close(subscription) })
	})
	defer func() {
		if interrupted() {
			b.close(subscription)
		}
	}()
	for {
		message, err := receive(ctx, subscription)
		if err != nil {
			return err
		}
		switch message := message.(type) {
		case *goredis.Subscription:
			heard(store.Announcement{})
		case *goredis.Message:
			heard(b.decode(message.Payload))
		}
	}
}

// decode gives the zero Announcement for a payload that it cannot read. That means: anything may have changed.
func (b *Bus) decode(payload string) store.Announcement {
	var a store.Announcement
	if err := json.Unmarshal([]byte(payload), &a); err != nil {
		b.log.Warn("An announcement cannot be read; anything may have changed.", "bus", "redis", "error", err)
		return store.Announcement{}
	}
	return a
}

func (b *Bus) close(subscription *goredis.PubSub) {
	if err := subscription.Close(); err != nil {
		b.log.Debug("Closing a subscription failed.", "bus", "redis", "error", err)
	}
}

// receive tests the connection whenever it has been silent for some time. If the other end disappeared without
// closing the connection, it would stay silent for ever.
func receive(ctx context.Context, subscription *goredis.PubSub) (any, error) {
	message, err := subscription.ReceiveTimeout(ctx, quiet)
	if !isTimeout(err) || ctx.Err() != nil {
		return message, err
	}
	if err := subscription.Ping(ctx); err != nil {
		return nil, err
	}
	// This is the answer to the test, or a message that came before it.
	message, err = subscription.ReceiveTimeout(ctx, answerWithin)
	if err != nil {
		return nil, fmt.Errorf("the connection does not answer: %w", err)
	}
	return message, nil
}

func isTimeout(err error) bool {
	var network net.Error
	return errors.As(err, &network) && network.Timeout()
}
