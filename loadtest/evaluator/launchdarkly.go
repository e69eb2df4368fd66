package main

import (
	"encoding/json"
	"fmt"

	"github.com/launchdarkly/go-sdk-common/v3/ldcontext"
	evaluation "github.com/launchdarkly/go-server-sdk-evaluation/v3"
	"github.com/launchdarkly/go-server-sdk-evaluation/v3/ldmodel"
)

// noData is a LaunchDarkly data store without flags and segments: the workloads refer to none.
type noData struct{}

func (noData) GetFeatureFlag(string) *ldmodel.FeatureFlag { return nil }
func (noData) GetSegment(string) *ldmodel.Segment         { return nil }

// newLaunchDarkly gives the flag itself to the evaluator. So this evaluator does not look up a flag, unlike ours.
func newLaunchDarkly() (implementation, error) {
	keys, err := listedKeys()
	if err != nil {
		return implementation{}, err
	}
	const shell = `{"key": "flag", "version": 1, "salt": "salt", "variations": [true, false], "offVariation": 1, "on": %t,
		"rules": [%s], "fallthrough": %s}`
	const rule = `{"id": "rule", "clauses": [{"contextKind": "user", "attribute": %q, "op": %q, "values": %s}], "variation": 0}`
	const split = `{"rollout": {"contextKind": "user", "variations": [{"variation": 0, "weight": 25000}, {"variation": 1, "weight": 75000}]}}`
	const no = `{"variation": 1}`
	definitions := [workloadCount]string{
		rollout: fmt.Sprintf(shell, true,
			fmt.Sprintf(rule, "country", "in", `["FR", "IT", "ES"]`)+","+
				fmt.Sprintf(rule, "email", "endsWith", `["@example.org"]`)+","+
				fmt.Sprintf(rule, "plan", "in", `["enterprise"]`), split),
		off:    fmt.Sprintf(shell, false, "", no),
		semver: fmt.Sprintf(shell, true, fmt.Sprintf(rule, "appVersion", "semVerGreaterThan", `["2.3.0"]`), no),
		list:   fmt.Sprintf(shell, true, fmt.Sprintf(rule, "key", "in", keys), no),
	}
	var flags [workloadCount]ldmodel.FeatureFlag
	for w, definition := range definitions {
		if err := json.Unmarshal([]byte(definition), &flags[w]); err != nil {
			return implementation{}, fmt.Errorf("decode LaunchDarkly flag %q: %w", workload(w), err)
		}
	}
	evaluator := evaluation.NewEvaluator(noData{})
	context := ldcontext.NewBuilder(userKey).
		SetString("country", "DE").
		SetString("email", "somebody@example.com").
		SetString("plan", "free").
		SetString("appVersion", "2.4.1").
		Build()
	return implementation{
		name: "LaunchDarkly v3",
		evaluate: func(w workload, n int) {
			flag := &flags[w]
			for range n {
				evaluator.Evaluate(flag, context, nil)
			}
		},
		serves: func(w workload) bool { return evaluator.Evaluate(&flags[w], context, nil).Detail.Value.BoolValue() },
	}, nil
}
