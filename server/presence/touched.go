package presence

import (
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/tidegate-io/tidegate/store"
)

// The greatest numbers of processes that are known by their evaluations alone, and of those that wait to be.
const (
	maxTouched   = 10_000
	maxStrangers = 1_000
)

// touch is what a request says of the process that makes it.
type touch struct {
	store.EnvironmentRef
	service, version, instance string
}

// touched are the processes that ask for evaluations in their name. To note one takes no lock, reads no clock and, once
// it is known, allocates nothing.
type touched struct {
	// known is replaced, never changed.
	known     atomic.Pointer[map[touch]*mark]
	strangers chan touch
}

// mark is set by whoever is seen, and taken away by who collects.
type mark struct {
	set  atomic.Bool
	seen time.Time // when it was last found set; belongs to who collects
}

func newTouched() *touched {
	t := &touched{strangers: make(chan touch, maxStrangers)}
	t.known.Store(&map[touch]*mark{})
	return t
}

// Note notes which process asks with the key, as the header says. Only the bearer of a server key is believed: a client
// key is for everybody to see, and whoever has it could keep a flag closed that waits for the whole fleet.
func (p *Presence) Note(key store.SDKKey, header http.Header) {
	if key.Kind != store.SDKKeyServer {
		return
	}
	if service := header.Get(HeaderService); service != "" {
		p.Touch(key.EnvironmentRef, service, header.Get(HeaderVersion), header.Get(HeaderInstance))
	}
}

// Touch notes that a process has asked for an evaluation. One that does not say what it is, or that is too much to
// remember, is not noted.
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

// collect announces those that were touched since the last time, and forgets those that were not for long. Only Run
// calls it.
func (p *Presence) collect(now time.Time) {
	known := *p.touched.known.Load()
	next := p.touched.admit(known, now)
	for who, m := range next {
		if m.set.Swap(false) {
			m.seen = now
			// One that finds no place is tried again when it asks again.
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

// admit gives known, or a copy with the strangers that have a place.
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
		// What is kept must not keep the request that it came with.
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
