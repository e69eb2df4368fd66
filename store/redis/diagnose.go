package redis

import (
	"context"
	"errors"
	"fmt"
	"strings"

	goredis "github.com/redis/go-redis/v9"
)

// Diagnose connects to Redis and tries what a Bus and a SnapshotCache need, without changing anything. It gives the
// product and version of the server. If the user may not read the version, it gives only the product.
func (c *Client) Diagnose(ctx context.Context) (server string, err error) {
	if err := c.Ping(ctx); err != nil {
		return "", err
	}
	if err := c.redis.HMGet(ctx, namespace+"doctor", "none").Err(); err != nil {
		return "", fmt.Errorf("read a key that begins with %s: %w", namespace, storeError(err))
	}
	subscription := c.redis.Subscribe(ctx, channel)
	_, err = subscription.Receive(ctx)
	if err := errors.Join(err, subscription.Close()); err != nil {
		return "", fmt.Errorf("subscribe to %s: %w", channel, storeError(err))
	}
	return version(ctx, c.redis), nil
}

// version is only "Redis" if the user may not ask for the version.
func version(ctx context.Context, client goredis.UniversalClient) string {
	info, err := client.Info(ctx, "server").Result()
	if err != nil {
		return "Redis"
	}
	for line := range strings.Lines(info) {
		if number, found := strings.CutPrefix(strings.TrimSpace(line), "redis_version:"); found {
			return "Redis " + number
		}
	}
	return "Redis"
}
