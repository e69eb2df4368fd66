package replica

import (
	"context"
	"errors"
	"fmt"

	"github.com/tidegate-io/tidegate/store"
)

// KeyLister is the part of a store.Store that lists SDK keys.
type KeyLister interface {
	// ListSDKKeys gives, for the zero ref, the working keys of all environments.
	ListSDKKeys(ctx context.Context, ref store.EnvironmentRef) ([]store.SDKKey, error)
}

// listing is the result of a poll.
type listing struct {
	// at is the cursor of the directory. Keys that are read after the poll belong to it.
	at   store.Cursor
	refs []store.EnvironmentRef
}

func newListing(epoch string, listed []store.Environment) *listing {
	l := &listing{at: store.Cursor{Epoch: epoch}, refs: make([]store.EnvironmentRef, len(listed))}
	for i, e := range listed {
		l.refs[i] = e.EnvironmentRef
		l.at.Revision += e.Revision
	}
	return l
}

// saveDirectory writes the directory to the disk and the cache if it has changed since the last save. Only the
// goroutine that saves calls it.
func (r *Replica) saveDirectory(ctx context.Context) error {
	found := r.found.Load()
	if found == nil || r.options.Keys == nil || found.at == r.savedDirectory && !r.resave.Swap(false) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	keys, err := r.options.Keys.ListSDKKeys(ctx, store.EnvironmentRef{})
	if err != nil {
		return fmt.Errorf("list SDK keys to remember: %w", err)
	}
	d := store.Directory{Epoch: found.at.Epoch, Revision: found.at.Revision, Environments: found.refs, SDKKeys: keys}
	err = r.disk.writeDirectory(d)
	if r.options.Directory != nil {
		err = errors.Join(err, r.options.Directory.PutDirectory(ctx, d))
	}
	if err != nil {
		r.options.Metrics.failures.WithLabelValues("save").Inc()
		return err
	}
	r.savedDirectory = found.at
	return nil
}

// recallDirectory returns the directory that the cache or the disk remembers. It fails with store.ErrNotFound if
// neither remembers any.
func (r *Replica) recallDirectory(ctx context.Context) (store.Directory, error) {
	return recallDirectory(ctx, r.disk, r.options.Directory)
}

// recallDirectory chooses between the cache and the disk as Replica.recall does.
func recallDirectory(ctx context.Context, d disk, cache store.DirectoryCache) (store.Directory, error) {
	local, localErr := d.readDirectory()
	if cache == nil {
		return local, localErr
	}
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	cached, err := cache.Directory(ctx)
	switch {
	case err != nil && localErr == nil:
		return local, nil
	case err != nil:
		return cached, errors.Join(err, localErr)
	case localErr == nil && local.Epoch == cached.Epoch && local.Revision > cached.Revision:
		return local, nil
	}
	return cached, nil
}

// Remembers tells whether a server could serve something while its store is away. It looks at the directory that the
// server has on disk and at its cache. The cache may be nil.
func Remembers(ctx context.Context, dir string, cache store.DirectoryCache) bool {
	d, err := recallDirectory(ctx, disk{dir: dir, most: defaultMaxSnapshot}, cache)
	return err == nil && len(d.Environments) > 0
}

// Memory is where replicas keep what they know: the folder of Options.Dir, and the cache of Options.Directory, which
// may be nil.
type Memory struct {
	Dir       string
	Directory store.DirectoryCache
}

// RecallSDKKeys returns the keys that worked when the store was last reached. It reads them from the cache or the
// disk. It fails with store.ErrNotFound if neither remembers any.
func (m Memory) RecallSDKKeys(ctx context.Context) ([]store.SDKKey, error) {
	d, err := recallDirectory(ctx, disk{dir: m.Dir, most: defaultMaxSnapshot}, m.Directory)
	return d.SDKKeys, err
}
