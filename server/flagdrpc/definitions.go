package flagdrpc

import (
	"sync"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson"
	"github.com/tidegate-io/tidegate/store"
)

// maxDefinition bounds a definition that is sent, in bytes. Official clients accept messages of up to 4 MiB.
const maxDefinition = 4<<20 - 64<<10

// definitions exports each snapshot once for all clients that sync. It is safe for concurrent use.
type definitions struct {
	mu     sync.Mutex
	latest map[store.EnvironmentRef]*definition
}

// definition is an exported snapshot.
type definition struct {
	snapshot *evaluator.Snapshot
	encode   func() (string, error)
}

func newDefinitions() definitions {
	return definitions{latest: make(map[store.EnvironmentRef]*definition)}
}

// of returns the definition of the snapshot as JSON.
func (d *definitions) of(s *evaluator.Snapshot) (string, error) {
	ref := store.EnvironmentRef{Project: s.Project(), Environment: s.Environment()}
	d.mu.Lock()
	latest := d.latest[ref]
	if latest == nil || latest.snapshot != s {
		latest = &definition{snapshot: s, encode: sync.OnceValues(func() (string, error) { return export(s) })}
		d.latest[ref] = latest
	}
	d.mu.Unlock()
	return latest.encode()
}

// export writes a snapshot in flagd's format.
func export(s *evaluator.Snapshot) (string, error) {
	d, _ := flagdjson.Export(s, flagdjson.Options{})
	if _, err := d.Limit(maxDefinition); err != nil {
		return "", err
	}
	encoded, err := d.Encode("")
	return string(encoded), err
}
