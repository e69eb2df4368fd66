package control

import (
	"github.com/tidegate-io/tidegate/store"
)

// publishGates makes what the leader knows of availability of scope fleet readable for others.
func (l *Loop) publishGates() {
	gated := make(map[store.FlagRef]bool)
	for ref, p := range l.places {
		for flag, g := range p.gates.flags {
			if g.ofFleet() {
				gated[store.FlagRef{EnvironmentRef: ref, Flag: flag}] = g.stands.Warning != ""
			}
		}
	}
	l.gated.Store(&gated)
}

// Gated gives the flags with availability of scope fleet, as the leader sees them, and whether the fleet contradicts it;
// none elsewhere. It must not be changed. For metrics.
func (l *Loop) Gated() map[store.FlagRef]bool {
	if gated := l.gated.Load(); gated != nil {
		return *gated
	}
	return nil
}
