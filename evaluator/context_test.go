package evaluator_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
)

func TestContextsHoldAnyNumberOfAttributes(t *testing.T) {
	t.Parallel()
	s := clauseSnapshot(t,
		evaluator.Clause{Attribute: "a19", Operator: evaluator.OpIn, Values: values("v19")},
		evaluator.Clause{Attribute: "a0", Operator: evaluator.OpIn, Values: values("changed")})
	c := evaluator.NewContext("u")
	for i := range 20 {
		c = c.With(fmt.Sprintf("a%d", i), fmt.Sprintf("v%d", i))
	}
	require.Equal(t, "on", s.Evaluate("negate-false", &c).Variation)
	changed := c.WithString("a0", "changed").With("a19", []any{"x"})
	require.Equal(t, "on", s.Evaluate("negate-true", &changed).Variation)
	require.Equal(t, "off", s.Evaluate("negate-false", &changed).Variation)
	require.Equal(t, "off", s.Evaluate("negate-true", &c).Variation, "a context is a value")
	require.Equal(t, "on", s.Evaluate("negate-false", &c).Variation, "a context is a value")
}

func TestTypedAttributes(t *testing.T) {
	t.Parallel()
	s := clauseSnapshot(t,
		evaluator.Clause{Attribute: "a", Operator: evaluator.OpIn, Values: values("x", 1, 2.5, true, "2026-05-01T12:00:00Z")},
		evaluator.Clause{Attribute: "a", Operator: evaluator.OpExists, Negate: true})
	empty := evaluator.NewContext("u")
	for name, c := range map[string]evaluator.Context{
		"string": empty.WithString("a", "x"), "int": empty.WithInt("a", 1), "float": empty.WithFloat("a", 2.5),
		"bool": empty.WithBool("a", true), "time": empty.WithTime("a", noon()),
		"last": empty.WithString("a", "y").WithBool("a", false).WithInt("a", 1), "list": empty.With("a", []any{"y", 1}),
		"replaced list": empty.With("a", []any{"y"}).WithString("a", "x"),
	} {
		require.Equal(t, "on", s.Evaluate("negate-false", &c).Variation, name)
	}
	gone := empty.WithString("a", "x").With("a", nil)
	require.Equal(t, "on", s.Evaluate("negate-true", &gone).Variation)
	overMap := evaluator.MapContext(map[string]any{"a": "y", "targetingKey": "u"}).WithString("a", "x")
	require.Equal(t, "on", s.Evaluate("negate-false", &overMap).Variation)
}

func TestAvailabilityByInstance(t *testing.T) {
	t.Parallel()
	f := booleanFlag(t, "f", 1, `{"enabled": true, "offVariation": "off", "fallthrough": {"variation": "on"},
		"availability": {"service": "checkout", "version": ">=2.3.0"}}`)
	s := compile(t, definition([]evaluator.Flag{f}))
	attributes := func(pairs ...string) evaluator.Context {
		m := map[string]any{"targetingKey": "u"}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i]] = pairs[i+1]
		}
		return evaluator.MapContext(m)
	}
	for name, test := range map[string]struct {
		context evaluator.Context
		want    string
	}{
		"nobody":                       {attributes(), "off"},
		"context":                      {attributes("serviceName", "checkout", "serviceVersion", "2.3.0"), "on"},
		"older":                        {attributes("serviceName", "checkout", "serviceVersion", "2.2.9"), "off"},
		"no version":                   {attributes("serviceName", "checkout"), "off"},
		"invalid version":              {attributes("serviceName", "checkout", "serviceVersion", "latest"), "off"},
		"other service":                {attributes("serviceName", "cart", "serviceVersion", "2.3.0"), "off"},
		"process":                      {attributes().WithInstance("checkout", "2.3.0", "i"), "on"},
		"older process":                {attributes().WithInstance("checkout", "2.2.9", "i"), "off"},
		"process of unknown version":   {attributes().WithInstance("checkout", "", "i"), "off"},
		"context over process":         {attributes("serviceName", "checkout", "serviceVersion", "2.2.0").WithInstance("checkout", "2.3.0", "i"), "off"},
		"process completes its own":    {attributes("serviceName", "checkout").WithInstance("checkout", "2.3.0", "i"), "on"},
		"process completes no other's": {attributes("serviceName", "cart").WithInstance("checkout", "2.3.0", "i"), "off"},
		"not with another's version":   {attributes("serviceName", "checkout").WithInstance("cart", "2.3.0", "i"), "off"},
		"prepared":                     {evaluator.NewContext("u").WithString("serviceName", "checkout").WithString("serviceVersion", "3"), "on"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := s.Evaluate("f", &test.context)
			require.Equal(t, test.want, r.Variation)
			if test.want == "off" {
				require.Equal(t, evaluator.DetailUnavailable, r.Detail)
				require.Equal(t, evaluator.ReasonDefault, r.Reason)
			}
			outcome := s.Explain("f", &test.context).Availability.Outcome
			require.Equal(t, test.want == "on", outcome == evaluator.OutcomeMatched)
		})
	}
}

