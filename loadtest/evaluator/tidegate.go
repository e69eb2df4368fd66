package main

import (
	"encoding/json"
	"fmt"

	"github.com/tidegate-io/tidegate/evaluator"
)

var tidegateKeys = [workloadCount]string{"rollout", "off", "semver", "list"}

// newPrepared evaluates with a context that was built beforehand.
func newPrepared() (implementation, error) {
	snapshot, err := compileWorkloads()
	if err != nil {
		return implementation{}, err
	}
	context := evaluator.NewContext(userKey).
		WithString("country", "DE").
		WithString("email", "somebody@example.com").
		WithString("plan", "free").
		WithString("appVersion", "2.4.1")
	return implementation{
		name: "Tidegate, prepared context",
		evaluate: func(w workload, n int) {
			key := tidegateKeys[w]
			for range n {
				snapshot.Evaluate(key, &context)
			}
		},
		serves: func(w workload) bool { return serves(snapshot, w, &context) },
	}, nil
}

// newFlattened evaluates with the map that an OpenFeature provider gets.
func newFlattened() (implementation, error) {
	snapshot, err := compileWorkloads()
	if err != nil {
		return implementation{}, err
	}
	attributes := userAttributes()
	return implementation{
		name: "Tidegate, map[string]any",
		evaluate: func(w workload, n int) {
			key := tidegateKeys[w]
			for range n {
				context := evaluator.MapContext(attributes)
				snapshot.Evaluate(key, &context)
			}
		},
		serves: func(w workload) bool {
			context := evaluator.MapContext(attributes)
			return serves(snapshot, w, &context)
		},
	}, nil
}

func serves(s *evaluator.Snapshot, w workload, c *evaluator.Context) bool {
	value, _ := s.Evaluate(tidegateKeys[w], c).Bool(false)
	return value
}

// rolloutConfig is three rules that miss, then a 25/75 rollout.
const rolloutConfig = `{"enabled": true, "offVariation": "off", "rules": [
			{"id": "country", "clauses": [{"attribute": "country", "operator": "in", "values": ["FR", "IT", "ES"]}], "serve": {"variation": "on"}},
			{"id": "staff", "clauses": [{"attribute": "email", "operator": "endsWith", "values": ["@example.org"]}], "serve": {"variation": "on"}},
			{"id": "plan", "clauses": [{"attribute": "plan", "operator": "in", "values": ["enterprise"]}], "serve": {"variation": "on"}}],
			"fallthrough": {"rollout": {"weights": [{"variation": "on", "weight": 25000}, {"variation": "off", "weight": 75000}]}}}`

func compileWorkloads() (*evaluator.Snapshot, error) {
	keys, err := listedKeys()
	if err != nil {
		return nil, err
	}
	configs := [workloadCount]string{
		rollout: rolloutConfig,
		off:     `{"enabled": false, "offVariation": "off", "fallthrough": {"variation": "on"}}`,
		semver: `{"enabled": true, "offVariation": "off", "rules": [
			{"id": "version", "clauses": [{"attribute": "appVersion", "operator": "semverGreaterThan", "values": ["2.3.0"]}], "serve": {"variation": "on"}}],
			"fallthrough": {"variation": "off"}}`,
		list: `{"enabled": true, "offVariation": "off", "rules": [
			{"id": "listed", "clauses": [{"attribute": "targetingKey", "operator": "in", "values": ` + keys + `}], "serve": {"variation": "on"}}],
			"fallthrough": {"variation": "off"}}`,
	}
	def := evaluator.Definition{FormatVersion: evaluator.FormatVersion, Revision: 1}
	for w, config := range configs {
		f := booleanFlag(tidegateKeys[w])
		if err := json.Unmarshal([]byte(config), &f.Config); err != nil {
			return nil, fmt.Errorf("decode flag %s: %w", f.Key, err)
		}
		def.Flags = append(def.Flags, f)
	}
	return compiled(def)
}

func booleanFlag(key string) evaluator.Flag {
	return evaluator.Flag{
		Key: key, Type: evaluator.TypeBoolean,
		Variations: []evaluator.Variation{
			{Key: "on", Value: json.RawMessage("true")},
			{Key: "off", Value: json.RawMessage("false")},
		},
	}
}
