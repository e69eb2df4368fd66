package evaluator_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
)

// colourFlag returns a string flag with three variations and an expression; green is its off variation.
func colourFlag(t testing.TB, targeting string) evaluator.Flag {
	t.Helper()
	f := evaluator.Flag{Key: "colour", Version: 1, Type: evaluator.TypeString}
	for _, key := range []string{"red", "green", "1"} {
		f.Variations = append(f.Variations, evaluator.Variation{Key: key, Value: raw(key)})
	}
	config := fmt.Sprintf(`{"enabled": true, "offVariation": "green", "targeting": %s}`, targeting)
	require.NoError(t, json.Unmarshal([]byte(config), &f.Config))
	return f
}

func colourSnapshot(t testing.TB, targeting string) *evaluator.Snapshot {
	t.Helper()
	return compile(t, definition([]evaluator.Flag{colourFlag(t, targeting)}))
}

func TestExpressionsChooseTheVariation(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		targeting string
		variation string
		reason    evaluator.Reason
		code      evaluator.ErrorCode
		detail    evaluator.Detail
	}{
		"a name":              {`{"if": [{"==": [{"var": "plan"}, "pro"]}, "red", "green"]}`, "red", evaluator.ReasonTargetingMatch, 0, 0},
		"a number names too":  {`{"+": [{"var": "zero"}, 1]}`, "1", evaluator.ReasonTargetingMatch, 0, 0},
		"null":                {`{"if": [{"==": [{"var": "plan"}, "free"]}, "red", null]}`, "green", evaluator.ReasonDefault, 0, 0},
		"no else":             {`{"if": [{"==": [{"var": "plan"}, "free"]}, "red"]}`, "green", evaluator.ReasonDefault, 0, 0},
		"no such variation":   {`{"cat": ["bl", {"var": "end"}]}`, "", evaluator.ReasonError, evaluator.ErrorGeneral, evaluator.DetailUnknownVariation},
		"a failing operator":  {`{"+": [{"var": "plan"}, 1]}`, "", evaluator.ReasonError, evaluator.ErrorGeneral, evaluator.DetailTargetingFailed},
		"the flag's key":      {`{"if": [{"===": [{"var": "$flagd.flagKey"}, "colour"]}, "red", "green"]}`, "red", evaluator.ReasonTargetingMatch, 0, 0},
		"before a time":       {`{"if": [{"<": [{"var": "$flagd.timestamp"}, 1790000000]}, "red", "1"]}`, "1", evaluator.ReasonTargetingMatch, 0, 0},
		"a named expression":  {`{"$evaluators": {"pro": {"in": ["pro", {"var": "plan"}]}}, "if": [{"$ref": "pro"}, "red", "green"]}`, "red", evaluator.ReasonTargetingMatch, 0, 0},
		"nothing to split by": {`{"fractional": [{"var": "nobody"}, ["red", 50], ["green", 50]]}`, "green", evaluator.ReasonDefault, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := colourSnapshot(t, test.targeting)
			c := evaluator.MapContext(map[string]any{"targetingKey": "u", "plan": "pro", "zero": 0, "end": "ue"}).At(time.Unix(1_790_000_000, 0))
			r := s.Evaluate("colour", &c)
			require.Equal(t, test.variation, r.Variation)
			require.Equal(t, test.reason, r.Reason)
			require.Equal(t, test.code, r.ErrorCode)
			require.Equal(t, test.detail, r.Detail)
			require.Equal(t, r, s.Explain("colour", &c).Result)
		})
	}
}

// TestPreparedContextsInExpressions compares contexts of both kinds, and what stands in for the service.
func TestPreparedContextsInExpressions(t *testing.T) {
	t.Parallel()
	s := colourSnapshot(t, `{"if": [{"and": [
		{"==": [{"var": "targetingKey"}, "u"]}, {"sem_ver": [{"var": "serviceVersion"}, ">=", "2.0.0"]},
		{"!": {"missing": ["n", "yes"]}}, {">": [{"var": "n"}, 6]}, {"var": "yes"}]}, "red", "1"]}`)
	prepared := evaluator.NewContext("u").WithInt("n", 7).WithBool("yes", true).WithInstance("checkout", "2.1.0", "i")
	require.Equal(t, "red", s.Evaluate("colour", &prepared).Variation)
	fromMap := evaluator.MapContext(map[string]any{"targetingKey": "u", "n": 7, "yes": true, "serviceVersion": "1.9.0"})
	require.Equal(t, "1", s.Evaluate("colour", &fromMap).Variation)
}

