package evaluator_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
)

// outcomeVectors has every reason, error code and detail, written by hand.
func outcomeVectors(t *testing.T) vectors {
	t.Helper()
	file := vectors{
		Description: "Reasons, error codes, details, targets, rules, groups, segments, prerequisites and availability.",
		Definition:  vectorDefinition(),
	}
	for _, f := range outcomeFlags {
		flag := booleanFlag(t, f.key, 1, f.config)
		flag.Killed = strings.HasPrefix(f.key, "killed")
		file.Definition.Flags = append(file.Definition.Flags, flag)
	}
	file.Definition.Flags[0].FleetOpen = true
	for _, encoded := range outcomeSegments {
		var s evaluator.Segment
		require.NoError(t, json.Unmarshal([]byte(encoded), &s))
		file.Definition.Segments = append(file.Definition.Segments, s)
	}
	for _, c := range outcomeCases {
		v := vector{Name: c.flag + " " + c.context, Flag: c.flag, Context: json.RawMessage(c.context)}
		v.Result.Reason, v.Result.ErrorCode, v.Result.Detail, v.Result.RuleID = c.reason, c.errorCode, c.detail, c.rule
		if c.rule != "" {
			index := int(c.rule[0] - '0')
			v.Result.RuleIndex = &index
		}
		if c.variation != "" {
			v.Result.Variation = &c.variation
			v.Result.Value = json.RawMessage(map[string]string{"on": "true", "off": "false"}[c.variation])
		}
		file.Cases = append(file.Cases, v)
	}
	return file
}

var outcomeSegments = []string{
	`{"key": "listed", "version": 1, "included": ["in", "both"], "excluded": ["out", "both"],
	  "rules": [{"id": "r", "clauses": [{"attribute": "country", "operator": "in", "values": ["FR"]}]}]}`,
	`{"key": "nested", "version": 1, "rules": [{"id": "r", "clauses": [{"operator": "inSegment", "values": ["listed"]}]}]}`,
	`{"key": "loop", "version": 1, "rules": [{"id": "r", "clauses": [{"operator": "inSegment", "values": ["loop"]}]}]}`,
}

