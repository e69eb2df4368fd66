package replica

import (
	"context"
	"errors"
	"os"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// RecallForTest returns what a replica would start from without its store.
func RecallForTest(r *Replica, ref store.EnvironmentRef) (evaluator.Definition, error) {
	defs, err := r.recall(context.Background(), ref)
	if len(defs) == 0 {
		return evaluator.Definition{}, errors.Join(err, store.ErrNotFound)
	}
	return defs[0], err
}

// WriteForTest puts a file where a replica keeps its last good definition.
func WriteForTest(dir string, ref store.EnvironmentRef, data []byte) error {
	d := disk{dir: dir}
	if err := os.MkdirAll(d.folder(), 0o700); err != nil {
		return err
	}
	return os.WriteFile(d.path(ref), data, 0o600)
}

// RememberForTest writes the file that a replica would.
func RememberForTest(dir string, def evaluator.Definition) error { return disk{dir: dir}.write(def) }
