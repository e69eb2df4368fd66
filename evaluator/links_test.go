package evaluator_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
)

// needing returns a boolean flag that serves on if all the others serve on.
func needing(t testing.TB, key string, version int64, others ...string) evaluator.Flag {
	t.Helper()
	f := booleanFlag(t, key, version, `{"enabled": true, "offVariation": "off", "fallthrough": {"variation": "on"}}`)
	for _, other := range others {
		f.Config.Prerequisites = append(f.Config.Prerequisites, evaluator.Prerequisite{Flag: other, Variation: "on"})
	}
	return f
}

func TestPrerequisites(t *testing.T) {
	t.Parallel()
	off := booleanFlag(t, "off", 1, `{"offVariation": "on", "fallthrough": {"variation": "on"}}`)
	s := compile(t, definition([]evaluator.Flag{
		needing(t, "base", 1), needing(t, "middle", 1, "base"), needing(t, "top", 1, "middle", "base"),
		needing(t, "missing", 1, "nowhere"), needing(t, "needs-off", 1, "off"), off,
	}))
	c := evaluator.NewContext("u")
	for key, want := range map[string]evaluator.Detail{
		"base": evaluator.NoDetail, "middle": evaluator.NoDetail, "top": evaluator.NoDetail,
		"missing":   evaluator.DetailPrerequisiteFailed,
		"needs-off": evaluator.DetailPrerequisiteFailed, // it serves on, but is not enabled
	} {
		r := s.Evaluate(key, &c)
		require.Equal(t, want, r.Detail, key)
		require.Equal(t, want == evaluator.NoDetail, r.Variation == "on", key)
	}
	require.Equal(t, evaluator.ReasonStatic, s.Evaluate("base", &c).Reason)
	require.Equal(t, evaluator.ReasonDefault, s.Evaluate("middle", &c).Reason, "the answer depends on another flag")
}

func TestPrerequisitesOfAnyDepth(t *testing.T) {
	t.Parallel()
	const depth = 5000
	flags := []evaluator.Flag{needing(t, "f0", 1)}
	for i := 1; i < depth; i++ {
		flags = append(flags, needing(t, fmt.Sprintf("f%d", i), 1, fmt.Sprintf("f%d", i-1)))
	}
	s := compile(t, definition(flags))
	c := evaluator.NewContext("u")
	require.Equal(t, "on", s.Evaluate(fmt.Sprintf("f%d", depth-1), &c).Variation)
}

func TestCyclesAreKeptOutAloneAndComeBackWhenBroken(t *testing.T) {
	t.Parallel()
	s, problems, err := evaluator.Compile(definition([]evaluator.Flag{
		needing(t, "a", 1, "b"), needing(t, "b", 1, "c"), needing(t, "c", 1, "a"),
		needing(t, "self", 1, "self"), needing(t, "outside", 1, "a"), needing(t, "free", 1),
	}))
	require.NoError(t, err)
	require.Len(t, problems, 4)
	for _, p := range problems {
		require.Equal(t, "/config/prerequisites", p.Err.Pointer)
		require.ErrorContains(t, p, "must not lead back to itself")
	}
	c := evaluator.NewContext("u")
	for _, key := range []string{"a", "b", "c", "self"} {
		require.Equal(t, evaluator.ErrorParseError, s.Evaluate(key, &c).ErrorCode, key)
	}
	require.Equal(t, evaluator.DetailPrerequisiteFailed, s.Evaluate("outside", &c).Detail)
	require.Equal(t, "on", s.Evaluate("free", &c).Variation)

	next, problems, err := s.Apply(evaluator.Patch{
		FormatVersion: evaluator.FormatVersion, Epoch: "e1", From: 1, Revision: 2, Flags: []evaluator.Flag{needing(t, "c", 2)},
	})
	require.NoError(t, err)
	require.Empty(t, problems)
	for _, key := range []string{"a", "b", "c", "outside"} {
		require.Equal(t, "on", next.Evaluate(key, &c).Variation, key)
	}
	require.Equal(t, evaluator.ErrorParseError, next.Evaluate("self", &c).ErrorCode)
	require.Equal(t, evaluator.ErrorParseError, s.Evaluate("a", &c).ErrorCode, "the older snapshot stays as it was")

	again, problems, err := next.Apply(evaluator.Patch{
		FormatVersion: evaluator.FormatVersion, Epoch: "e1", From: 2, Revision: 3, Flags: []evaluator.Flag{needing(t, "c", 3, "b")},
	})
	require.NoError(t, err)
	require.Len(t, problems, 2, "b and c need each other")
	require.Equal(t, evaluator.DetailPrerequisiteFailed, again.Evaluate("a", &c).Detail)
}