func TestTimedTellsWhetherTheTimeCounts(t *testing.T) {
	t.Parallel()
	timed := colourSnapshot(t, `{"if": [{"<": [{"var": "$flagd.timestamp"}, 5]}, "red", "green"]}`)
	require.True(t, timed.Timed())
	untimed := colourSnapshot(t, `{"if": [{"==": [{"var": "$flagd.flagKey"}, "x"]}, "red", "green"]}`)
	require.False(t, untimed.Timed())
	c := evaluator.NewContext("u")
	require.Equal(t, "red", timed.Evaluate("colour", &c).Variation, "without a time there is null, which counts as 0")
}

func TestExpressionsAreRefused(t *testing.T) {
	t.Parallel()
	const evaluators = `{"$evaluators": {"a": {"var": "x"}, "b": {"$ref": "a"}}, `
	for targeting, want := range map[string]struct{ pointer, message string }{
		`"red"`:                          {"/targeting", "an object with one operator"},
		`[]`:                             {"/targeting", "an object with one operator"},
		`{}`:                             {"/targeting", "one operator; this has 0"},
		`{"if": [], "or": []}`:           {"/targeting", "this has 2"},
		`{"if": [{"between": 1}, 1, 2]}`: {"/targeting/if/0/between", `"between" is no operator`},
		`{"if": [1, {"a/b~c": 1}, 2]}`:   {"/targeting/if/1/a~1b~0c", "is no operator"},
		`{"if": [1, {"if": [1, {"<": [1], "or": []}, 2]}, 2]}`: {"/targeting/if/1/if/1", "one operator, and no more"},
		`{"==": [{"var": "x"}]}`:                               {"/targeting/==", "at least two"},
		`{"==": {"var": "x"}}`:                                 {"/targeting/==", "takes a list"},
		`{"+": [{"var": "x"}, "many"]}`:                        {"/targeting/+/1", "must be a number"},
		`{"/": [{"var": "x"}, 0]}`:                             {"/targeting/~1/1", "divided by zero"},
		`{"or": [{"max": ["a"]}, 1]}`:                          {"/targeting/or/0", "always fails"},
		`{"var": "a.constructor.name"}`:                        {"/targeting/var", "constructor"},
		`{"map": [{"var": "l"}]}`:                              {"/targeting/map", "takes a list and"},
		`{"missing_some": [1]}`:                                {"/targeting/missing_some", "how many are needed"},
		`{"$ref": "a"}`:                                        {"/targeting/$ref", `there is no "a"`},
		evaluators + `"or": [{"$ref": "b"}]}`:                  {"/targeting/$evaluators/b/$ref", "cannot refer to another"},
		`{"$evaluators": [], "or": []}`:                        {"/targeting/$evaluators", "named expressions"},
		strings.Repeat(`{"!":`, 101) + `{"var": "x"}` + strings.Repeat(`}`, 101): {"/targeting", "nested at most"},
		`{"or": [` + strings.Repeat(`0,`, 20_000) + `0]}`:                        {"/targeting", "at most 20000 operators"},
		`{"or": ["` + strings.Repeat(`x`, 300_000) + `"]}`:                       {"/targeting", "bytes"},
	} {
		f := colourFlag(t, targeting)
		var errs evaluator.CompileErrors
		require.ErrorAs(t, evaluator.ValidateConfig(definition(nil), f), &errs, "%.100s", targeting)
		require.Equal(t, want.pointer, errs[0].Pointer, "%.100s", targeting)
		require.Contains(t, errs[0].Message, want.message, "%.100s", targeting)
	}
}

func TestAnExpressionStandsAlone(t *testing.T) {
	t.Parallel()
	f := colourFlag(t, `{"or": ["red"]}`)
	require.NoError(t, json.Unmarshal([]byte(`{"targets": [{"variation": "red", "values": ["u"]}],
		"rules": [{"id": "r", "clauses": [], "serve": {"variation": "red"}}], "fallthrough": {"variation": "red"}}`), &f.Config))
	var errs evaluator.CompileErrors
	require.ErrorAs(t, evaluator.ValidateConfig(definition(nil), f), &errs)
	var pointers []string
	for _, e := range errs {
		pointers = append(pointers, e.Pointer)
	}
	require.Equal(t, []string{"/targets", "/rules", "/fallthrough"}, pointers)
}

