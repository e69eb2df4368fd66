package evaluator_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
)

// requireFault requires an error at the pointer whose message holds the words.
func requireFault(t *testing.T, err error, pointer, words string) {
	t.Helper()
	var all evaluator.CompileErrors
	require.ErrorAs(t, err, &all)
	for _, e := range all {
		if e.Pointer == pointer && strings.Contains(e.Message, words) {
			var one *evaluator.CompileError
			require.ErrorAs(t, err, &one)
			return
		}
	}
	require.Failf(t, "fault not found", "%q with %q is not in %v", pointer, words, err)
}

func TestConfigFaultsNameTheFieldAndWhatIsAllowed(t *testing.T) {
	t.Parallel()
	const on = `"fallthrough": {"variation": "on"}`
	clause := func(cl string) string {
		return `{"rules": [{"id": "r", "clauses": [` + cl + `], "serve": {"variation": "on"}}], ` + on + `}`
	}
	nested := strings.Repeat(`{"any": [`, 17) + `{"attribute": "a", "operator": "exists"}` + strings.Repeat(`]}`, 17)
	deep := "/rules/0/clauses/0" + strings.Repeat("/any/0", 16)
	for _, test := range []struct{ config, pointer, words string }{
		{`{}`, "/fallthrough", "name a variation or have a rollout"},
		{`{"fallthrough": {"variation": "maybe"}}`, "/fallthrough/variation", `"maybe" is none`},
		{`{"offVariation": "x", ` + on + `}`, "/offVariation", `"x" is none`},
		{`{"targets": [{"variation": "x", "values": []}], ` + on + `}`, "/targets/0/variation", `"x" is none`},
		{`{"fallthrough": {"variation": "on", "rollout": {"weights": [{"variation": "on", "weight": 100000}]}}}`, "/fallthrough", "not both"},
		{`{"fallthrough": {"rollout": {"weights": [{"variation": "on", "weight": 99999}]}}}`, "/fallthrough/rollout/weights", "must sum to 100000; they sum to 99999"},
		{`{"fallthrough": {"rollout": {"weights": []}}}`, "/fallthrough/rollout/weights", "must sum to 100000"},
		{`{"fallthrough": {"rollout": {"weights": [{"variation": "on", "weight": -1}]}}}`, "/fallthrough/rollout/weights/0/weight", "from 0 to 100000"},
		{`{"fallthrough": {"rollout": {"weights": [{"variation": "x", "weight": 100000}]}}}`, "/fallthrough/rollout/weights/0/variation", `"x" is none`},
		{`{"fallthrough": {"rollout": {"bucketBy": "a..b", "weights": [{"variation": "on", "weight": 100000}]}}}`, "/fallthrough/rollout/bucketBy", "cannot be empty or hold a dot"},
		{`{"rules": [{"id": "a", "clauses": [], "serve": {}}], ` + on + `}`, "/rules/0/serve", "name a variation"},
		{`{"rules": [{"id": "a", "clauses": [], "serve": {"variation": "on"}}, {"id": "a", "clauses": [], "serve": {"variation": "on"}}], ` + on + `}`, "/rules/1/id", "must differ"},
		{clause(`{"attribute": "a", "operator": "like", "values": ["x"]}`), "/rules/0/clauses/0/operator", "must be one of in, contains"},
		{clause(`{}`), "/rules/0/clauses/0/operator", "must be one of"},
		{clause(`{"operator": "in", "values": ["x"]}`), "/rules/0/clauses/0/attribute", "is needed"},
		{clause(`{"attribute": ".a", "operator": "in", "values": ["x"]}`), "/rules/0/clauses/0/attribute", "hold a dot"},
		{clause(`{"attribute": "` + strings.Repeat("a.", 16) + `a", "operator": "in", "values": ["x"]}`), "/rules/0/clauses/0/attribute", "at most 16"},
		{clause(`{"attribute": "a", "operator": "in", "values": []}`), "/rules/0/clauses/0/values", "at least one"},
		{clause(`{"attribute": "a", "operator": "in", "values": ["x", null]}`), "/rules/0/clauses/0/values/1", "strings, numbers and booleans"},
		{clause(`{"attribute": "a", "operator": "in", "values": [9007199254740992]}`), "/rules/0/clauses/0/values/0", "2^53"},
		{clause(`{"attribute": "a", "operator": "exists", "values": [true]}`), "/rules/0/clauses/0/values", "takes no values"},
		{clause(`{"attribute": "a", "operator": "contains", "values": [1]}`), "/rules/0/clauses/0/values/0", "must be strings"},
		{clause(`{"attribute": "a", "operator": "matches", "values": ["x", "(?=y)"]}`), "/rules/0/clauses/0/values/1", "RE2"},
		{clause(`{"attribute": "a", "operator": "matches", "ignoreCase": true, "values": ["a)(b"]}`), "/rules/0/clauses/0/values/0", "RE2"},
		{clause(`{"attribute": "a", "operator": "matches", "values": ["` + strings.Repeat("x", 1001) + `"]}`), "/rules/0/clauses/0/values/0", "at most 1000"},
		{clause(`{"attribute": "a", "operator": "lessThan", "values": ["5"]}`), "/rules/0/clauses/0/values/0", "compares numbers"},
		{clause(`{"attribute": "a", "operator": "lessThan", "ignoreCase": true, "values": [5]}`), "/rules/0/clauses/0/ignoreCase", "goes with"},
		{clause(`{"attribute": "a", "operator": "before", "values": ["2026-05-01"]}`), "/rules/0/clauses/0/values/0", "RFC 3339"},
		{clause(`{"attribute": "a", "operator": "after", "values": [1777636800000]}`), "/rules/0/clauses/0/values/0", "not milliseconds"},
		{clause(`{"attribute": "a", "operator": "semverEqual", "values": ["2.x"]}`), "/rules/0/clauses/0/values/0", "semver.org"},
		{clause(`{"attribute": "a", "operator": "semverRange", "values": [">=2", "=>3"]}`), "/rules/0/clauses/0/values/1", "operator must be one of"},
		{clause(`{"attribute": "a", "operator": "inCidr", "values": ["10.0.0.0/33"]}`), "/rules/0/clauses/0/values/0", "CIDR"},
		{clause(`{"attribute": "a", "operator": "inCidr", "values": ["fe80::1%eth0"]}`), "/rules/0/clauses/0/values/0", "CIDR"},
		{clause(`{"operator": "inSegment", "values": ["nowhere"]}`), "/rules/0/clauses/0/values/0", `there is no "nowhere"`},
		{clause(`{"attribute": "plan", "operator": "inSegment", "values": ["staff"]}`), "/rules/0/clauses/0/attribute", "leave the attribute out"},
		{clause(`{"any": [{"attribute": "a", "operator": "exists"}], "operator": "in"}`), "/rules/0/clauses/0", "either a comparison"},
		{clause(`{"any": [], "all": []}`), "/rules/0/clauses/0", "either a comparison"},
		{clause(`{"all": []}`), "/rules/0/clauses/0/all", "at least one clause"},
		{clause(`{"all": [{"attribute": "a", "operator": "exists"}, {"any": [{"attribute": "b", "operator": "in"}]}]}`), "/rules/0/clauses/0/all/1/any/0/values", "at least one value"},
		{clause(nested), deep, "at most 16 deep"},
		{`{"prerequisites": [{"flag": "nowhere", "variation": "on"}], ` + on + `}`, "/prerequisites/0", `there is no "nowhere"`},
		{`{"prerequisites": [{"flag": "other", "variation": "maybe"}], ` + on + `}`, "/prerequisites/0", `has no "maybe"`},
		{`{"prerequisites": [{"flag": "other"}], ` + on + `}`, "/prerequisites/0", "names a flag and the variation"},
		{`{"prerequisites": [{"flag": "checked", "variation": "on"}], ` + on + `}`, "/prerequisites/0", "checked → checked"},
		{`{"prerequisites": [{"flag": "back", "variation": "on"}], ` + on + `}`, "/prerequisites/0", "checked → back → checked"},
		{`{"availability": {"service": "", "version": "1"}, ` + on + `}`, "/availability/service", "names the service"},
		{`{"availability": {"service": "s", "version": "one"}, ` + on + `}`, "/availability/version", "no version range"},
		{`{"availability": {"service": "s", "version": "1", "scope": "world"}, ` + on + `}`, "/availability/scope", "instance or fleet"},
		{`{"availability": {"service": "s", "version": "1", "scope": "fleet", "onOldInstance": "flap"}, ` + on + `}`, "/availability/onOldInstance", "close or hold"},
		{`{"availability": {"service": "s", "version": "1", "onOldInstance": "hold"}, ` + on + `}`, "/availability/onOldInstance", "scope fleet"},
	} {
		t.Run(test.pointer+" "+test.words, func(t *testing.T) {
			t.Parallel()
			def := definition([]evaluator.Flag{
				booleanFlag(t, "other", 1, `{"fallthrough": {"variation": "on"}}`),
				booleanFlag(t, "back", 1, `{"prerequisites": [{"flag": "checked", "variation": "on"}], "fallthrough": {"variation": "on"}}`),
			}, evaluator.Segment{Key: "staff"})
			f := booleanFlag(t, "checked", 1, test.config)
			requireFault(t, evaluator.ValidateConfig(def, f), test.pointer, test.words)

			if strings.Contains(test.words, "→") || strings.Contains(test.words, `no "`) {
				return // what is loaded may refer to what is missing, and cycles are reported elsewhere
			}
			s, problems, err := evaluator.Compile(definition([]evaluator.Flag{f}))
			require.NoError(t, err)
			require.Len(t, problems, 1)
			require.Equal(t, "/config"+test.pointer, problems[0].Err.Pointer)
			c := evaluator.NewContext("u")
			require.Equal(t, evaluator.ErrorParseError, s.Evaluate("checked", &c).ErrorCode)
		})
	}
}

