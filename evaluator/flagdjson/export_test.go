package flagdjson_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson"
)

// snapshotOf compiles boolean flags with the variations on and off and the given configurations, as JSON, by key.
func snapshotOf(t *testing.T, configs map[string]string, segments ...evaluator.Segment) *evaluator.Snapshot {
	t.Helper()
	d := evaluator.Definition{FormatVersion: evaluator.FormatVersion, Project: "shop", Environment: "production", Epoch: "e", Revision: 9, Segments: segments}
	for key, config := range configs {
		f := evaluator.Flag{
			Key: key, Version: 5, Type: evaluator.TypeBoolean,
			Variations: []evaluator.Variation{{Key: "on", Value: json.RawMessage("true")}, {Key: "off", Value: json.RawMessage("false")}},
		}
		require.NoError(t, json.Unmarshal([]byte(config), &f.Config), config)
		d.Flags = append(d.Flags, f)
	}
	s, _, err := evaluator.Compile(d)
	require.NoError(t, err)
	return s
}

func TestExportedFlags(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ config, want string }{
		"one variation for everybody": {
			`{"enabled": true, "offVariation": "off", "fallthrough": {"variation": "on"}}`,
			`{"state": "ENABLED", "defaultVariant": "on"}`,
		},
		"off": {
			`{"enabled": false, "offVariation": "off", "fallthrough": {"variation": "on"}}`,
			`{"state": "ENABLED", "defaultVariant": "off", "targeting": {"if": [false, null, null]}}`,
		},
		"off, the answer left to the code": {
			`{"enabled": false, "offVariation": null, "fallthrough": {"variation": "on"}}`,
			`{"state": "DISABLED", "defaultVariant": null}`,
		},
		"a fleet that lacks the code": {
			`{"enabled": true, "offVariation": null, "fallthrough": {"variation": "on"}, "availability": {"service": "s", "version": "1", "scope": "fleet"}}`,
			`{"state": "ENABLED", "defaultVariant": null}`,
		},
		"targets and a rule": {
			`{"enabled": true, "offVariation": null, "targets": [{"variation": "off", "values": ["u1", "", "u2"]}],
			  "rules": [{"id": "r", "clauses": [{"attribute": "plan", "operator": "in", "values": ["pro", true]}], "serve": {"variation": "on"}}],
			  "fallthrough": {"variation": "off"}}`,
			`{"state": "ENABLED", "defaultVariant": "off", "targeting": {"if": [
			  {"in": [{"var": "targetingKey"}, ["u1", "u2"]]}, null,
			  {"some": [{"merge": [{"var": "plan"}]}, {"in": [{"var": ""}, ["pro", true]]}]}, "on",
			  null]}}`,
		},
		"an expression, with what it refers to": {
			`{"enabled": true, "offVariation": "off", "targeting": {"$evaluators": {"pro": {"==": [{"var": "plan"}, "pro"]}}, "if": [{"$ref": "pro"}, "on"]}}`,
			`{"state": "ENABLED", "defaultVariant": "off", "targeting": {"if": [{"==": [{"var": "plan"}, "pro"]}, "on"]}}`,
		},
		"an expression behind availability": {
			`{"enabled": true, "offVariation": null, "targeting": {"or": [{"var": "v"}]}, "prerequisites": [{"flag": "nowhere", "variation": "on"}]}`,
			`{"state": "ENABLED", "defaultVariant": null}`,
		},
		"a negated clause asks for the type": {
			`{"enabled": true, "offVariation": "off", "rules": [{"id": "r", "clauses": [
			  {"attribute": "plan", "operator": "in", "values": ["pro"], "negate": true}], "serve": {"variation": "on"}}], "fallthrough": {"variation": "off"}}`,
			`{"state": "ENABLED", "defaultVariant": "off", "targeting": {"if": [
			  {"none": [{"merge": [{"var": "plan"}]}, {"!": [{"and": [
			    {"===": [{"cat": [{"var": ""}, ""]}, {"var": ""}]}, {"!": [{"in": [{"var": ""}, ["pro"]]}]}]}]}]}, "on",
			  null]}}`,
		},
		"a prerequisite that is the same for everybody": {
			`{"enabled": true, "offVariation": "off", "fallthrough": {"variation": "on"}, "prerequisites": [{"flag": "constant", "variation": "on"}]}`,
			`{"state": "ENABLED", "defaultVariant": "on"}`,
		},
		"a prerequisite that is off": {
			`{"enabled": true, "offVariation": "off", "fallthrough": {"variation": "on"}, "prerequisites": [{"flag": "disabled", "variation": "on"}]}`,
			`{"state": "ENABLED", "defaultVariant": "off"}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := snapshotOf(t, map[string]string{
				"flag":     test.config,
				"constant": `{"enabled": true, "fallthrough": {"variation": "on"}}`,
				"disabled": `{"enabled": false, "offVariation": "on", "fallthrough": {"variation": "on"}}`,
			})
			d, omissions := flagdjson.Export(s, flagdjson.Options{})
			require.Empty(t, omissions)
			f := d.Flags["flag"]
			if flag, _ := s.Flag("flag"); flag.Config.Enabled {
				require.Equal(t, map[string]any{"version": int64(5)}, f.Metadata)
			} else {
				require.Equal(t, map[string]any{"version": int64(5), "detail": "off"}, f.Metadata)
			}
			require.Len(t, f.Variants, 2)
			f.Metadata, f.Variants = nil, nil
			require.JSONEq(t, strings.Replace(test.want, "{", `{"variants": null, `, 1), jsonOf(f))
		})
	}
}

func TestWhatCannotBeExpressedIsLeftOutByName(t *testing.T) {
	t.Parallel()
	clause := func(clause string) string {
		return `{"enabled": true, "rules": [{"id": "r", "clauses": [` + clause + `], "serve": {"variation": "on"}}], "fallthrough": {"variation": "off"}}`
	}
	tests := map[string]struct{ config, pointer, reason string }{
		"regular expression": {clause(`{"attribute": "a", "operator": "matches", "values": ["^x"]}`), "/rules/0/clauses/0/operator", "regular expressions"},
		"network":            {clause(`{"any": [{"attribute": "a", "operator": "inCidr", "values": ["::1"]}]}`), "/rules/0/clauses/0/any/0/operator", "networks"},
		"time":               {clause(`{"attribute": "a", "operator": "before", "values": [5]}`), "/rules/0/clauses/0/operator", "times"},
		"case of a long text": {
			clause(`{"attribute": "a", "operator": "in", "values": ["a long text"], "ignoreCase": true}`), "/rules/0/clauses/0/ignoreCase", "spellings",
		},
		"index of a list":        {clause(`{"attribute": "a.0", "operator": "exists"}`), "/rules/0/clauses/0/attribute", "part of a string or list"},
		"length of a text":       {clause(`{"attribute": "a.length", "operator": "exists"}`), "/rules/0/clauses/0/attribute", "part of a string or list"},
		"what JavaScript adds":   {clause(`{"attribute": "__proto__", "operator": "exists"}`), "/rules/0/clauses/0/attribute", "without being given"},
		"what functions have":    {clause(`{"attribute": "a.map.name", "operator": "exists"}`), "/rules/0/clauses/0/attribute", "members of its own"},
		"what flagd adds":        {clause(`{"attribute": "$flagd.flagKey", "operator": "exists"}`), "/rules/0/clauses/0/attribute", "$flagd"},
		"backslash":              {clause(`{"attribute": "a\\b", "operator": "exists"}`), "/rules/0/clauses/0/attribute", "backslash"},
		"segment with a pattern": {clause(`{"operator": "inSegment", "values": ["pattern"]}`), "/rules/0/clauses/0/values", "segment pattern"},
		"large segment":          {clause(`{"operator": "inSegment", "values": ["large"]}`), "/rules/0/clauses/0/values", "bytes"},
		"version of many digits": {
			clause(`{"attribute": "a", "operator": "semverEqual", "values": ["1.2.1234567890123456"]}`), "/rules/0/clauses/0/values", "15 digits",
		},
		"seed that is not ASCII": {
			`{"enabled": true, "fallthrough": {"rollout": {"seed": "é", "weights": [{"variation": "on", "weight": 100000}]}}}`,
			"/fallthrough/rollout/seed", "ASCII",
		},
		"prerequisite that is left out": {
			`{"enabled": true, "fallthrough": {"variation": "on"}, "prerequisites": [{"flag": "left-out", "variation": "on"}]}`,
			"/prerequisites/0/flag", "flag left-out",
		},
		"flag that does not compile": {`{"enabled": true, "fallthrough": {"variation": "nope"}}`, "/fallthrough/variation", "variation"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := snapshotOf(t, map[string]string{"flag": test.config, "left-out": clause(`{"attribute": "a", "operator": "matches", "values": ["x"]}`)},
				evaluator.Segment{Key: "pattern", Rules: []evaluator.SegmentRule{{ID: "r", Clauses: []evaluator.Clause{
					{Attribute: "a", Operator: evaluator.OpMatches, Values: []json.RawMessage{json.RawMessage(`"x"`)}},
				}}}},
				evaluator.Segment{Key: "large", Included: manyKeys(50_000)})
			d, omissions := flagdjson.Export(s, flagdjson.Options{})
			require.Empty(t, d.Flags)
			require.Len(t, omissions, 2)
			require.Equal(t, "flag", omissions[0].Flag)
			require.Equal(t, test.pointer, omissions[0].Pointer)
			require.Contains(t, omissions[0].Reason, test.reason)
			require.Equal(t, "flag,left-out", d.Metadata[flagdjson.MetadataOmitted])
			require.Equal(t, &omissions[0], flagdjson.Check(s, "flag"))
		})
	}
}

// Each flag needs the one before twice, so inlining doubles it: the 20th would be half a million times the first.
func TestPrerequisitesInlinedCannotExplode(t *testing.T) {
	t.Parallel()
	configs := map[string]string{"f0": `{"enabled": true, "fallthrough": {"rollout": {"weights": [{"variation": "on", "weight": 50000}, {"variation": "off", "weight": 50000}]}}}`}
	for i := 1; i <= 11; i++ {
		configs[fmt.Sprintf("f%d", i)] = fmt.Sprintf(
			`{"enabled": true, "fallthrough": {"variation": "on"}, "prerequisites": [{"flag": "f%d", "variation": "on"}, {"flag": "f%d", "variation": "on"}]}`, i-1, i-1)
	}
	d, omissions := flagdjson.Export(snapshotOf(t, configs), flagdjson.Options{})
	require.NotEmpty(t, omissions)
	require.Contains(t, d.Flags, "f5")
	for key, f := range d.Flags {
		require.LessOrEqual(t, len(f.Targeting), 512<<10, key)
	}
}

func TestLimitLeavesOutTheLargestFlags(t *testing.T) {
	t.Parallel()
	s := snapshotOf(t, map[string]string{
		"small": `{"enabled": true, "fallthrough": {"variation": "on"}}`,
		"large": `{"enabled": true, "fallthrough": {"variation": "on"}, "targets": [{"variation": "off", "values": ["` + strings.Join(manyKeys(1000), `","`) + `"]}]}`,
		"segment": `{"enabled": true, "fallthrough": {"variation": "on"}, "rules": [{"id": "r", "clauses": [{"operator": "inSegment", "values": ["big"]}],
			"serve": {"variation": "off"}}]}`,
	}, evaluator.Segment{Key: "big", Included: manyKeys(2000)})
	d, omissions := flagdjson.Export(s, flagdjson.Options{})
	require.Empty(t, omissions)
	require.Len(t, d.Evaluators, 1)

	omissions, err := d.Limit(10_000)
	require.NoError(t, err)
	require.Len(t, omissions, 2)
	require.Equal(t, "segment", omissions[0].Flag, "with its segment it is the largest")
	require.Equal(t, "large,segment", d.Metadata[flagdjson.MetadataOmitted])
	require.Len(t, d.Flags, 1)
	require.Empty(t, d.Evaluators)
	encoded, err := d.Encode("")
	require.NoError(t, err)
	require.LessOrEqual(t, len(encoded), 10_000)
}

func TestTheSourceRestoresAFlag(t *testing.T) {
	t.Parallel()
	s := snapshotOf(t, map[string]string{"flag": `{"enabled": true, "offVariation": "off", "rules": [{"id": "r", "description": "all of them", "clauses": [], "serve": {"variation": "on"}}], "fallthrough": {"variation": "off"}}`},
		evaluator.Segment{Key: "beta", Version: 3, Included: []string{"u"}})
	d, _ := flagdjson.Export(s, flagdjson.Options{Source: true})
	var f evaluator.Flag
	require.NoError(t, json.Unmarshal([]byte(d.Flags["flag"].Metadata[flagdjson.MetadataFlag].(string)), &f))
	require.Equal(t, jsonOf(flagOf(s, "flag")), jsonOf(f))
	var segments []evaluator.Segment
	require.NoError(t, json.Unmarshal([]byte(d.Metadata[flagdjson.MetadataSegments].(string)), &segments))
	require.Equal(t, s.Definition().Segments, segments)
}

func manyKeys(n int) []string {
	keys := make([]string, n)
	for i := range keys {
		keys[i] = fmt.Sprintf("a-key-of-some-length-%d", i)
	}
	return keys
}