func TestExplodingPrerequisitesAreKeptOut(t *testing.T) {
	t.Parallel()
	flags := []evaluator.Flag{needing(t, "f0", 1)}
	for i := 1; i < 60; i++ {
		before := fmt.Sprintf("f%d", i-1)
		flags = append(flags, needing(t, fmt.Sprintf("f%d", i), 1, before, before))
	}
	s, problems, err := evaluator.Compile(definition(flags))
	require.NoError(t, err)
	require.NotEmpty(t, problems)
	require.ErrorContains(t, problems[0], "at most 10000 evaluations")
	c := evaluator.NewContext("u")
	require.Equal(t, "on", s.Evaluate("f10", &c).Variation)
	require.Equal(t, evaluator.ErrorParseError, s.Evaluate("f59", &c).ErrorCode)
}

func TestExplodingPrerequisitesAreRefusedWhenSaved(t *testing.T) {
	t.Parallel()
	flags := []evaluator.Flag{needing(t, "f0", 1)}
	for i := 1; i < 12; i++ {
		before := fmt.Sprintf("f%d", i-1)
		flags = append(flags, needing(t, fmt.Sprintf("f%d", i), 1, before, before))
	}
	def := definition(flags)
	require.NoError(t, evaluator.ValidateConfig(def, needing(t, "f12", 1, "f11", "f11")))
	requireFault(t, evaluator.ValidateConfig(def, needing(t, "f12", 1, "f11", "f11", "f11")), "/prerequisites", `"f12" would lead`)
	// What f0 needs counts for all that need f0.
	def.Flags = append(def.Flags, needing(t, "one", 1), needing(t, "two", 1))
	requireFault(t, evaluator.ValidateConfig(def, needing(t, "f0", 1, "one", "two", "one", "two")), "/prerequisites", "would lead")
	require.NoError(t, evaluator.ValidateConfig(def, needing(t, "f0", 1, "one")))
}

func TestSegments(t *testing.T) {
	t.Parallel()
	inSegment := func(key string) evaluator.Clause {
		return evaluator.Clause{Operator: evaluator.OpInSegment, Values: []json.RawMessage{raw(key)}}
	}
	country := func(value string) evaluator.Clause {
		return evaluator.Clause{Attribute: "country", Operator: evaluator.OpIn, Values: []json.RawMessage{raw(value)}}
	}
	rules := func(clauses ...evaluator.Clause) []evaluator.SegmentRule {
		return []evaluator.SegmentRule{{ID: "r", Clauses: clauses}}
	}
	segments := []evaluator.Segment{
		{Key: "listed", Included: []string{"in", "both"}, Excluded: []string{"out", "both"}, Rules: rules(country("FR"))},
		{Key: "nested", Rules: rules(inSegment("listed"))},
		{Key: "ruled", Rules: rules(country("FR"))},
		{Key: "empty"},
		{Key: "all", Rules: rules()},
		{Key: "broken", Rules: rules(evaluator.Clause{Attribute: "a", Operator: "like"})},
		{Key: "loop-a", Rules: rules(inSegment("loop-b"))},
		{Key: "loop-b", Rules: rules(inSegment("loop-a"))},
	}
	for _, test := range []struct {
		segment, key, country, want string
	}{
		{"listed", "in", "", yes}, {"listed", "out", "FR", no}, {"listed", "both", "FR", no}, {"listed", "u", "FR", yes},
		{"listed", "u", "DE", no}, {"listed", "u", "", unknown}, {"listed", "", "FR", yes}, {"listed", "", "DE", unknown},
		{"nested", "in", "", yes}, {"nested", "out", "FR", no}, {"nested", "u", "DE", no}, {"nested", "u", "", unknown},
		{"ruled", "", "FR", yes}, {"ruled", "", "DE", no}, {"ruled", "u", "", unknown},
		{"empty", "u", "", no}, {"empty", "", "", no}, {"all", "", "", yes},
		{"broken", "u", "FR", unknown}, {"missing", "u", "FR", unknown}, {"loop-a", "u", "FR", unknown},
	} {
		t.Run(fmt.Sprintf("%s %q %q", test.segment, test.key, test.country), func(t *testing.T) {
			t.Parallel()
			negated := inSegment(test.segment)
			negated.Negate = true
			def := clauseSnapshot(t, inSegment(test.segment), negated).Definition()
			def.Segments = segments
			s, problems, err := evaluator.Compile(def)
			require.NoError(t, err)
			require.Len(t, problems, 3, "broken, loop-a and loop-b")
			c := evaluator.NewContext(test.key)
			if test.country != "" {
				c = c.WithString("country", test.country)
			}
			for _, negate := range []bool{false, true} {
				key := fmt.Sprintf("negate-%t", negate)
				require.Equal(t, wants(test.want, negate), s.Evaluate(key, &c).Variation == "on", key)
				x := s.Explain(key, &c)
				outcome := map[string]evaluator.Outcome{
					yes: evaluator.OutcomeMatched, no: evaluator.OutcomeNotMatched, unknown: evaluator.OutcomeUnknown,
				}[test.want]
				require.Equal(t, outcome, x.Rules[0].Clauses[0].Segments[0].Outcome)
			}
		})
	}
}

