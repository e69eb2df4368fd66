package control

import (
	"github.com/tidegate-io/tidegate/store"
)

// publishWarnings makes what the leader knows of the flags whose availability the fleet contradicts readable for others.
func (l *Loop) publishWarnings() {
	var warned []store.FlagRef
	for ref, p := range l.places {
		for flag, g := range p.gates.flags {
			if g.stands.Warning != "" {
				warned = append(warned, store.FlagRef{EnvironmentRef: ref, Flag: flag})
			}
		}
	}
	l.warned.Store(&warned)
}

// Warned gives the flags whose availability the fleet contradicts, as the leader sees it, in no order; none elsewhere. For
// metrics.
func (l *Loop) Warned() []store.FlagRef {
	if warned := l.warned.Load(); warned != nil {
		return *warned
	}
	return nil
}
