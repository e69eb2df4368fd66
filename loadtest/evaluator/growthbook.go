package main

import (
	"context"
	"fmt"

	growthbook "github.com/growthbook/growthbook-golang"
)

func newGrowthBook() (implementation, error) {
	keys, err := listedKeys()
	if err != nil {
		return implementation{}, err
	}
	features := fmt.Sprintf(`{
		"rollout": {"defaultValue": false, "rules": [
			{"condition": {"country": {"$in": ["FR", "IT", "ES"]}}, "force": true},
			{"condition": {"email": {"$regex": "@example\\.org$"}}, "force": true},
			{"condition": {"plan": "enterprise"}, "force": true},
			{"force": true, "coverage": 0.25, "hashAttribute": "id"}]},
		"off": {"defaultValue": false},
		"semver": {"defaultValue": false, "rules": [{"condition": {"appVersion": {"$vgt": "2.3.0"}}, "force": true}]},
		"list": {"defaultValue": false, "rules": [{"condition": {"id": {"$in": %s}}, "force": true}]}}`, keys)
	background := context.Background()
	client, err := growthbook.NewClient(background,
		growthbook.WithJsonFeatures(features),
		growthbook.WithAttributes(growthbook.Attributes{
			"id": userKey, "country": "DE", "email": "somebody@example.com", "plan": "free", "appVersion": "2.4.1",
		}))
	if err != nil {
		return implementation{}, fmt.Errorf("make GrowthBook client: %w", err)
	}
	return implementation{
		name: "GrowthBook v0.7",
		evaluate: func(w workload, n int) {
			key := tidegateKeys[w]
			for range n {
				client.EvalFeature(background, key)
			}
		},
		serves: func(w workload) bool { return client.EvalFeature(background, tidegateKeys[w]).On },
	}, nil
}
