package evaluator_test

import (
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
)

// attack is a definition and a context that somebody made to take as much work as they can.
type attack struct {
	name    string
	def     evaluator.Definition
	context map[string]any
	// outcome is whether the flag "f" is answered within the budget.
	outcome expectation
}

type expectation int

const (
	answered expectation = iota
	exceeded
	either // answered, or failed for another reason, or exceeded: what counts is the work
)

// costly is a flag "f" with a rule of the clauses that serves on.
func costly(t testing.TB, clauses ...evaluator.Clause) evaluator.Flag {
	return ruled(t, "f", clauses...)
}

func ruled(t testing.TB, key string, clauses ...evaluator.Clause) evaluator.Flag {
	return evaluator.Flag{
		Key: key, Version: 1, Type: evaluator.TypeBoolean,
		Variations: []evaluator.Variation{{Key: "on", Value: raw(true)}, {Key: "off", Value: raw(false)}},
		Config: evaluator.FlagConfig{
			Enabled: true, OffVariation: ptr("off"), Fallthrough: evaluator.Serve{Variation: "off"},
			Rules: []evaluator.Rule{{ID: "r", Clauses: clauses, Serve: evaluator.Serve{Variation: "on"}}},
		},
	}
}

func ptr[T any](v T) *T { return &v }

// expressed is a flag "f" with an expression.
func expressed(t testing.TB, targeting string) evaluator.Definition {
	f := ruled(t, "f")
	f.Config.Rules, f.Config.Fallthrough, f.Config.Targeting = nil, evaluator.Serve{}, json.RawMessage(targeting)
	return of(f)
}

func of(flags ...evaluator.Flag) evaluator.Definition {
	return evaluator.Definition{FormatVersion: evaluator.FormatVersion, Revision: 1, Flags: flags}
}

// many makes n values.
func many(n int, format string, of func(i int) []any) []json.RawMessage {
	list := make([]json.RawMessage, n)
	for i := range list {
		list[i] = raw(fmt.Sprintf(format, of(i)...))
	}
	return list
}

func numbered(i int) []any { return []any{i} }

// elements makes a list of n texts.
func elements(n int, format string, of func(i int) []any) []any {
	list := make([]any, n)
	for i := range list {
		list[i] = fmt.Sprintf(format, of(i)...)
	}
	return list
}

func quads(i int) []any { return []any{i >> 16, i >> 8 & 255, i & 255} }

