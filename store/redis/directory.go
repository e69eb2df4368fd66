package redis

import (
	"context"
	"fmt"

	"github.com/tidegate-io/tidegate/store"
)

var _ store.DirectoryCache = (*SnapshotCache)(nil)

// directoryKey has the version of the encoding, like the keys of snapshots.
func directoryKey() string { return fmt.Sprintf("%sdirectory:%d", namespace, store.DirectoryFormat) }

// PutDirectory compares and writes as PutSnapshot does.
func (c *SnapshotCache) PutDirectory(ctx context.Context, d store.Directory) error {
	body, err := store.EncodeDirectory(d)
	if err != nil {
		return fmt.Errorf("cache directory: %w", err)
	}
	at := store.Cursor{Epoch: d.Epoch, Revision: d.Revision}
	fields := []any{fieldEpoch, d.Epoch, fieldRevision, d.Revision, fieldEncoding, encodingJSON, fieldBody, body}
	if err := c.put(ctx, directoryKey(), at, fields); err != nil {
		return fmt.Errorf("cache directory: %w", storeError(err))
	}
	return nil
}

// Directory reads the newest directory.
func (c *SnapshotCache) Directory(ctx context.Context) (store.Directory, error) {
	body, err := c.redis.HGet(ctx, directoryKey(), fieldBody).Bytes()
	if err != nil {
		return store.Directory{}, fmt.Errorf("read cached directory: %w", storeError(err))
	}
	return store.DecodeDirectory(body)
}