var outcomeFlags = []struct{ key, config string }{
	{"fleet-open", `{"enabled": true, "offVariation": "off", "fallthrough": {"variation": "on"},
		"availability": {"service": "checkout", "version": ">=2", "scope": "fleet"}}`},
	{"fleet-closed", `{"enabled": true, "offVariation": "off", "fallthrough": {"variation": "on"},
		"availability": {"service": "checkout", "version": ">=2", "scope": "fleet"}}`},
	{"instance", `{"enabled": true, "offVariation": "off", "fallthrough": {"variation": "on"},
		"availability": {"service": "checkout", "version": "^2.3"}}`},
	{"static", `{"enabled": true, "offVariation": "off", "fallthrough": {"variation": "on"}}`},
	{"disabled", `{"enabled": false, "offVariation": "off", "fallthrough": {"variation": "on"}}`},
	{"disabled-null", `{"enabled": false, "offVariation": null, "fallthrough": {"variation": "on"}}`},
	{"killed", `{"enabled": false, "offVariation": "off", "fallthrough": {"variation": "on"}}`},
	{"killed-null", `{"enabled": false, "offVariation": null, "fallthrough": {"variation": "on"}}`},
	{"broken", `{"enabled": true, "offVariation": "off", "fallthrough": {"variation": "neither"}}`},
	{"targets", `{"enabled": true, "offVariation": "off", "targets": [{"variation": "on", "values": ["u1", "u2"]}, {"variation": "off", "values": ["u2", "u3"]}],
		"rules": [{"id": "0", "clauses": [], "serve": {"variation": "off"}}], "fallthrough": {"variation": "on"}}`},
	{"targets-only", `{"enabled": true, "targets": [{"variation": "on", "values": ["u1"]}], "fallthrough": {"variation": "off"}}`},
	{"rules", `{"enabled": true, "offVariation": "off", "rules": [
		{"id": "0-both", "clauses": [{"attribute": "country", "operator": "in", "values": ["FR"]}, {"attribute": "plan", "operator": "in", "values": ["pro"]}], "serve": {"variation": "on"}},
		{"id": "1-not-free", "clauses": [{"attribute": "plan", "operator": "in", "values": ["free"], "negate": true}], "serve": {"variation": "on"}},
		{"id": "2-nested", "clauses": [{"attribute": "app.version", "operator": "semverGreaterThan", "values": ["2"]}], "serve": {"variation": "on"}}],
		"fallthrough": {"variation": "off"}}`},
	{"groups", `{"enabled": true, "rules": [
		{"id": "0-any", "clauses": [{"any": [{"attribute": "a", "operator": "in", "values": [1]}, {"all": [{"attribute": "b", "operator": "in", "values": [1]}, {"attribute": "c", "operator": "in", "values": [1]}]}]}], "serve": {"variation": "on"}},
		{"id": "1-not-any", "clauses": [{"negate": true, "any": [{"attribute": "a", "operator": "in", "values": [2]}, {"attribute": "b", "operator": "in", "values": [2]}]}], "serve": {"variation": "on"}},
		{"id": "2-not-all", "clauses": [{"negate": true, "all": [{"attribute": "a", "operator": "in", "values": [2]}, {"attribute": "b", "operator": "in", "values": [3]}]}], "serve": {"variation": "on"}}],
		"fallthrough": {"variation": "off"}}`},
	{"rule-rollout", `{"enabled": true, "offVariation": "off", "rules": [
		{"id": "0-all", "clauses": [{"attribute": "country", "operator": "in", "values": ["FR"]}],
		 "serve": {"rollout": {"bucketBy": "account", "weights": [{"variation": "on", "weight": 100000}]}}}], "fallthrough": {"variation": "off"}}`},
	{"rollout", `{"enabled": true, "offVariation": "off", "fallthrough": {"rollout": {"weights": [{"variation": "on", "weight": 100000}, {"variation": "off", "weight": 0}]}}}`},
	{"rollout-null", `{"enabled": true, "fallthrough": {"rollout": {"weights": [{"variation": "on", "weight": 100000}]}}}`},
	{"segment", `{"enabled": true, "rules": [
		{"id": "0", "clauses": [{"operator": "inSegment", "values": ["nested"]}], "serve": {"variation": "on"}},
		{"id": "1", "clauses": [{"operator": "inSegment", "values": ["listed"], "negate": true}], "serve": {"variation": "on"}}], "fallthrough": {"variation": "off"}}`},
	{"segment-missing", `{"enabled": true, "rules": [
		{"id": "0", "clauses": [{"operator": "inSegment", "values": ["nowhere", "loop"]}], "serve": {"variation": "on"}},
		{"id": "1", "clauses": [{"operator": "inSegment", "values": ["nowhere"], "negate": true}], "serve": {"variation": "on"}}], "fallthrough": {"variation": "off"}}`},
	{"needs-static", `{"enabled": true, "offVariation": "off", "fallthrough": {"variation": "on"}, "prerequisites": [{"flag": "static", "variation": "on"}]}`},
	{"needs-chain", `{"enabled": true, "offVariation": "off", "fallthrough": {"variation": "on"}, "prerequisites": [{"flag": "needs-static", "variation": "on"}, {"flag": "targets-only", "variation": "on"}]}`},
	{"needs-disabled", `{"enabled": true, "offVariation": "off", "fallthrough": {"variation": "on"}, "prerequisites": [{"flag": "disabled", "variation": "off"}]}`},
	{"needs-missing", `{"enabled": true, "fallthrough": {"variation": "on"}, "prerequisites": [{"flag": "nowhere", "variation": "on"}]}`},
	{"needs-itself", `{"enabled": true, "offVariation": "off", "fallthrough": {"variation": "on"}, "prerequisites": [{"flag": "needs-itself", "variation": "on"}]}`},
}