func attacks(t testing.TB) []attack {
	on := func(name string, op evaluator.Operator, fold bool, list []json.RawMessage, value any, outcome expectation) attack {
		return attack{name, of(costly(t, evaluator.Clause{Attribute: "a", Operator: op, Values: list, IgnoreCase: fold})),
			map[string]any{"targetingKey": "u", "a": value}, outcome}
	}
	long := func(text string, n int) string { return strings.Repeat(text, n/len(text)) }
	found := []attack{
		on("contains a long part, ignoring case", evaluator.OpContains, true, values(long("a", 20_000)+"b"), long("a", 300_000), answered),
		on("contains a long part of another alphabet, ignoring case", evaluator.OpContains, true, values(long("ä", 20_000)+"b"), long("Ä", 300_000), answered),
		on("contains one of many parts", evaluator.OpContains, false, many(60_000, "b%d", numbered), long("b123x", 300_000), answered),
		on("contains one of many parts that begin alike", evaluator.OpContains, false, many(200, long("a", 4_000)+"%d", numbered), long("a", 300_000), answered),
		on("contains one of a few parts", evaluator.OpContains, false, many(8, long("a", 50)+"b%d", numbered), long("a", 1_000_000), answered),
		on("contains a part, of many texts", evaluator.OpContains, true, many(60_000, "b%d", numbered), elements(200_000, "a%d", numbered), answered),
		on("starts with one of many, of many texts", evaluator.OpStartsWith, false, many(60_000, "b%d", numbered), elements(200_000, "b9x%d", numbered), answered),
		on("ends with one of many, ignoring case", evaluator.OpEndsWith, true, many(60_000, "%db", numbered), elements(80_000, "%dxb", numbered), answered),
		on("in many, ignoring case", evaluator.OpIn, true, many(60_000, "value-%d", numbered), elements(40_000, "VALUE-%dx", numbered), answered),
		on("in many, of long texts", evaluator.OpIn, false, many(60_000, "value-%d", numbered), long("x", 1_000_000), answered),
		on("in many networks", evaluator.OpInCIDR, false, many(40_000, "10.%d.%d.%d/31", func(i int) []any { return quads(4 * i) }), elements(80_000, "11.%d.%d.%d", quads), answered),
		on("in many networks of version 6", evaluator.OpInCIDR, false, many(40_000, "2001:db8::%x/127", func(i int) []any { return []any{4 * (i & 0x3fff)} }), elements(40_000, "2001:db9::%x", func(i int) []any { return []any{i & 0xffff} }), answered),
		on("in many ranges of versions", evaluator.OpSemverRange, false, many(40_000, ">=%d.0.0 <%[1]d.0.1", numbered), elements(40_000, "%d.5.0", numbered), answered),
		on("in many versions", evaluator.OpSemverEqual, false, many(40_000, "%d.0.0", numbered), elements(40_000, "%d.5.0", numbered), answered),
		on("a long version", evaluator.OpSemverEqual, false, many(10_000, "1.0.0-a.%d", numbered), "1.0.0-a."+long("b.", 300_000)+"c", answered),
		on("before many times", evaluator.OpBefore, false, many(40_000, "2020-01-01T00:00:00.%06dZ", numbered), elements(40_000, "2021-01-01T00:00:00.%06dZ", numbered), answered),
		on("a long time", evaluator.OpAfter, false, values("2020-01-01T00:00:00Z"), "2019-01-01T00:00:00."+long("1", 500_000)+"Z", answered),
		on("a regular expression on a short text", evaluator.OpMatches, false, values(`^[\w.+-]{1,64}@example\.(com|org)$`), long("a", 200), answered),
		on("a regular expression on a long text", evaluator.OpMatches, false, values(`(?:a?){400}b`), long("a", 200_000), exceeded),
		on("many regular expressions", evaluator.OpMatches, true, many(500, `(x|y)*z%d$`, numbered), long("xy", 50_000), exceeded),
		on("a regular expression of wide classes", evaluator.OpMatches, true, values(`(?:\pL\pN?){3}x`), long("ñ", 100_000), exceeded),
		on("lists in lists", evaluator.OpIn, false, values("x"), slices.Repeat([]any{[]any{"x"}}, 500_000), answered),
		on("the length of an object", evaluator.OpExists, false, nil, nested(30_000), answered),
	}
	found = append(found, linkedAttacks(t)...)
	return append(found, expressionAttacks(t)...)
}

// nested is an object of n members.
func nested(n int) map[string]any {
	m := make(map[string]any, n)
	for i := range n {
		m[fmt.Sprintf("member-%d", i)] = "x"
	}
	return m
}

func linkedAttacks(t testing.TB) []attack {
	key := strings.Repeat("k", 200_000)
	wide := costly(t)
	for i := range 5_000 {
		wide.Config.Targets = append(wide.Config.Targets, evaluator.Target{Variation: "on", Values: strings.Split(strings.Repeat(fmt.Sprintf("%d,", i), 9), ",")})
	}
	fanned := fanOut(t, 10, 10_000)
	segments := of(costly(t, evaluator.Clause{Operator: evaluator.OpInSegment, Values: many(2_000, "s%d", numbered)}))
	for i := range 2_000 {
		segments.Segments = append(segments.Segments, evaluator.Segment{Key: fmt.Sprintf("s%d", i), Version: 1, Included: slices.Repeat([]string{"x"}, 20)})
	}
	shares := costly(t)
	shares.Config.Fallthrough = evaluator.Serve{Rollout: &evaluator.Rollout{BucketBy: "a", Weights: slices.Repeat([]evaluator.WeightedServing{{Variation: "on", Weight: 5}}, 20_000)}}
	shares.Config.Rules = nil
	return []attack{
		{"many targets and a long key", of(wide), map[string]any{"targetingKey": key}, exceeded},
		{"many segments and a long key", segments, map[string]any{"targetingKey": key}, exceeded},
		{"prerequisites that fan out over many clauses", fanned, map[string]any{"targetingKey": "u", "a": "x"}, exceeded},
		{"a rollout of many shares, by a long text", of(shares), map[string]any{"targetingKey": "u", "a": key}, answered},
	}
}

