// Package mailbox keeps announcements until somebody has time for them.
package mailbox

import (
	"sync"

	"github.com/tidegate-io/tidegate/store"
)

// Mailbox keeps the highest revision announced for each environment until it is taken. So the announcer never waits.
// A slow listener skips older revisions, but it never misses the newest. It holds at most one announcement for each
// environment.
type Mailbox struct {
	// Ready receives after an Add. One value may stand for many announcements.
	Ready <-chan struct{}
	ready chan<- struct{}

	mu   sync.Mutex
	kept map[store.EnvironmentRef]int64
}

// New makes an empty mailbox.
func New() *Mailbox {
	ready := make(chan struct{}, 1)
	return &Mailbox{Ready: ready, ready: ready, kept: make(map[store.EnvironmentRef]int64)}
}

// Add keeps a and never blocks.
func (m *Mailbox) Add(a store.Announcement) {
	m.mu.Lock()
	m.kept[a.EnvironmentRef] = max(m.kept[a.EnvironmentRef], a.Revision)
	m.mu.Unlock()

	select {
	case m.ready <- struct{}{}:
	default:
	}
}

// Take empties the mailbox.
func (m *Mailbox) Take() []store.Announcement {
	m.mu.Lock()
	defer m.mu.Unlock()

	taken := make([]store.Announcement, 0, len(m.kept))
	for ref, revision := range m.kept {
		taken = append(taken, store.Announcement{EnvironmentRef: ref, Revision: revision})
	}
	clear(m.kept)
	return taken
}
