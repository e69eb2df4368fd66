package presence

import (
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/tidegate-io/tidegate/store"
)

// maxTouched bounds the processes that are known by their evaluations alone. maxStrangers bounds those that wait to
// become known.
const (
	maxTouched   = 10_000
	maxStrangers = 1_000
)

// touch is what a request says of the process that makes it.
type touch struct {
	store.EnvironmentRef
	service, version, instance string
}

// touched are the processes that ask for evaluations under their name. Noting a process takes no lock and reads no
// clock. Noting a process that is already known allocates nothing.
type touched struct {
	// known is replaced, never changed.
	known     atomic.Pointer[map[touch]*mark]
	strangers chan touch
}

// mark is set when the process asks, and cleared by collect.
type mark struct {
	set  atomic.Bool
	seen time.Time // when it was last found set; belongs to who collects
}

func newTouched() *touched {
	t := &touched{strangers: make(chan touch, maxStrangers)}
	t.known.Store(&map[touch]*mark{})
	return t
}

// Note notes which process asks with the key, as the header says. Only holders of a server key are believed. A client
// key is public: anyone who has it could pretend to be an old process, and so keep a flag closed that waits for the
// whole fleet.
func (p *Presence) Note(key store.SDKKey, header http.Header) {
	if key.Kind != store.SDKKeyServer {
		return
	}
	if service := header.Get(HeaderService); service != "" {
		p.Touch(key.EnvironmentRef, service, header.Get(HeaderVersion), header.Get(HeaderInstance))
	}
}

// Touch notes that a process has asked for an evaluation. It ignores a process that does not say what it is. It also
// ignores a new process while too many others wait to become known.
func (p *Presence) Touch(ref store.EnvironmentRef, service, version, instance string) {
	if service == "" || instance == "" {
		return
	}
	who := touch{ref, service, version, instance}
	if m := (*p.touched.known.Load())[who]; m != nil {
		if !m.set.Load() {
			m.set.Store(true)
		}
		return
	}
	select {
	case p.touched.strangers <- who:
	default:
	}
}

// collect announces the processes that have asked since the last call. It forgets those that have not asked for long.
// Only Run calls it.
func (p *Presence) collect(now time.Time) {
	known := *p.touched.known.Load()
	next := p.touched.admit(known, now)
	for who, m := range next {
		if m.set.Swap(false) {
			m.seen = now
			// If there is no room, this is tried again when the process asks again.
			_ = p.Announce(
				who.EnvironmentRef,
				Identity{Service: who.service, Version: who.version, Instance: who.instance},
				now,
			)
		}
	}
	gone := func(_ touch, m *mark) bool { return now.Sub(m.seen) > store.PresenceTTL }
	for who, m := range next {
		if gone(who, m) {
			next = maps.Clone(next)
			maps.DeleteFunc(next, gone)
			break
		}
	}
	p.touched.known.Store(&next)
}

// admit returns known, or a copy of it with the strangers for which there is room.
func (t *touched) admit(known map[touch]*mark, now time.Time) map[touch]*mark {
	next := known
	for range len(t.strangers) {
		who := <-t.strangers
		identity := Identity{Service: who.service, Version: who.version, Instance: who.instance}
		if next[who] != nil || len(next) >= maxTouched || identity.check() != nil {
			continue
		}
		if len(next) == len(known) {
			next = maps.Clone(known)
		}
		// The clones let go of the memory of the request.
		who.service, who.version, who.instance = strings.Clone(
			who.service,
		), strings.Clone(
			who.version,
		), strings.Clone(
			who.instance,
		)
		m := &mark{seen: now}
		m.set.Store(true)
		next[who] = m
	}
	return next
}
