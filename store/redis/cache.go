package redis

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// The fields of a cached snapshot, which is a hash.
const (
	fieldEpoch    = "epoch"
	fieldRevision = "revision"
	fieldEncoding = "encoding"
	fieldBody     = "body"
)

// putAttempts is how often a write is tried when other writers come first.
const putAttempts = 5

// SnapshotCache keeps the newest definition of each environment, for ever. The last known good definition is served
// until there is a better one.
type SnapshotCache struct {
	redis goredis.UniversalClient
}

var _ store.SnapshotCache = (*SnapshotCache)(nil)

// SnapshotCache gives a cache. It ends when the client is closed.
func (c *Client) SnapshotCache() *SnapshotCache { return &SnapshotCache{redis: c.redis} }

// snapshotKey also has the version of the definition's encoding. So a server that reads another version has its own
// cache.
func snapshotKey(ref store.EnvironmentRef) string {
	return fmt.Sprintf("%ssnapshot:%d:{%s/%s}", namespace, evaluator.FormatVersion, ref.Project, ref.Environment)
}

// PutSnapshot stores def unless the cache has the same or a later revision of the same epoch.
func (c *SnapshotCache) PutSnapshot(ctx context.Context, def evaluator.Definition) error {
	ref := store.EnvironmentRef{Project: def.Project, Environment: def.Environment}
	fields, err := encodeSnapshot(def)
	if err != nil {
		return fmt.Errorf("cache snapshot of %s/%s: %w", ref.Project, ref.Environment, err)
	}
	at := store.Cursor{Epoch: def.Epoch, Revision: def.Revision}
	if err := c.put(ctx, snapshotKey(ref), at, fields); err != nil {
		return fmt.Errorf("cache snapshot of %s/%s: %w", ref.Project, ref.Environment, storeError(err))
	}
	return nil
}

// put watches the key while it compares revisions: if another writer comes in between, it compares again.
func (c *SnapshotCache) put(ctx context.Context, key string, at store.Cursor, fields []any) error {
	var err error
	for range putAttempts {
		err = c.redis.Watch(ctx, func(tx *goredis.Tx) error { return putUnlessNewer(ctx, tx, key, at, fields) }, key)
		if !errors.Is(err, goredis.TxFailedErr) {
			return err
		}
	}
	return err
}

// putUnlessNewer writes the fields unless the cache has the same or a later revision of the same epoch.
func putUnlessNewer(ctx context.Context, tx *goredis.Tx, key string, at store.Cursor, fields []any) error {
	known, err := tx.HMGet(ctx, key, fieldEpoch, fieldRevision).Result()
	if err != nil {
		return err
	}
	if epoch, _ := known[0].(string); epoch == at.Epoch {
		text, _ := known[1].(string)
		// A revision that cannot be read is overwritten.
		if revision, err := strconv.ParseInt(text, 10, 64); err == nil && revision >= at.Revision {
			return nil
		}
	}
	_, err = tx.TxPipelined(ctx, func(pipe goredis.Pipeliner) error {
		return pipe.HSet(ctx, key, fields...).Err()
	})
	return err
}

// Snapshot reads the newest definition.
func (c *SnapshotCache) Snapshot(ctx context.Context, ref store.EnvironmentRef) (evaluator.Definition, error) {
	fields, err := c.redis.HGetAll(ctx, snapshotKey(ref)).Result()
	if err != nil {
		return evaluator.Definition{}, fmt.Errorf(
			"read cached snapshot of %s/%s: %w",
			ref.Project,
			ref.Environment,
			storeError(err),
		)
	}
	def, err := decodeSnapshot(ref, fields)
	if err != nil {
		return evaluator.Definition{}, fmt.Errorf(
			"read cached snapshot of %s/%s: %w",
			ref.Project,
			ref.Environment,
			err,
		)
	}
	return def, nil
}
