package replica

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tidegate-io/tidegate/store"
)

// forget drops environments that no longer exist because the database was restored from an older backup. The database
// does not list such an environment, and its epoch differs from the epoch that is served. If the epochs are the same,
// the list must be wrong, because environments are never deleted: the environment stays. Only the goroutine that
// follows the store calls forget.
func (r *Replica) forget(found *listing) {
	known := r.environments.Load().byRef
	if len(known) == len(found.refs) {
		return // add has seen to it that all that were found are known
	}
	gone := maps.Clone(known)
	for _, ref := range found.refs {
		delete(gone, ref)
	}
	maps.DeleteFunc(gone, func(_ store.EnvironmentRef, e *environment) bool {
		st := e.current()
		return st != nil && st.Snapshot.Epoch() == found.at.Epoch
	})
	if len(gone) == 0 {
		return
	}
	r.remove(gone)
	for ref, e := range gone {
		e.stop()
		<-e.stopped
		r.options.Metrics.forgetEnvironment(ref)
		if err := r.disk.remove(ref); err != nil {
			r.options.Log.Warn("the last good snapshot of an environment that is gone stays on the disk", "error", err)
		}
		r.options.Log.Warn("an environment is gone: the database was restored from a backup that did not have it",
			"project", ref.Project, "environment", ref.Environment)
	}
}

// remove takes environments out of the table.
func (r *Replica) remove(gone map[store.EnvironmentRef]*environment) {
	r.mu.Lock()
	defer r.mu.Unlock()
	old := r.environments.Load()
	next := &environments{byRef: maps.Clone(old.byRef), superseded: make(chan struct{})}
	for ref := range gone {
		delete(next.byRef, ref)
	}
	r.environments.Store(next)
	close(old.superseded)
}

func (m *Metrics) forgetEnvironment(ref store.EnvironmentRef) {
	labels := prometheus.Labels{"project": ref.Project, "environment": ref.Environment}
	m.revision.DeletePartialMatch(labels)
	m.stale.DeletePartialMatch(labels)
	m.kept.DeletePartialMatch(labels)
	m.behind.DeletePartialMatch(labels)
	m.refusals.DeletePartialMatch(labels)
}

// remove removes the file of an environment, if there is one.
func (d disk) remove(ref store.EnvironmentRef) error {
	if d.dir == "" {
		return nil
	}
	if err := os.Remove(d.path(ref)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove snapshot: %w", err)
	}
	return nil
}