// TestSharedSeedsExclude rolls two flags out to disjoint shares of the same buckets.
func TestSharedSeedsExclude(t *testing.T) {
	t.Parallel()
	first := booleanFlag(t, "first", 1, `{"enabled": true, "fallthrough": {"rollout": {"seed": "checkout-layer",
		"weights": [{"variation": "on", "weight": 40000}, {"variation": "off", "weight": 60000}]}}}`)
	second := booleanFlag(t, "second", 1, `{"enabled": true, "fallthrough": {"rollout": {"seed": "checkout-layer",
		"weights": [{"variation": "off", "weight": 40000}, {"variation": "on", "weight": 40000}, {"variation": "off", "weight": 20000}]}}}`)
	s := compile(t, definition([]evaluator.Flag{first, second}))
	counts := map[[2]string]int{}
	for i := range 10_000 {
		c := evaluator.NewContext(fmt.Sprintf("user-%d", i))
		counts[[2]string{s.Evaluate("first", &c).Variation, s.Evaluate("second", &c).Variation}]++
	}
	require.Zero(t, counts[[2]string{"on", "on"}], "nobody gets both")
	require.InDelta(t, 4000, counts[[2]string{"on", "off"}], 200)
	require.InDelta(t, 4000, counts[[2]string{"off", "on"}], 200)
	require.InDelta(t, 2000, counts[[2]string{"off", "off"}], 200)
}

func TestWhatIsOverloadedAlreadyStopsNobodyElse(t *testing.T) {
	t.Parallel()
	flags := []evaluator.Flag{needing(t, "f0", 1)}
	for i := 1; i < 20; i++ {
		before := fmt.Sprintf("f%d", i-1)
		flags = append(flags, needing(t, fmt.Sprintf("f%d", i), 1, before, before))
	}
	def := definition(flags)
	require.NoError(t, evaluator.ValidateConfig(def, needing(t, "unrelated", 1, "f1")))
	require.NoError(t, evaluator.ValidateConfig(def, needing(t, "f19", 1)), "the way out")
}

func TestExplodingSegmentsAreRefusedWhenSaved(t *testing.T) {
	t.Parallel()
	within := func(key string, others ...any) evaluator.Segment {
		return evaluator.Segment{Key: key, Rules: []evaluator.SegmentRule{
			{ID: "r", Clauses: []evaluator.Clause{{Operator: evaluator.OpInSegment, Values: values(others...)}}},
		}}
	}
	def := definition(nil, evaluator.Segment{Key: "s0"})
	for i := 1; i < 12; i++ {
		before := fmt.Sprintf("s%d", i-1)
		def.Segments = append(def.Segments, within(fmt.Sprintf("s%d", i), before, before))
	}
	require.NoError(t, evaluator.ValidateSegment(def, within("s12", "s11", "s11")))
	requireFault(t, evaluator.ValidateSegment(def, within("s12", "s11", "s11", "s11")), "/rules", "would lead")
	require.NoError(t, evaluator.ValidateSegment(def, evaluator.Segment{Key: "s11"}))
}