// TestExpressionsEnd gives lists to expressions that would keep a machine busy for years.
func TestExpressionsEnd(t *testing.T) {
	t.Parallel()
	list := make([]any, 1000)
	for i := range list {
		list[i] = i
	}
	for _, targeting := range []string{
		`{"map": [{"var": "l"}, {"map": [{"var": "../../l"}, {"map": [{"var": "../../../../l"}, {"map": [{"var": "../../../../../../l"}, 1]}]}]}]}`,
		`{"reduce": [{"var": "l"}, {"cat": [{"var": "accumulator"}, {"var": "accumulator"}]}, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]}`,
		`{"reduce": [{"var": "l"}, {"merge": [{"var": "accumulator"}, {"var": "accumulator"}]}, [1, 2, 3]]}`,
		`{"some": [{"var": "l"}, {"in": ["y", {"var": "../../text"}]}]}`,
		`{"cat": [{"var": "itself"}, {"var": "itself"}]}`,
	} {
		s := colourSnapshot(t, targeting)
		itself := []any{1, 2}
		itself[0], itself[1] = itself, itself
		c := evaluator.MapContext(map[string]any{"l": list, "text": strings.Repeat("x", 1<<20), "itself": itself})
		require.Equal(t, evaluator.ReasonError, s.Evaluate("colour", &c).Reason, "%s", targeting)
	}
}

func TestExplainShowsTheStepsOfAnExpression(t *testing.T) {
	t.Parallel()
	s := colourSnapshot(t, `{"if": [{"in": [{"var": "plan"}, ["pro", "team"]]}, {"fractional": [{"cat": ["seed", {"var": "targetingKey"}]}, ["red", 50], ["green", 50]]}, "green"]}`)
	c := evaluator.NewContext("u").WithString("plan", "pro")
	x := s.Explain("colour", &c)
	require.Equal(t, evaluator.OutcomeMatched, x.Targeting.Outcome)
	require.Equal(t, x.Variation, x.Targeting.Variation)
	require.Equal(t, []evaluator.TargetingStep{
		{Pointer: "/if/0/in/0/var", Value: "pro"},
		{Pointer: "/if/0/in", Value: true},
		{Pointer: "/if/1/fractional/0/cat/1/var", Value: "u"},
		{Pointer: "/if/1/fractional/0/cat", Value: "seedu"},
		{Pointer: "/if/1/fractional", Value: x.Variation},
		{Pointer: "/if", Value: x.Variation},
	}, x.Targeting.Steps)
	require.Equal(t, 6, x.Targeting.StepCount)
	failing := colourSnapshot(t, `{"+": [{"var": "plan"}, 1]}`)
	steps := failing.Explain("colour", &c).Targeting.Steps
	require.Equal(t, evaluator.TargetingStep{Pointer: "/+", Failed: true}, steps[len(steps)-1])
}

// typicalTargeting is like what users of flagd write.
const typicalTargeting = `{"if": [
	{"and": [{"in": [{"var": "country"}, ["FR", "IT", "ES"]]}, {"sem_ver": [{"var": "appVersion"}, ">=", "2.0.0"]}]}, "red",
	{"ends_with": [{"var": "email"}, "@example.org"]}, "1",
	{"==": [{"var": "plan"}, "enterprise"]}, "1",
	{"fractional": [{"cat": [{"var": "$flagd.flagKey"}, {"var": "targetingKey"}]}, ["red", 25], ["green", 75]]}]}`

func TestExpressionNoAlloc(t *testing.T) {
	s := colourSnapshot(t, typicalTargeting)
	c, m := prepared(), attributes()
	requireNoAlloc(t, "prepared", func() { s.Evaluate("colour", &c) })
	requireNoAlloc(t, "map", func() {
		fromMap := evaluator.MapContext(m)
		s.Evaluate("colour", &fromMap)
	})
}

// BenchmarkExpression compares evaluating an expression with reading its JSON. An evaluator without a compiled form
// has to read the JSON each time.
func BenchmarkExpression(b *testing.B) {
	s := colourSnapshot(b, typicalTargeting)
	b.Run("evaluate", func(b *testing.B) {
		c := prepared()
		b.ReportAllocs()
		for b.Loop() {
			s.Evaluate("colour", &c)
		}
	})
	b.Run("parse", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var parsed any
			if err := json.Unmarshal([]byte(typicalTargeting), &parsed); err != nil {
				b.Fatal(err)
			}
		}
	})
}
