package redis

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tidegate-io/tidegate/store"
)

// RateLimits counts events in sorted sets, one for each key. The score of an event is its time in microseconds. A set
// lives as long as its last event counts.
type RateLimits struct {
	redis goredis.UniversalClient
}

var _ store.RateLimits = (*RateLimits)(nil)

// RateLimits gives limits. They end when the client is closed.
func (c *Client) RateLimits() *RateLimits { return &RateLimits{redis: c.redis} }

// rateKey hides the content of the key, for instance an address, and limits its length.
func rateKey(key string) string {
	sum := sha256.Sum256([]byte(key))
	return namespace + "rate:" + hex.EncodeToString(sum[:16])
}

// Allow adds the event and then counts the events, in one transaction. If the event was too many, it is removed
// again. So, of several events at the same time, some may be refused although they could have been allowed. It
// never allows too many.
func (l *RateLimits) Allow(
	ctx context.Context, key string, limit int, window time.Duration, now time.Time,
) (ok bool, retryAfter time.Duration, err error) {
	set, event := rateKey(key), rand.Text()
	var count *goredis.IntCmd
	var oldest *goredis.ZSliceCmd
	_, err = l.redis.TxPipelined(ctx, func(pipe goredis.Pipeliner) error {
		pipe.ZRemRangeByScore(ctx, set, "-inf", strconv.FormatInt(now.Add(-window).UnixMicro(), 10))
		pipe.ZAdd(ctx, set, goredis.Z{Score: float64(now.UnixMicro()), Member: event})
		count = pipe.ZCard(ctx, set)
		oldest = pipe.ZRangeWithScores(ctx, set, 0, 0)
		pipe.PExpire(ctx, set, window)
		return nil
	})
	if err != nil {
		return false, 0, fmt.Errorf("count an event: %w", storeError(err))
	}
	if count.Val() <= int64(limit) {
		return true, 0, nil
	}
	if err := l.redis.ZRem(ctx, set, event).Err(); err != nil {
		return false, 0, fmt.Errorf("take back an event: %w", storeError(err))
	}
	leaves := time.UnixMicro(int64(oldest.Val()[0].Score)).Add(window)
	// The event may come from a replica whose clock is ahead.
	return false, min(leaves.Sub(now), window), nil
}