func TestInstanceAttributesAreSeenByClauses(t *testing.T) {
	t.Parallel()
	s := clauseSnapshot(t,
		evaluator.Clause{Attribute: "serviceInstanceId", Operator: evaluator.OpIn, Values: values("i-1")},
		evaluator.Clause{Attribute: "serviceVersion", Operator: evaluator.OpSemverRange, Values: values("^2.3")})
	c := evaluator.NewContext("u").WithInstance("checkout", "2.4", "i-1")
	require.Equal(t, "on", s.Evaluate("negate-false", &c).Variation)
	require.Equal(t, "on", s.Evaluate("negate-true", &c).Variation)
}

func TestAvailabilityByFleet(t *testing.T) {
	t.Parallel()
	f := booleanFlag(t, "f", 1, `{"enabled": true, "fallthrough": {"variation": "on"},
		"availability": {"service": "checkout", "version": ">=2.3.0", "scope": "fleet"}}`)
	c := evaluator.NewContext("u").WithInstance("checkout", "9", "")
	closed := compile(t, definition([]evaluator.Flag{f})).Evaluate("f", &c)
	require.Equal(t, evaluator.DetailUnavailable, closed.Detail)
	require.True(t, closed.Value.IsNone(), "the code default")
	require.Empty(t, closed.Variation)
	f.FleetOpen = true
	open := compile(t, definition([]evaluator.Flag{f})).Evaluate("f", &c)
	require.Equal(t, "on", open.Variation)
	require.Equal(t, evaluator.ReasonDefault, open.Reason, "not static: the fleet may change")
}

func TestBucketingKeys(t *testing.T) {
	t.Parallel()
	const rollout = `{"enabled": true, "offVariation": "off", "fallthrough": {"rollout": {"bucketBy": %q, "weights": [
		{"variation": "on", "weight": 50000}, {"variation": "off", "weight": 50000}]}}}`
	s := compile(t, definition([]evaluator.Flag{booleanFlag(t, "f", 1, fmt.Sprintf(rollout, "id"))}))
	text := evaluator.NewContext("").WithString("id", "1777")
	want := s.Evaluate("f", &text)
	require.Equal(t, evaluator.ReasonSplit, want.Reason)
	for _, id := range []any{1777, int64(1777), uint16(1777), 1777.0, float32(1777), "1777"} {
		for _, c := range bothContexts("id", id) {
			require.Equal(t, want, s.Evaluate("f", &c), "%T", id)
		}
	}
	for id, detail := range map[any]evaluator.Detail{
		nil: evaluator.DetailBucketingKeyMissing, "": evaluator.DetailBucketingKeyMissing, any(absent): evaluator.DetailBucketingKeyMissing,
		1.5: evaluator.DetailBucketingKeyInvalid, true: evaluator.DetailBucketingKeyInvalid,
		int64(1) << 53: evaluator.DetailBucketingKeyInvalid, uint64(1) << 63: evaluator.DetailBucketingKeyInvalid,
	} {
		for _, c := range bothContexts("id", id) {
			r := s.Evaluate("f", &c)
			require.Equal(t, detail, r.Detail, "%v", id)
			require.Equal(t, evaluator.ReasonDefault, r.Reason)
			require.Equal(t, "off", r.Variation)
		}
	}
}

