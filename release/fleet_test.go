package release_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
)

func TestFleetOpen(t *testing.T) {
	t.Parallel()
	deployed := func(w *world) { w.deploy("2.3.0", release.StatusSucceeded) }
	tests := map[string]struct {
		happens  func(w *world)
		versions []string
		open     bool
	}{
		"everybody has it":     {happens: deployed, versions: []string{"2.3.0", "v2.4.0"}, open: true},
		"one has not":          {happens: deployed, versions: []string{"2.3.0", "2.2.0"}},
		"one does not tell":    {happens: deployed, versions: []string{"2.3.0", ""}},
		"nobody is there":      {happens: deployed},
		"not deployed":         {happens: func(*world) {}, versions: []string{"2.3.0"}},
		"deployment under way": {happens: func(w *world) { w.deploy("2.3.0", release.StatusStarted) }, versions: []string{"2.3.0"}},
		"deployment failed":    {happens: func(w *world) { w.deploy("2.3.0", release.StatusFailed) }, versions: []string{"2.3.0"}},
		"gone back": {happens: func(w *world) { deployed(w); w.deploy("2.2.0", release.StatusSucceeded) },
			versions: []string{"2.3.0"}},
		"of another service": {happens: func(w *world) { deployed(w); w.deployments[0].Service = "storefront" },
			versions: []string{"2.3.0"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(waitsFor())
			test.happens(w)
			a := evaluator.Availability{Service: "checkout", Version: ">=2.3.0", Scope: evaluator.ScopeFleet}
			require.Equal(t, test.open, release.FleetOpen(a, w.deployments, test.versions))
		})
	}
}
