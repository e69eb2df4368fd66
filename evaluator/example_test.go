package evaluator_test

import (
	"encoding/json"
	"fmt"

	"github.com/tidegate-io/tidegate/evaluator"
)

// A definition comes from the server in JSON.
const exampleDefinition = `{
	"formatVersion": 1, "project": "shop", "environment": "production", "epoch": "e", "revision": 7,
	"flags": [{
		"key": "new-checkout", "version": 7, "type": "boolean",
		"variations": [{"key": "on", "value": true}, {"key": "off", "value": false}],
		"config": {
			"enabled": true, "offVariation": "off",
			"rules": [{"id": "beta", "clauses": [{"attribute": "plan", "operator": "in", "values": ["beta"]}], "serve": {"variation": "on"}}],
			"fallthrough": {"rollout": {"weights": [{"variation": "on", "weight": 25000}, {"variation": "off", "weight": 75000}]}}
		}
	}],
	"segments": []
}`

func exampleSnapshot() *evaluator.Snapshot {
	var def evaluator.Definition
	if err := json.Unmarshal([]byte(exampleDefinition), &def); err != nil {
		panic(err)
	}
	snapshot, problems, err := evaluator.Compile(def)
	if err != nil || len(problems) > 0 {
		panic(fmt.Sprint(err, problems))
	}
	return snapshot
}

func ExampleSnapshot_Evaluate() {
	snapshot := exampleSnapshot()

	beta := evaluator.NewContext("user-1").WithString("plan", "beta")
	on, result := snapshot.Evaluate("new-checkout", &beta).Bool(false)
	fmt.Println(on, result.Variation, result.Reason, result.RuleID)

	// A context as OpenFeature's providers get it is read as it is.
	free := evaluator.MapContext(map[string]any{"targetingKey": "user-2", "plan": "free"})
	on, result = snapshot.Evaluate("new-checkout", &free).Bool(false)
	fmt.Println(on, result.Variation, result.Reason)

	// Output:
	// true on TARGETING_MATCH beta
	// true on SPLIT
}

func ExampleSnapshot_Explain() {
	context := evaluator.NewContext("user-2").WithString("plan", "free")
	explanation := exampleSnapshot().Explain("new-checkout", &context)
	for _, rule := range explanation.Rules {
		for _, clause := range rule.Clauses {
			fmt.Printf("%s: %s is %v: %s\n", rule.ID, clause.Attribute, clause.Actual, clause.Outcome)
		}
	}
	rollout := explanation.Fallthrough.Rollout
	fmt.Printf("%s %v is in bucket %d\n", rollout.BucketBy, rollout.Key, *rollout.Bucket)

	// Output:
	// beta: plan is free: notMatched
	// targetingKey user-2 is in bucket 22979
}

func ExampleParseVersionRange() {
	versions, err := evaluator.ParseVersionRange(">=2.3.0 <3")
	if err != nil {
		panic(err)
	}
	fmt.Println(versions.Contains("v2.4"), versions.Contains("3.0.0-rc.1"))

	// Output: true false
}
