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
	// abandonedAfter is how old a draft is that nobody finishes any more: one is written at once.
	abandonedAfter = time.Hour
)

// draftMark stands between the name of the file and what is random in the name of its draft.
const draftMark = ".draft-"

// keptSnapshot is what a snapshot file holds.
type keptSnapshot struct {
	// Key tells which SDK key the definition was for, by a hash of it: the definition of one environment must never be
	// served in another that happens to use the same file.
	Key        string               `json:"key"`
	Definition evaluator.Definition `json:"definition"`
}

// keeper keeps the snapshot that the server sent last in a file. However often there are new ones, it writes one at a
// time, and the newest.
type keeper struct {
	provider  *Provider
	path, key string
	// draft is the file that is written before it takes the place of path. Processes may share path, but not this.
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

// keep has the snapshot that is served now written. It does not wait for that. A nil keeper keeps nothing.
func (k *keeper) keep() {
	if k == nil {
		return
	}
	select {
	case k.fresh <- struct{}{}:
	default: // it will be written with the one before
	}
}

// run writes until ctx ends, and then what was not written yet. What others left unfinished it removes at first.
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

// write logs a failure once for each reason: evaluation goes on without the file.
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

// store replaces the file as a whole: a crash leaves either the old or the new one. The server has the same for its own
// files, in package replica: what both modules may import does no I/O.
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

// load gives fs.ErrNotExist where nothing was kept yet.
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
