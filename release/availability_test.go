package release_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
)

var (
	shut   = release.Latch{}
	opened = release.Latch{Open: true}
)

// fleetOf is a fleet of checkout with one instance of each version.
func fleetOf(versions ...string) release.Fleet {
	var alive []release.Instance
	for _, version := range versions {
		alive = append(alive, release.Instance{Service: "checkout", Version: version})
	}
	return release.NewFleet(alive)
}

func TestFleetCountsWhoIsAlive(t *testing.T) {
	t.Parallel()
	fleet := release.NewFleet([]release.Instance{
		{Service: "checkout", Version: "2.3.0"}, {Service: "checkout", Version: "2.2.0"}, {Service: "checkout", Version: "2.3.1"},
		{Service: "checkout", Version: "2.4.0", Shadow: true}, {Service: "shop", Version: "1.0.0"},
	})
	on, alive := fleet.Count("checkout", ">=2.3.0")
	require.Equal(t, []int{2, 3}, []int{on, alive})
	require.True(t, fleet.Known())
	require.True(t, release.NewFleet(nil).Known(), "known to be empty")
	require.False(t, release.Fleet{}.Known())
	on, alive = release.Fleet{}.Count("checkout", ">=2.3.0")
	require.Zero(t, on+alive)
}

func TestNextLatch(t *testing.T) {
	t.Parallel()
	deploy := func(versions ...string) func(w *world) {
		return func(w *world) {
			for _, version := range versions {
				w.deploy(version, release.StatusSucceeded)
			}
		}
	}
	deployed := deploy("2.3.0")
	const old = "instances of checkout are alive that lack the code (>=2.3.0): "
	tests := map[string]struct {
		happens func(w *world)
		fleet   release.Fleet
		was     release.Latch
		hold    bool
		latch   release.Latch
	}{
		"everybody has it":     {happens: deployed, fleet: fleetOf("2.3.0", "v2.4.0"), latch: opened},
		"one has not":          {happens: deployed, fleet: fleetOf("2.3.0", "2.2.0")},
		"one does not tell":    {happens: deployed, fleet: fleetOf("2.3.0", "")},
		"nobody is there":      {happens: deployed, fleet: fleetOf()},
		"nobody knows":         {happens: deployed},
		"not deployed":         {happens: deploy(), fleet: fleetOf("2.3.0")},
		"deployment under way": {happens: func(w *world) { w.deploy("2.3.0", release.StatusStarted) }, fleet: fleetOf("2.3.0")},
		"deployment failed":    {happens: func(w *world) { w.deploy("2.3.0", release.StatusFailed) }, fleet: fleetOf("2.3.0")},
		"gone back":            {happens: deploy("2.3.0", "2.2.0"), fleet: fleetOf("2.3.0")},
		"of another service":   {happens: func(w *world) { deployed(w); w.deployments[0].Service = "shop" }, fleet: fleetOf("2.3.0")},
		"a shadow of it": {happens: func(w *world) { deployed(w); w.deployments[0].Strategy = release.StrategyShadow },
			fleet: fleetOf("2.3.0")},

		"open, and one old appears": {happens: deployed, fleet: fleetOf("2.3.0", "2.2.0", "2.1.0"), was: opened,
			latch: release.Latch{Warning: "Closed, since " + old + "2.1.0, 2.2.0."}},
		"held open, and one old appears": {happens: deployed, fleet: fleetOf("2.3.0", "2.2.0"), was: opened, hold: true,
			latch: release.Latch{Open: true, Warning: "Held open, although " + old + "2.2.0."}},
		"the warning stays while the old one does": {happens: deployed, fleet: fleetOf("2.3.0", "2.2.0"), was: release.Latch{Warning: "…"},
			latch: release.Latch{Warning: "Closed, since " + old + "2.2.0."}},
		"closed by an old one, hold opens nothing": {happens: deployed, fleet: fleetOf("2.3.0", ""), was: release.Latch{Warning: "…"}, hold: true,
			latch: release.Latch{Warning: "Closed, since " + old + "of an unknown version."}},
		"the old one is gone": {happens: deployed, fleet: fleetOf("2.3.0"), was: release.Latch{Warning: "…"}, latch: opened},
		"many old ones": {happens: deployed, fleet: fleetOf("2.3.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0"), was: opened,
			latch: release.Latch{Warning: "Closed, since " + old + "1.1.0, 1.2.0, 1.3.0, others."}},
		"held, and nobody has it any longer": {happens: deployed, fleet: fleetOf("2.2.0"), was: opened, hold: true,
			latch: release.Latch{Warning: "Closed, since " + old + "2.2.0."}},
		"held, and nobody knows": {happens: deployed, was: opened, hold: true,
			latch: release.Latch{Warning: "Closed, since no instance of checkout is known to be alive."}},
		"held, and a rollback begins to show": {happens: deploy("2.3.0", "2.2.0"), fleet: fleetOf("2.3.0", "2.2.0"), was: opened, hold: true,
			latch: release.Latch{Open: true, Warning: "Held open, although " + old + "2.2.0."}},
		"held, and a rollback does not show yet": {happens: deploy("2.3.0", "2.2.0"), fleet: fleetOf("2.3.0"), was: opened, hold: true,
			latch: release.Latch{Open: true, Warning: "Held open, although checkout 2.2.0 was deployed, which lacks the code (>=2.3.0)."}},
		"open, and gone back":            {happens: deploy("2.3.0", "2.2.0"), fleet: fleetOf("2.2.0"), was: opened, latch: shut},
		"gone back, and nobody is there": {happens: deploy("2.3.0", "2.2.0"), fleet: fleetOf(), was: opened, latch: shut},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(waitsFor())
			test.happens(w)
			require.Equal(t, test.latch, release.NextLatch(latchFor(test.hold), test.was, w.deployments, test.fleet))
		})
	}
}