// fanOut is flags in four layers. Each flag needs all flags of the next layer. The flags of the last layer have many
// clauses.
func fanOut(t testing.TB, width, clauses int) evaluator.Definition {
	def := of(ruled(t, "f"))
	needs := func(layer int) (all []evaluator.Prerequisite) {
		for i := range width {
			all = append(all, evaluator.Prerequisite{Flag: fmt.Sprintf("l%d-%d", layer, i), Variation: "on"})
		}
		return all
	}
	def.Flags[0].Config.Prerequisites = needs(1)
	for layer := 1; layer <= 3; layer++ {
		for i := range width {
			f := ruled(t, fmt.Sprintf("l%d-%d", layer, i))
			f.Config.Fallthrough = evaluator.Serve{Variation: "on"}
			f.Config.Rules = nil
			if layer < 3 {
				f.Config.Prerequisites = needs(layer + 1)
			} else {
				f.Config.Rules = []evaluator.Rule{{ID: "r", Serve: evaluator.Serve{Variation: "off"}, Clauses: slices.Repeat([]evaluator.Clause{{Attribute: "a", Operator: evaluator.OpIn, Values: values("y"), Negate: true}}, clauses)}}
			}
			if layer == 3 {
				f.Config.Rules[0].Serve.Variation = "on"
			}
			def.Flags = append(def.Flags, f)
		}
	}
	return def
}

func expressionAttacks(t testing.TB) []attack {
	numbers := slices.Repeat([]any{1.0}, 50_000)
	text := strings.Repeat("a", 200_000)
	wide := strings.Repeat("ä😀", 40_000)
	context := map[string]any{
		"targetingKey": "u", "a": elements(10_000, "value-%d", numbered), "n": numbers, "t": text, "w": wide,
		"l": []any{elements(10_000, "%d", numbered), numbers}, "o": nested(10_000), "d": strings.Repeat("9", 200_000),
	}
	times := func(n int, term string) string { return strings.TrimSuffix(strings.Repeat(term+",", n), ",") }
	var found []attack
	add := func(name, targeting string, outcome expectation) {
		found = append(found, attack{name, expressed(t, targeting), context, outcome})
	}
	add("missing of lists", `{"if":[{"some":[[`+times(3000, `{"missing":[{"var":"a"}]}`)+`],{"var":""}]},"on","off"]}`, exceeded)
	add("missing of one list", `{"if":[{"missing":{"var":"a"}},"on","off"]}`, answered)
	add("in of lists in lists", `{"if":[{"or":[`+times(1500, `{"in":[{"var":"l"},{"cat":[{"var":"l"}]}]}`)+`]},"on","off"]}`, either)
	for name, term := range map[string]string{
		"cat of lists":                `{"==":[{"cat":[{"var":"l"}]},"x"]}`,
		"equality of lists":           `{"==":[{"var":"l"},"x"]}`,
		"order of lists":              `{"<":["x",{"var":"l"}]}`,
		"sums of lists":               `{"==":[{"+":[{"var":"n"}]},1]}`,
		"sums of texts":               `{"==":[{"+":[{"var":"d"},{"var":"d"}]},1]}`,
		"merge":                       `{"in":["x",{"merge":[{"var":"a"},{"var":"a"}]}]}`,
		"map":                         `{"in":["x",{"map":[{"var":"a"},{"var":""}]}]}`,
		"filter":                      `{"in":["x",{"filter":[{"var":"a"},{"!":[{"var":""}]}]}]}`,
		"reduce to a text":            `{"==":["x",{"reduce":[{"var":"a"},{"cat":[{"var":"accumulator"},{"var":"current"}]},""]}]}`,
		"reduce to a list":            `{"in":["x",{"reduce":[{"var":"a"},{"merge":[{"var":"accumulator"},{"var":"current"}]},[]]}]}`,
		"some of the runes of a text": `{"some":[{"var":["w",""]},{"==":[{"var":""},"x"]}]}`,
		"substr":                      `{"==":[{"substr":[{"var":"w"},50000,10]},"x"]}`,
		"in of texts":                 `{"in":["ab",{"var":"t"}]}`,
		"in of a constant list":       `{"some":[{"var":"a"},{"in":[{"var":""},[1,2,3,"x",4]]}]}`,
		"a long path":                 `{"==":[{"var":[{"var":"t"}]},"x"]}`,
		"a member of a text":          `{"==":[{"var":"w.5"},"x"]}`,
		"the length of a text":        `{"==":[{"var":"w.length"},1]}`,
		"max of many":                 `{"==":[{"max":{"var":"n"}},2]}`,
		"missing some":                `{"missing_some":[1,{"var":"a"}]}`,
		"starts with":                 `{"starts_with":[{"var":"t"},{"var":"d"}]}`,
		"versions":                    `{"sem_ver":[{"var":"d"},"=","1.0.0"]}`,
		"texts of objects":            `{"==":[{"cat":[{"var":"o"}]},"x"]}`,
		"fractional of long texts":    `{"==":[{"fractional":[{"cat":[{"var":"t"},{"var":"l"}]},["x",1],["y",1]]},"z"]}`,
	} {
		add(name, `{"if":[`+term+`,"on","off"]}`, either)
		add(name+", many times", `{"if":[{"or":[`+times(900, term)+`]},"on","off"]}`, either)
	}
	return found
}