func TestFlagFaultsNameTheFieldAndWhatIsAllowed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ flag, pointer, words string }{
		{`{"key": "", "type": "boolean", "variations": [{"key": "on", "value": true}]}`, "/key", "letters, digits"},
		{`{"key": "a b", "type": "boolean", "variations": [{"key": "on", "value": true}]}`, "/key", "letters, digits"},
		{`{"key": ".a", "type": "boolean", "variations": [{"key": "on", "value": true}]}`, "/key", "starts with"},
		{`{"key": "` + strings.Repeat("a", 257) + `", "type": "boolean", "variations": [{"key": "on", "value": true}]}`, "/key", "1 to 128"},
		{`{"key": "f", "type": "text", "variations": []}`, "/type", "boolean, string, number or object"},
		{`{"key": "f", "type": "boolean", "variations": []}`, "/variations", "at least one"},
		{`{"key": "f", "type": "boolean", "variations": [{"key": "on", "value": true}, {"key": "on", "value": false}]}`, "/variations/1/key", "must differ"},
		{`{"key": "f", "type": "boolean", "variations": [{"key": "", "value": true}]}`, "/variations/0/key", "letters, digits"},
		{`{"key": "f", "type": "boolean", "variations": [{"key": "on", "value": 1}]}`, "/variations/0/value", "boolean"},
		{`{"key": "f", "type": "boolean", "variations": [{"key": "on"}]}`, "/variations/0/value", "must have a value"},
		{`{"key": "f", "type": "string", "variations": [{"key": "on", "value": null}]}`, "/variations/0/value", "string"},
		{`{"key": "f", "type": "number", "variations": [{"key": "on", "value": "1"}]}`, "/variations/0/value", "number"},
		{`{"key": "f", "type": "number", "variations": [{"key": "on", "value": 9007199254740993}]}`, "/variations/0/value", "2^53"},
		{`{"key": "f", "type": "number", "variations": [{"key": "on", "value": 1e999}]}`, "/variations/0/value", "JSON"},
		{`{"key": "f", "type": "object", "variations": [{"key": "on", "value": [1]}]}`, "/variations/0/value", "object"},
	} {
		var f evaluator.Flag
		require.NoError(t, json.Unmarshal([]byte(test.flag), &f))
		requireFault(t, evaluator.ValidateFlag(f), test.pointer, test.words)
	}
	for _, test := range []string{
		`{"key": "f", "type": "boolean", "variations": [{"key": "on", "value": true}]}`,
		`{"key": "F_1.x-2", "type": "number", "variations": [{"key": "1", "value": 1e300}, {"key": "2", "value": -2.5}]}`,
		`{"key": "f", "type": "object", "variations": [{"key": "on", "value": {"a": [1]}}]}`,
	} {
		var f evaluator.Flag
		require.NoError(t, json.Unmarshal([]byte(test), &f))
		require.NoError(t, evaluator.ValidateFlag(f))
	}
}