var outcomeCases = []struct{ flag, context, variation, reason, errorCode, detail, rule string }{
	{"nowhere", `{}`, "", "ERROR", "FLAG_NOT_FOUND", "", ""},
	{"broken", `{"targetingKey": "u"}`, "", "ERROR", "PARSE_ERROR", "", ""},
	{"needs-itself", `{}`, "", "ERROR", "PARSE_ERROR", "", ""},
	{"static", `{}`, "on", "STATIC", "", "", ""},
	{"static", `{"targetingKey": "u"}`, "on", "STATIC", "", "", ""},
	{"disabled", `{}`, "off", "DEFAULT", "", "off", ""},
	{"disabled-null", `{}`, "", "DISABLED", "", "off", ""},
	{"killed", `{}`, "off", "DEFAULT", "", "killed", ""},
	{"killed-null", `{}`, "", "DISABLED", "", "killed", ""},
	{"fleet-open", `{}`, "on", "DEFAULT", "", "", ""},
	{"fleet-closed", `{"serviceName": "checkout", "serviceVersion": "9.0.0"}`, "off", "DEFAULT", "", "unavailable", ""},
	{"instance", `{}`, "off", "DEFAULT", "", "unavailable", ""},
	{"instance", `{"serviceName": "checkout", "serviceVersion": "2.3.0"}`, "on", "DEFAULT", "", "", ""},
	{"instance", `{"serviceName": "checkout", "serviceVersion": "v2.4"}`, "on", "DEFAULT", "", "", ""},
	{"instance", `{"serviceName": "checkout", "serviceVersion": "2.3.0-rc.1"}`, "off", "DEFAULT", "", "unavailable", ""},
	{"instance", `{"serviceName": "checkout", "serviceVersion": "3.0.0"}`, "off", "DEFAULT", "", "unavailable", ""},
	{"instance", `{"serviceName": "cart", "serviceVersion": "2.3.0"}`, "off", "DEFAULT", "", "unavailable", ""},
	{"instance", `{"serviceName": "checkout", "serviceVersion": 2}`, "off", "DEFAULT", "", "unavailable", ""},
	{"instance", `{"serviceVersion": "2.3.0"}`, "off", "DEFAULT", "", "unavailable", ""},
	{"targets", `{"targetingKey": "u1"}`, "on", "TARGETING_MATCH", "", "", ""},
	{"targets", `{"targetingKey": "u2"}`, "on", "TARGETING_MATCH", "", "", ""},
	{"targets", `{"targetingKey": "u3"}`, "off", "TARGETING_MATCH", "", "", ""},
	{"targets", `{"targetingKey": "u4"}`, "off", "TARGETING_MATCH", "", "", "0"},
	{"targets", `{"targetingKey": 1}`, "off", "TARGETING_MATCH", "", "", "0"},
	{"targets-only", `{"targetingKey": "u2"}`, "off", "DEFAULT", "", "", ""},
	{"targets-only", `{}`, "off", "DEFAULT", "", "", ""},
	{"rules", `{"country": "FR", "plan": "pro"}`, "on", "TARGETING_MATCH", "", "", "0-both"},
	{"rules", `{"country": "DE", "plan": "pro"}`, "on", "TARGETING_MATCH", "", "", "1-not-free"},
	{"rules", `{"country": "FR", "plan": "free"}`, "off", "DEFAULT", "", "", ""},
	{"rules", `{"country": "FR"}`, "off", "DEFAULT", "", "", ""},
	{"rules", `{"app": {"version": "2.0.1"}}`, "on", "TARGETING_MATCH", "", "", "2-nested"},
	{"rules", `{"app": {"version": "2.0.0"}}`, "off", "DEFAULT", "", "", ""},
	{"rules", `{"app": "2.0.1"}`, "off", "DEFAULT", "", "", ""},
	{"rules", `{"app.version": "2.0.1"}`, "off", "DEFAULT", "", "", ""},
	{"groups", `{"a": 1}`, "on", "TARGETING_MATCH", "", "", "0-any"},
	{"groups", `{"b": 1, "c": 1}`, "on", "TARGETING_MATCH", "", "", "0-any"},
	{"groups", `{"b": 1}`, "on", "TARGETING_MATCH", "", "", "2-not-all"},
	{"groups", `{"a": 5, "b": 5}`, "on", "TARGETING_MATCH", "", "", "1-not-any"},
	{"groups", `{"a": 2, "b": 5}`, "on", "TARGETING_MATCH", "", "", "2-not-all"},
	{"groups", `{"a": 2, "b": 3}`, "off", "DEFAULT", "", "", ""},
	{"groups", `{"a": 5}`, "on", "TARGETING_MATCH", "", "", "2-not-all"},
	{"groups", `{"a": 2}`, "off", "DEFAULT", "", "", ""},
	{"groups", `{"b": 3}`, "off", "DEFAULT", "", "", ""},
	{"groups", `{}`, "off", "DEFAULT", "", "", ""},
	{"rule-rollout", `{"country": "FR", "account": 7}`, "on", "SPLIT", "", "", "0-all"},
	{"rule-rollout", `{"country": "FR", "account": "seven"}`, "on", "SPLIT", "", "", "0-all"},
	{"rule-rollout", `{"country": "FR"}`, "off", "DEFAULT", "", "bucketing-key-missing", "0-all"},
	{"rule-rollout", `{"country": "FR", "account": ""}`, "off", "DEFAULT", "", "bucketing-key-missing", "0-all"},
	{"rule-rollout", `{"country": "FR", "account": null}`, "off", "DEFAULT", "", "bucketing-key-missing", "0-all"},
	{"rule-rollout", `{"country": "FR", "account": 7.5}`, "off", "DEFAULT", "", "bucketing-key-invalid", "0-all"},
	{"rule-rollout", `{"country": "FR", "account": true}`, "off", "DEFAULT", "", "bucketing-key-invalid", "0-all"},
	{"rule-rollout", `{"country": "FR", "account": ["x"]}`, "off", "DEFAULT", "", "bucketing-key-invalid", "0-all"},
	{"rule-rollout", `{"country": "FR", "account": 9007199254740992}`, "off", "DEFAULT", "", "bucketing-key-invalid", "0-all"},
	{"rule-rollout", `{"country": "DE", "account": 7}`, "off", "DEFAULT", "", "", ""},
	{"rollout", `{"targetingKey": "u"}`, "on", "SPLIT", "", "", ""},
	{"rollout", `{"targetingKey": ""}`, "off", "DEFAULT", "", "bucketing-key-missing", ""},
	{"rollout", `{}`, "off", "DEFAULT", "", "bucketing-key-missing", ""},
	{"rollout-null", `{}`, "", "DEFAULT", "", "bucketing-key-missing", ""},
	{"segment", `{"targetingKey": "in"}`, "on", "TARGETING_MATCH", "", "", "0"},
	{"segment", `{"targetingKey": "out", "country": "FR"}`, "on", "TARGETING_MATCH", "", "", "1"},
	{"segment", `{"targetingKey": "both", "country": "FR"}`, "on", "TARGETING_MATCH", "", "", "1"},
	{"segment", `{"targetingKey": "u", "country": "FR"}`, "on", "TARGETING_MATCH", "", "", "0"},
	{"segment", `{"country": "FR"}`, "on", "TARGETING_MATCH", "", "", "0"},
	{"segment", `{"targetingKey": "u", "country": "DE"}`, "on", "TARGETING_MATCH", "", "", "1"},
	{"segment", `{"country": "DE"}`, "off", "DEFAULT", "", "", ""},
	{"segment", `{"targetingKey": "u"}`, "off", "DEFAULT", "", "", ""},
	{"segment-missing", `{"targetingKey": "u"}`, "off", "DEFAULT", "", "", ""},
	{"needs-static", `{}`, "on", "DEFAULT", "", "", ""},
	{"needs-chain", `{"targetingKey": "u1"}`, "on", "DEFAULT", "", "", ""},
	{"needs-chain", `{"targetingKey": "u2"}`, "off", "DEFAULT", "", "prerequisite-failed", ""},
	{"needs-disabled", `{}`, "off", "DEFAULT", "", "prerequisite-failed", ""},
	{"needs-missing", `{}`, "", "DEFAULT", "", "prerequisite-failed", ""},
}
