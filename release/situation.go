package release

import "time"

// Situation is where a release stands at the moment, and what can be done with it.
type Situation struct {
	// Waits is what it waits for, while it is pending or progressing.
	Waits   []Wait
	Serving Serving
	// ServesStep tells whether the flag serves what the release wrote last.
	ServesStep bool
	// Verbs would not be refused now.
	Verbs []string
}

// SituationOf says where a release stands, for people.
func SituationOf(r Release, seen Observation, now time.Time) Situation {
	served := Served{
		Config: seen.Flag.Config, ConfigVersion: seen.ConfigVersion, FleetOpen: seen.Flag.FleetOpen,
		Killed: seen.Killed != nil, Release: &r,
	}
	situation := Situation{Serving: Describe(served), ServesStep: ServesStep(served), Verbs: possible(r, seen, now)}
	if r.State.Phase == PhasePending || r.State.Phase == PhaseProgressing {
		situation.Waits = Waits(r, seen, now)
	}
	return situation
}

// verbs are what a person can do with a release, in the order in which they are offered.
var verbs = []struct {
	name string
	do   func(r Release, seen Observation, now time.Time, why string) (Decision, error)
}{{"start", Start}, {"promote", Promote}, {"pause", Pause}, {"resume", Resume}, {"revert", Revert}}

// possible names the verbs that would not be refused now.
func possible(r Release, seen Observation, now time.Time) (names []string) {
	for _, verb := range verbs {
		if _, err := verb.do(r, seen, now, ""); err == nil {
			names = append(names, verb.name)
		}
	}
	return names
}
