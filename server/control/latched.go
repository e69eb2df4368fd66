package control

import (
	"github.com/tidegate-io/tidegate/store"
)

// publishLatches lets others read what the leader knows of availability of scope fleet.
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

// Latched gives the flags with availability of scope fleet as the leader sees them. The value tells whether the fleet
// contradicts the flag. If this loop does not lead, there are none. The map must not be changed. It is for metrics.
func (l *Loop) Latched() map[store.FlagRef]bool {
	if latched := l.latched.Load(); latched != nil {
		return *latched
	}
	return nil
}
