// Package bus has the buses that need no service: one within the process, and one that joins others.
package bus

import (
	"context"
	"sync"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/internal/mailbox"
)

// Local carries announcements within one process. It loses none, but a slow listener hears only the newest of each
// environment. The zero Local is ready.
type Local struct {
	mu        sync.Mutex
	mailboxes map[*mailbox.Mailbox]struct{}
}

var _ store.Bus = (*Local)(nil)

// Announce never blocks and never fails.
func (l *Local) Announce(_ context.Context, a store.Announcement) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for m := range l.mailboxes {
		m.Add(a)
	}
	return nil
}

// Listen returns ctx's error.
func (l *Local) Listen(ctx context.Context, heard func(store.Announcement)) error {
	m := mailbox.New()
	l.add(m)
	defer l.remove(m)
	heard(store.Announcement{})
	for {
		select {
		case <-m.Ready:
			for _, a := range m.Take() {
				heard(a)
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (l *Local) add(m *mailbox.Mailbox) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.mailboxes == nil {
		l.mailboxes = make(map[*mailbox.Mailbox]struct{})
	}
	l.mailboxes[m] = struct{}{}
}

func (l *Local) remove(m *mailbox.Mailbox) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.mailboxes, m)
}
