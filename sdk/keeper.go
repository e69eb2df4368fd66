package tidegate

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
)

const (
	// keepGap is the least time between two writes.
	keepGap = time.Second
	// abandonedAfter is the age from which a draft counts as abandoned. A draft in use is finished at once.
	abandonedAfter = time.Hour
)

// draftMark stands in the name of a draft, between the name of the file and the random part.
const draftMark = ".draft-"

// keptSnapshot is what a snapshot file holds.
type keptSnapshot struct {
	// Key is a hash of the SDK key that the definition was for. Another environment may happen to use the same file.
	// It must never serve this definition.
	Key        string               `json:"key"`
	Definition evaluator.Definition `json:"definition"`
}

// keeper keeps in a file the snapshot that the server sent last. It writes one snapshot at a time. If several new
// ones came meanwhile, it writes only the newest.
type keeper struct {
	provider  *Provider
	path, key string
	// draft is the file that is written first. It then replaces path. Processes may share path, but not draft.
	draft     string
	fresh     chan struct{} // there is something to write
	lastError string
}

func newKeeper(p *Provider, path string) *keeper {
	hash := sha256.Sum256([]byte("tidegate snapshot file 1\x00" + p.key))
	return &keeper{
		provider: p, path: path, key: hex.EncodeToString(hash[:]),
		draft: path + draftMark + rand.Text()[:8], fresh: make(chan struct{}, 1),
	}
}

// keep asks for a write of the snapshot that is served now, and does not wait for it. A nil keeper keeps nothing.
func (k *keeper) keep() {
	if k == nil {
		return
	}
	select {
	case k.fresh <- struct{}{}:
	default: // it will be written with the one before
	}
}

// run first removes the drafts that others left unfinished. It then writes until ctx ends. At the end it writes what
// was not written yet.
func (k *keeper) run(ctx context.Context) {
	if err := k.sweep(time.Now()); err != nil {
		k.provider.options.log.Warn("tidegate: unfinished snapshot files cannot be removed", "file", k.path, "error", err)
	}
	for ctx.Err() == nil {
		select {
		case <-k.fresh:
			k.write()
			sleep(ctx, keepGap)
		case <-ctx.Done():
		}
	}
	select {
	case <-k.fresh:
		k.write()
	default:
	}
}

// write writes the snapshot. It logs a failure once for each reason. Evaluation goes on without the file.
func (k *keeper) write() {
	v := k.provider.view.Load()
	if v == nil || v.local {
		return
	}
	err := k.store(v.snapshot.Definition())
	reason := ""
	if err != nil {
		reason = err.Error()
	}
	if reason != "" && reason != k.lastError {
		k.provider.options.log.Error("tidegate: the snapshot cannot be kept for a start without the server", "file", k.path, "error", err)
	}
	k.lastError = reason
}

// sweep removes the drafts of processes that were killed while they wrote.
func (k *keeper) sweep(now time.Time) error {
	entries, err := os.ReadDir(filepath.Dir(k.path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	errs := []error{err}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), filepath.Base(k.path)+draftMark) {
			continue
		}
		info, err := entry.Info()
		if err == nil && now.Sub(info.ModTime()) > abandonedAfter {
			err = os.Remove(filepath.Join(filepath.Dir(k.path), entry.Name()))
		}
		// Another process may have finished or removed it meanwhile.
		if !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// store replaces the file as a whole, so a crash leaves either the old file or the new one. The server has the same
// function for its own files, in package replica. The code is not shared: a package that both modules may import does
// no I/O.
func (k *keeper) store(def evaluator.Definition) error {
	data, err := json.Marshal(keptSnapshot{Key: k.key, Definition: def})
	if err != nil {
		return fmt.Errorf("encode snapshot: %w", err)
	}
	file, err := os.OpenFile(k.draft, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write snapshot: %w", err)
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = os.Rename(k.draft, k.path)
	}
	if err != nil {
		return fmt.Errorf("write snapshot: %w", errors.Join(err, os.Remove(k.draft)))
	}
	return nil
}

// load reads the kept definition. It gives fs.ErrNotExist where nothing was kept yet.
func (k *keeper) load() (evaluator.Definition, error) {
	data, err := os.ReadFile(k.path)
	if err != nil {
		return evaluator.Definition{}, fmt.Errorf("read snapshot: %w", err)
	}
	var kept keptSnapshot
	if err := json.Unmarshal(data, &kept); err != nil {
		return evaluator.Definition{}, fmt.Errorf("decode snapshot: %w", err)
	}
	if kept.Key != k.key {
		return evaluator.Definition{}, errors.New("it was kept for another SDK key")
	}
	return kept.Definition, nil
}