func TestPathsWalkIntoObjectsOfAnyMapType(t *testing.T) {
	t.Parallel()
	type name string
	s := clauseSnapshot(t,
		evaluator.Clause{Attribute: "app.build.channel", Operator: evaluator.OpIn, Values: values("beta")},
		evaluator.Clause{Attribute: "app.build.channel", Operator: evaluator.OpExists})
	for _, app := range []any{
		map[string]any{"build": map[string]any{"channel": "beta"}},
		map[string]any{"build": map[string]string{"channel": "beta"}},
		map[string]map[string]string{"build": {"channel": "beta"}},
		map[name]any{"build": map[name]name{"channel": "beta"}},
		map[string]*map[string]string{"build": {"channel": "beta"}},
	} {
		for _, c := range bothContexts("app", app) {
			require.Equal(t, "on", s.Evaluate("negate-false", &c).Variation, "%T", app)
		}
	}
	for _, app := range []any{
		map[string]any{"build": map[string]any{}}, map[string]any{"build": map[string]string{}}, map[string]map[string]string{},
		map[name]any{"build": map[name]name{}}, map[int]any{1: "x"}, []any{"build"}, "build", nil,
	} {
		for _, c := range bothContexts("app", app) {
			require.Equal(t, "off", s.Evaluate("negate-true", &c).Variation, "%T", app)
		}
	}
}

func TestNaNCountsAsAbsent(t *testing.T) {
	t.Parallel()
	s := clauseSnapshot(t,
		evaluator.Clause{Attribute: "a", Operator: evaluator.OpExists},
		evaluator.Clause{Attribute: "a", Operator: evaluator.OpExists, Negate: true})
	c := evaluator.NewContext("u").WithFloat("a", 1).WithFloat("a", math.NaN())
	require.Equal(t, "off", s.Evaluate("negate-false", &c).Variation)
	require.Equal(t, "on", s.Evaluate("negate-true", &c).Variation)
}

func TestTimesBucketAsTheirJSONForm(t *testing.T) {
	t.Parallel()
	s := compile(t, definition([]evaluator.Flag{booleanFlag(t, "f", 1, `{"enabled": true, "fallthrough": {"rollout": {"bucketBy": "at",
		"weights": [{"variation": "on", "weight": 50000}, {"variation": "off", "weight": 50000}]}}}`)}))
	for hour := range 24 {
		at := noon().Add(time.Duration(hour) * time.Hour)
		asTime := evaluator.MapContext(map[string]any{"at": at})
		asText := evaluator.MapContext(map[string]any{"at": at.Format(time.RFC3339Nano)})
		require.Equal(t, s.Evaluate("f", &asText), s.Evaluate("f", &asTime))
	}
}

func TestTheTargetingKeyCanBeReplaced(t *testing.T) {
	t.Parallel()
	s := clauseSnapshot(t,
		evaluator.Clause{Attribute: "targetingKey", Operator: evaluator.OpIn, Values: values("b")},
		evaluator.Clause{Attribute: "targetingKey", Operator: evaluator.OpExists, Negate: true})
	for name, c := range map[string]evaluator.Context{
		"prepared":     evaluator.NewContext("a").WithString("targetingKey", "b"),
		"with a list":  evaluator.NewContext("a").With("list", []any{1}).WithString("targetingKey", "b"),
		"map":          evaluator.MapContext(map[string]any{"targetingKey": "a"}).With("targetingKey", "b"),
		"after number": evaluator.NewContext("a").With("targetingKey", 7).With("targetingKey", "b"),
	} {
		require.Equal(t, "on", s.Evaluate("negate-false", &c).Variation, name)
		for _, none := range []any{"", nil} {
			gone := c.With("targetingKey", none)
			require.Equal(t, "on", s.Evaluate("negate-true", &gone).Variation, name)
		}
		number := c.With("targetingKey", 7)
		require.Equal(t, "off", s.Evaluate("negate-false", &number).Variation, name)
		require.Equal(t, "off", s.Evaluate("negate-true", &number).Variation, name)
	}
}