// TestAttacksStayWithinTheBudget answers each attack and counts its work. It does not run in parallel: it counts the
// memory of the process.
func TestAttacksStayWithinTheBudget(t *testing.T) {
	for _, a := range attacks(t) {
		t.Run(a.name, func(t *testing.T) {
			s, problems, err := evaluator.Compile(a.def)
			require.NoError(t, err)
			require.Empty(t, problems)
			c := evaluator.MapContext(a.context)
			b := evaluator.NewBudget(nil)
			var r evaluator.Result
			allocated := allocatedBy(func() { r = s.EvaluateWithin(&b, "f", &c) })
			t.Logf("%d steps, %d bytes made, %d KiB allocated", b.Steps(), b.Bytes(), allocated>>10)
			require.LessOrEqual(t, allocated, 64<<20)
			require.LessOrEqual(t, b.Steps(), evaluator.MaxSteps)
			switch a.outcome {
			case answered:
				require.Equal(t, evaluator.NoError, r.ErrorCode, "%v", r.Detail)
			case exceeded:
				require.Equal(t, evaluator.DetailBudgetExceeded, r.Detail)
				require.Equal(t, evaluator.ErrorGeneral, r.ErrorCode)
				require.True(t, r.Value.IsNone())
			}
			var answer []byte
			allocated = allocatedBy(func() {
				x := s.Explain("f", &c)
				require.Equal(t, r, x.Result)
				answer, err = json.Marshal(x)
			})
			t.Logf("explained: %d bytes of answer, %d KiB allocated", len(answer), allocated>>10)
			require.NoError(t, err)
			require.LessOrEqual(t, allocated, 64<<20)
			require.LessOrEqual(t, len(answer), 8<<20)
		})
	}
}

// allocatedBy is how many bytes are allocated by f.
func allocatedBy(f func()) int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc)
}

// TestOneFlagLeavesEnoughForTheOthers answers about 200 ordinary flags and some that take much work, for a long text.
func TestOneFlagLeavesEnoughForTheOthers(t *testing.T) {
	var flags []evaluator.Flag
	for i := range 200 {
		flags = append(flags,
			ruled(t, fmt.Sprintf("long-%03d", i), evaluator.Clause{Attribute: "a", Operator: evaluator.OpMatches, Values: values(`(x|y)*z$`)}),
			ruled(t, fmt.Sprintf("short-%03d", i),
				evaluator.Clause{Attribute: "email", Operator: evaluator.OpMatches, Values: values(`@example\.com$`)},
				evaluator.Clause{Attribute: "plan", Operator: evaluator.OpIn, Values: values("free", "paid")},
				evaluator.Clause{Attribute: "version", Operator: evaluator.OpSemverRange, Values: values(">=2.3.0 <3")}))
	}
	s, problems, err := evaluator.Compile(of(flags...))
	require.NoError(t, err)
	require.Empty(t, problems)
	c := evaluator.MapContext(map[string]any{
		"targetingKey": "u", "a": strings.Repeat("xy", 500_000), "email": "somebody@example.com", "plan": "paid", "version": "2.4.1",
	})
	b := evaluator.NewBudget(nil)
	served, failed := 0, 0
	allocated := allocatedBy(func() {
		s.EvaluateAllWithin(&b, &c, func(key string, _ bool, r evaluator.Result) bool {
			switch {
			case strings.HasPrefix(key, "short") && r.Variation == "on":
				served++
			case r.Detail == evaluator.DetailBudgetExceeded:
				failed++
			}
			return true
		})
	})
	t.Logf("%d steps, %d KiB allocated", b.Steps(), allocated>>10)
	require.Equal(t, 200, served)
	require.GreaterOrEqual(t, failed, 190, "but for the first few")
	require.LessOrEqual(t, b.Steps(), evaluator.MaxSteps)
	if underRace {
		require.Less(t, allocated, 64<<20, "regular expressions allocate under the race detector")
	} else {
		require.Less(t, allocated, 1<<20)
	}
}

