package release_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
)

func TestGuardsAreValidated(t *testing.T) {
	t.Parallel()
	threshold := 1.0
	for name, c := range map[string]struct {
		change   func(*release.Guard)
		pointers []string
	}{
		"that of the issue":         {func(*release.Guard) {}, nil},
		"no name":                   {func(g *release.Guard) { g.Name = "" }, []string{"/guards/0/name"}},
		"a long name":               {func(g *release.Guard) { g.Name = strings.Repeat("x", 201) }, []string{"/guards/0/name"}},
		"the name of the ratio":     {func(g *release.Guard) { g.Name = release.SampleRatio }, []string{"/guards/0/name"}},
		"no kind":                   {func(g *release.Guard) { g.Kind = "" }, []string{"/guards/0/kind", "/guards/0/metric", "/guards/0/per", "/guards/0/minSample"}},
		"no metric":                 {func(g *release.Guard) { g.Metric = "" }, []string{"/guards/0/metric"}},
		"nothing to be relative to": {func(g *release.Guard) { g.Per = "" }, []string{"/guards/0/per"}},
		"relative to itself":        {func(g *release.Guard) { g.Per = g.Metric }, []string{"/guards/0/per"}},
		"a mean per something":      {func(g *release.Guard) { g.Kind = release.GuardMean }, []string{"/guards/0/per"}},
		"a quantile of a rate":      {func(g *release.Guard) { g.Quantile = 0.9 }, []string{"/guards/0/quantile"}},
		"a quantile":                {func(g *release.Guard) { g.Kind, g.Per, g.Quantile = release.GuardQuantile, "", 0.99 }, nil},
		"a quantile of all":         {func(g *release.Guard) { g.Kind, g.Per, g.Quantile = release.GuardQuantile, "", 1 }, []string{"/guards/0/quantile"}},
		"a direction that is none":  {func(g *release.Guard) { g.Better = "up" }, []string{"/guards/0/better"}},
		"a negative tolerance":      {func(g *release.Guard) { g.Tolerance = -0.1 }, []string{"/guards/0/tolerance"}},
		"everything may be lost":    {func(g *release.Guard) { g.Better, g.Tolerance = release.BetterHigher, 1 }, []string{"/guards/0/tolerance"}},
		"a negative sample":         {func(g *release.Guard) { g.MinSample = -1 }, []string{"/guards/0/minSample"}},
		"a reaction that is none":   {func(g *release.Guard) { g.OnBreach = "shout" }, []string{"/guards/0/onBreach"}},
		"a policy that is none":     {func(g *release.Guard) { g.MissingData = "guess" }, []string{"/guards/0/missingData"}},
		"a threshold of a rate":     {func(g *release.Guard) { g.Threshold = &threshold }, []string{"/guards/0/threshold"}},
		"no query and no threshold": {func(g *release.Guard) { *g = release.Guard{Name: "p", Kind: release.GuardPrometheus} }, []string{"/guards/0/query", "/guards/0/threshold"}},
		"a query": {func(g *release.Guard) {
			*g = release.Guard{Name: "p", Kind: release.GuardPrometheus, Query: "up", Threshold: &threshold}
		}, nil},
		"an address": {func(g *release.Guard) {
			*g = release.Guard{Name: "w", Kind: release.GuardWeb, URL: "https://checks/ok"}
		}, nil},
		"an address of a file": {func(g *release.Guard) {
			*g = release.Guard{Name: "w", Kind: release.GuardWeb, URL: "file:///etc/passwd"}
		}, []string{"/guards/0/url"}},
		"an address with a password": {func(g *release.Guard) {
			*g = release.Guard{Name: "w", Kind: release.GuardWeb, URL: "https://a:b@checks/"}
		}, []string{"/guards/0/url"}},
		"a pointer that is none": {func(g *release.Guard) {
			*g = release.Guard{Name: "w", Kind: release.GuardWeb, URL: "https://c/", Pointer: "ok"}
		}, []string{"/guards/0/pointer"}},
		"a threshold of a status": {func(g *release.Guard) {
			*g = release.Guard{Name: "w", Kind: release.GuardWeb, URL: "https://c/", Threshold: &threshold}
		}, []string{"/guards/0/threshold"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec := waitsFor()
			guard := errorsGuard()
			c.change(&guard)
			spec.Guards = []release.Guard{guard}
			require.ElementsMatch(t, c.pointers, pointersOf(release.ValidateSpec(spec, newFlag())))
		})
	}
	spec := waitsFor()
	spec.Guards = []release.Guard{errorsGuard(), errorsGuard()}
	require.Equal(t, []string{"/guards/1/name"}, pointersOf(release.ValidateSpec(spec, newFlag())))
}

func pointersOf(err error) (pointers []string) {
	var problems evaluator.CompileErrors
	if errors.As(err, &problems) {
		for _, p := range problems {
			pointers = append(pointers, p.Pointer)
		}
	}
	return pointers
}
