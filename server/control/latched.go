package control

import (
	"github.com/tidegate-io/tidegate/store"
)

// publishLatches makes what the leader knows of availability of scope fleet readable for others.
func (l *Loop) publishLatches() {
	latched := make(map[store.FlagRef]bool)
	for ref, p := range l.places {
		for flag, g := range p.latches.flags {
			if g.ofFleet() {
				latched[store.FlagRef{EnvironmentRef: ref, Flag: flag}] = g.stands.Warning != ""
			}
		}
	}
	l.latched.Store(&latched)
}

// Latched gives the flags with availability of scope fleet, as the leader sees them, and whether the fleet
// contradicts it; none elsewhere. It must not be changed. For metrics.
func (l *Loop) Latched() map[store.FlagRef]bool {
	if latched := l.latched.Load(); latched != nil {
		return *latched
	}
	return nil
}