// TestEvaluationEndsWithItsCaller holds that nothing is evaluated once the caller has gone.
func TestEvaluationEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	s, _, err := evaluator.Compile(fanOut(t, 10, 2_000))
	require.NoError(t, err)
	gone := make(chan struct{})
	close(gone)
	c := evaluator.MapContext(map[string]any{"targetingKey": "u", "a": "x"})
	b := evaluator.NewBudget(gone)
	require.Equal(t, evaluator.DetailBudgetExceeded, s.EvaluateWithin(&b, "f", &c).Detail)
	require.Equal(t, evaluator.DetailBudgetExceeded, s.EvaluateWithin(&b, "f", &c).Detail)
	whole := evaluator.NewBudget(nil)
	require.Equal(t, "on", s.EvaluateWithin(&whole, "f", &c).Variation)
	require.Greater(t, whole.Steps(), 1_000_000)
	require.Equal(t, evaluator.DetailBudgetExceeded, s.EvaluateWithin(&whole, "f", &c).Detail, "what is left is not enough once more")
}

// TestWhatIsAlwaysTooMuchIsRefused validates what takes too much work whatever the context is.
func TestWhatIsAlwaysTooMuchIsRefused(t *testing.T) {
	t.Parallel()
	dots := strings.Repeat(".{0,1000}", 110)
	for name, c := range map[string]struct {
		clause  evaluator.Clause
		message string
	}{
		"a large program":                {evaluator.Clause{Attribute: "a", Operator: evaluator.OpMatches, Values: values(dots)}, "3000 instructions"},
		"the same, unless it is matched": {evaluator.Clause{Attribute: "a", Operator: evaluator.OpMatches, Values: values(dots), Negate: true}, "3000 instructions"},
		"repeated repetition":            {evaluator.Clause{Attribute: "a", Operator: evaluator.OpMatches, Values: values("((?:a?b?c?){30}){30}")}, "instructions"},
		"wide classes":                   {evaluator.Clause{Attribute: "a", Operator: evaluator.OpMatches, Values: values(strings.Repeat(`\pL`, 300)), IgnoreCase: true}, "3000 instructions"},
		"many programs":                  {evaluator.Clause{Attribute: "a", Operator: evaluator.OpMatches, Values: many(40, "x{900}%d", numbered)}, "30000 instructions together"},
		"a long range":                   {evaluator.Clause{Attribute: "a", Operator: evaluator.OpSemverRange, Values: values(strings.Repeat("1.x || ", 2000) + "1")}, "10000 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := costly(t, c.clause)
			require.ErrorContains(t, evaluator.ValidateConfig(of(), f), c.message)
			_, problems, err := evaluator.Compile(of(f))
			require.NoError(t, err)
			require.Len(t, problems, 1)
		})
	}
	t.Run("prerequisites that fan out over many clauses", func(t *testing.T) {
		t.Parallel()
		def := fanOut(t, 10, 10_000)
		require.ErrorContains(t, evaluator.ValidateConfig(of(def.Flags[1:]...), def.Flags[0]), "more work than one request may cause")
		small := fanOut(t, 10, 10)
		require.NoError(t, evaluator.ValidateConfig(small, small.Flags[0]))
	})
	t.Run("segments that fan out over many clauses", func(t *testing.T) {
		t.Parallel()
		def := of()
		heavy := slices.Repeat([]evaluator.Clause{{Attribute: "a", Operator: evaluator.OpExists}}, 20_000)
		def.Segments = append(def.Segments, evaluator.Segment{Key: "s0", Version: 1, Rules: []evaluator.SegmentRule{{ID: "r", Clauses: heavy}}})
		wide := evaluator.Segment{Key: "wide", Version: 1, Rules: []evaluator.SegmentRule{{ID: "r", Clauses: slices.Repeat([]evaluator.Clause{{Operator: evaluator.OpInSegment, Values: values("s0")}}, 1_000)}}}
		require.ErrorContains(t, evaluator.ValidateSegment(def, wide), "more work than one request may cause")
		wide.Rules[0].Clauses = wide.Rules[0].Clauses[:10]
		require.NoError(t, evaluator.ValidateSegment(def, wide))
	})
}