func latchFor(hold bool) evaluator.Availability {
	a := evaluator.Availability{Service: "checkout", Version: ">=2.3.0", Scope: evaluator.ScopeFleet}
	if hold {
		a.OnOldInstance = evaluator.OnOldInstanceHold
	}
	return a
}

// These hold whatever the fleet does. A latch opens only when everybody has the code. A latch that may flap is open
// only then. A latch that is held closes only when nobody has the code. Deciding again changes nothing.
func TestLatchKeepsItsPromises(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(waitsFor())
		hold := rapid.Bool().Draw(t, "hold")
		a, latch := latchFor(hold), release.Latch{}
		version := rapid.SampledFrom([]string{"2.2.0", "2.3.0", "2.4.0", "c0ffee", ""})
		for range rapid.IntRange(1, 12).Draw(t, "moments") {
			if rapid.Bool().Draw(t, "deploy") {
				w.deploy(version.Draw(t, "deployed"), drawStatus(t))
			}
			fleet := release.Fleet{}
			if rapid.Bool().Draw(t, "known") {
				fleet = fleetOf(rapid.SliceOfN(version, 0, 4).Draw(t, "alive")...)
			}
			was := latch
			latch = release.NextLatch(a, was, w.deployments, fleet)
			on, alive := fleet.Count(a.Service, a.Version)
			switch {
			case latch.Open && !was.Open, latch.Open && !hold:
				require.True(t, on > 0 && on == alive)
				require.Empty(t, latch.Warning)
			case latch.Open:
				require.Positive(t, on)
			case was.Open && hold:
				require.Zero(t, on)
			}
			require.Equal(t, latch, release.NextLatch(a, latch, w.deployments, fleet))
		}
	})
}

func TestShadowed(t *testing.T) {
	t.Parallel()
	w := newWorld(waitsFor())
	w.deploy("2.3.0", release.StatusSucceeded)
	require.False(t, release.Shadowed("checkout", "2.3.0", w.deployments))
	w.deploy("2.4.0", release.StatusSucceeded)
	w.deployments[0].Strategy = release.StrategyShadow
	require.True(t, release.Shadowed("checkout", "2.4.0", w.deployments))
	require.False(t, release.Shadowed("shop", "2.4.0", w.deployments))
	w.deploy("2.4.0", release.StatusStarted)
	require.False(t, release.Shadowed("checkout", "2.4.0", w.deployments), "it goes out to everybody")
}