func TestSegmentFaultsNameTheFieldAndWhatIsAllowed(t *testing.T) {
	t.Parallel()
	within := func(key, other string) evaluator.Segment {
		return evaluator.Segment{Key: key, Rules: []evaluator.SegmentRule{
			{ID: "r", Clauses: []evaluator.Clause{{All: []evaluator.Clause{{Operator: evaluator.OpInSegment, Values: []json.RawMessage{raw(other)}}}}}},
		}}
	}
	def := definition(nil, within("a", "b"), within("b", "c"), evaluator.Segment{Key: "c"})
	require.NoError(t, evaluator.ValidateSegment(def, within("d", "a")))
	requireFault(t, evaluator.ValidateSegment(def, within("c", "a")), "/rules/0", "c → a → b → c")
	requireFault(t, evaluator.ValidateSegment(def, within("c", "c")), "/rules/0", "c → c")
	requireFault(t, evaluator.ValidateSegment(def, within("d", "nowhere")), "/rules/0/clauses/0/all/0/values/0", `there is no "nowhere"`)
	requireFault(t, evaluator.ValidateSegment(def, evaluator.Segment{Key: "ä"}), "/key", "letters, digits")
}

func TestValuesThatAreNoJSONAreFaults(t *testing.T) {
	t.Parallel()
	f := booleanFlag(t, "f", 1, `{"fallthrough": {"variation": "on"}}`)
	f.Config.Rules = []evaluator.Rule{{ID: "r", Serve: evaluator.Serve{Variation: "on"}, Clauses: []evaluator.Clause{
		{Attribute: "a", Operator: evaluator.OpIn, Values: []json.RawMessage{nil, json.RawMessage("{")}},
	}}}
	err := evaluator.ValidateConfig(definition(nil), f)
	requireFault(t, err, "/rules/0/clauses/0/values/0", "must be JSON")
	requireFault(t, err, "/rules/0/clauses/0/values/1", "must be JSON")
}

func TestAllFaultsAreReportedTogether(t *testing.T) {
	t.Parallel()
	f := booleanFlag(t, "f", 1, `{"offVariation": "x", "fallthrough": {"variation": "y"}}`)
	err := evaluator.ValidateConfig(definition(nil), f)
	var all evaluator.CompileErrors
	require.ErrorAs(t, err, &all)
	require.Len(t, all, 2)
	require.EqualError(t, err, fmt.Sprintf("%v; %v", &all[0], &all[1]))
}
