package stream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// save hands new states to the cache and the disk, each environment at most once in a while, until ctx ends.
func (r *Replica) save(ctx context.Context) {
	tick := time.NewTicker(defaultSaveEvery)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			r.saveLast()
			return
		case <-tick.C:
		}
		err := r.saveUnsaved(ctx)
		if err != nil && ctx.Err() == nil && !failing {
			r.options.Log.Warn("remembering snapshots failed; a start without the store would find older ones", "error", err)
		}
		failing = err != nil
	}
}

func (r *Replica) saveUnsaved(ctx context.Context) error {
	var errs []error
	for _, e := range r.environments.Load().byRef {
		// What came from the cache or the disk need not go back there.
		if e.unconfirmed.Load() || !e.unsaved.Swap(false) {
			continue
		}
		if err := r.remember(ctx, e.current().Snapshot.Definition()); err != nil {
			e.unsaved.Store(true)
			r.options.Metrics.failures.WithLabelValues("save").Inc()
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// saveLast puts what was not saved yet on the disk. The cache, which may be out of reach, must not hold up the end.
func (r *Replica) saveLast() {
	for _, e := range r.environments.Load().byRef {
		if e.unconfirmed.Load() || !e.unsaved.Swap(false) {
			continue
		}
		if err := r.disk.write(e.current().Snapshot.Definition()); err != nil {
			r.options.Log.Warn("remembering a snapshot failed",
				"project", e.ref.Project, "environment", e.ref.Environment, "error", err)
		}
	}
}

// remember writes def to the disk and the cache. It does the second whether or not the first succeeds.
func (r *Replica) remember(ctx context.Context, def evaluator.Definition) error {
	err := r.disk.write(def)
	if r.options.Cache == nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	return errors.Join(err, r.options.Cache.PutSnapshot(ctx, def))
}

// recall returns what the cache or the disk remembers. Of two of one epoch the newer wins; of two epochs the cache's,
// which all replicas share. It fails with ErrNotFound if neither remembers anything.
func (r *Replica) recall(ctx context.Context, ref store.EnvironmentRef) (evaluator.Definition, error) {
	local, localErr := r.disk.read(ref)
	if r.options.Cache == nil {
		return local, localErr
	}
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	cached, err := r.options.Cache.Snapshot(ctx, ref)
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

// disk keeps one file for each environment. With an empty dir it keeps nothing.
type disk struct {
	dir string
}

const diskSuffix = ".json"

// path names the format version, so that two versions of the server may share a directory.
func (d disk) path(ref store.EnvironmentRef) string {
	name := url.QueryEscape(ref.Project) + "," + url.QueryEscape(ref.Environment) + diskSuffix
	return filepath.Join(d.folder(), name)
}

func (d disk) folder() string {
	return filepath.Join(d.dir, fmt.Sprintf("snapshots-v%d", evaluator.FormatVersion))
}

// write replaces the file as a whole: a crash leaves either the old or the new one.
func (d disk) write(def evaluator.Definition) error {
	if d.dir == "" {
		return nil
	}
	data, err := json.Marshal(def)
	if err != nil {
		return fmt.Errorf("encode definition: %w", err)
	}
	if err := os.MkdirAll(d.folder(), 0o700); err != nil {
		return fmt.Errorf("make directory for snapshots: %w", err)
	}
	file, err := os.CreateTemp(d.folder(), "new-*")
	if err != nil {
		return fmt.Errorf("write snapshot: %w", err)
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = os.Rename(file.Name(), d.path(store.EnvironmentRef{Project: def.Project, Environment: def.Environment}))
	}
	if err != nil {
		return fmt.Errorf("write snapshot: %w", errors.Join(err, os.Remove(file.Name())))
	}
	return nil
}

// read gives ErrNotFound where there is no file.
func (d disk) read(ref store.EnvironmentRef) (evaluator.Definition, error) {
	var def evaluator.Definition
	if d.dir == "" {
		return def, store.ErrNotFound
	}
	data, err := os.ReadFile(d.path(ref))
	if errors.Is(err, fs.ErrNotExist) {
		return def, fmt.Errorf("snapshot on disk: %w", store.ErrNotFound)
	}
	if err != nil {
		return def, fmt.Errorf("read snapshot: %w", err)
	}
	if err := json.Unmarshal(data, &def); err != nil {
		return def, fmt.Errorf("decode snapshot %s: %w", d.path(ref), err)
	}
	return def, nil
}

// list returns the environments that have a file.
func (d disk) list() ([]store.EnvironmentRef, error) {
	if d.dir == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(d.folder())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list snapshots: %w", err)
	}
	var refs []store.EnvironmentRef
	for _, entry := range entries {
		name, isSnapshot := strings.CutSuffix(entry.Name(), diskSuffix)
		project, environment, ok := strings.Cut(name, ",")
		if !isSnapshot || !ok {
			continue
		}
		p, err1 := url.QueryUnescape(project)
		e, err2 := url.QueryUnescape(environment)
		if err1 == nil && err2 == nil {
			refs = append(refs, store.EnvironmentRef{Project: p, Environment: e})
		}
	}
	return refs, nil
}