// TestAnEnvironmentHoldsSoManyPrograms holds that equal regular expressions count once. It also holds that a flag that
// would be too much is refused, while the flags that are there already can be edited.
func TestAnEnvironmentHoldsSoManyPrograms(t *testing.T) {
	t.Parallel()
	var flags []evaluator.Flag
	patterned := func(i int, key string) evaluator.Flag {
		return ruled(t, key, evaluator.Clause{Attribute: "a", Operator: evaluator.OpMatches, Values: many(10, fmt.Sprintf("x{1000}%d-%%d", i), numbered)})
	}
	for i := range 8 {
		flags = append(flags, patterned(i, fmt.Sprintf("f%d", i)))
	}
	for i := range 100 {
		flags = append(flags, patterned(0, fmt.Sprintf("again%d", i)))
	}
	def := of(flags...)
	require.NoError(t, evaluator.ValidateConfig(def, patterned(0, "new")), "equal ones are shared")
	var err error
	for i := 8; i < 40 && err == nil; i++ {
		f := patterned(i, fmt.Sprintf("f%d", i))
		if err = evaluator.ValidateConfig(def, f); err == nil {
			def.Flags = append(def.Flags, f)
		}
	}
	require.ErrorContains(t, err, "300000 instructions together")
	require.NoError(t, evaluator.ValidateConfig(def, def.Flags[0]))
}

// FuzzBudget takes each definition that compiles and each context that decodes. It evaluates, answers about all flags
// and explains. Nothing takes more than the budget, and a budget that is spent gives no new answer.
func FuzzBudget(f *testing.F) {
	seedDefinitions(f, func(def, context []byte) { f.Add(def, context) })
	for _, a := range expressionAttacks(f) {
		if def := raw(a.def); len(def) < 10_000 {
			f.Add([]byte(def), []byte(`{"a":["x","y"],"l":[[1,2],[3]],"n":[1,2],"o":{"p":1},"t":"text","w":"ä😀","d":"99"}`))
		}
	}
	f.Fuzz(func(t *testing.T, encoded, context []byte) {
		var def evaluator.Definition
		var attributes map[string]any
		if json.Unmarshal(encoded, &def) != nil || json.Unmarshal(context, &attributes) != nil {
			return
		}
		def.FormatVersion = evaluator.FormatVersion
		s, _, err := evaluator.Compile(def)
		require.NoError(t, err)
		c := evaluator.MapContext(attributes)
		all, before := evaluator.NewBudget(nil), 0
		allocated := allocatedBy(func() {
			s.EvaluateAllWithin(&all, &c, func(key string, _ bool, r evaluator.Result) bool { return true })
		})
		require.LessOrEqual(t, all.Steps(), evaluator.MaxSteps)
		require.LessOrEqual(t, allocated, 64<<20)
		for _, flag := range def.Flags {
			b := evaluator.NewBudget(nil)
			r := s.EvaluateWithin(&b, flag.Key, &c)
			require.LessOrEqual(t, b.Steps(), evaluator.MaxSteps)
			again := evaluator.NewBudget(nil)
			require.Equal(t, r, s.ExplainWithin(&again, flag.Key, &c).Result)
			require.Equal(t, b.Steps(), again.Steps(), "explaining takes the same steps")
			before += b.Steps()
		}
		if len(def.Flags) == s.Len() && all.Steps() < evaluator.MaxSteps/2 {
			require.LessOrEqual(t, all.Steps(), before)
		}
	})
}
