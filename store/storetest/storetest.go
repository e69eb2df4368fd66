// Package storetest is the conformance suite of the store. It says what every implementation of store.Store,
// store.Bus and store.SnapshotCache must do.
package storetest

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// Run runs the suite. Each call of open gives a new and empty store. The test that open gets closes it.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	groups := []struct {
		name string
		run  func(t *testing.T, open opener)
	}{
		{"Projects", testProjects},
		{"Environments", testEnvironments},
		{"Flags", testFlags},
		{"FlagConfigs", testFlagConfigs},
		{"Segments", testSegments},
		{"Deployments", testDeployments},
		{"Releases", testReleases},
		{"Instances", testInstances},
		{"Measurements", testMeasurements},
		{"SDKKeys", testSDKKeys},
		{"AccessTokens", testAccessTokens},
		{"Sessions", testSessions},
		{"TokenSessions", testTokenSessions},
		{"Leases", testLeases},
		{"Requests", testRequests},
		{"Changes", testChanges},
		{"Definition", testDefinition},
		{"Checked", testChecked},
		{"Webhooks", testWebhooks},
		{"Kills", testKills},
		{"Freezes", testFreezes},
		{"ReleasePolicies", testReleasePolicies},
		{"Deliveries", testDeliveries},
		{"Concurrency", testConcurrency},
		{"Linearizability", testLinearizability},
		{"Context", testContext},
	}
	for _, group := range groups {
		t.Run(group.name, func(t *testing.T) {
			t.Parallel()
			group.run(t, open)
		})
	}
}

// RunRaces runs the part of the suite in which many clients write and read at the same time.
func RunRaces(t *testing.T, open func(t *testing.T) store.Store) {
	t.Run("Concurrency", func(t *testing.T) { testConcurrency(t, open) })
	t.Run("Linearizability", func(t *testing.T) { testLinearizability(t, open) })
}

type opener func(t *testing.T) store.Store

// epoch is when the tests' clock starts. It has no fraction that a store could lose.
var epoch = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// Keys of the shop that setup makes.
const (
	shop       = "shop"
	staging    = "staging"
	production = "production"
)

var (
	inStaging    = store.EnvironmentRef{Project: shop, Environment: staging}
	inProduction = store.EnvironmentRef{Project: shop, Environment: production}
	nowhere      = store.EnvironmentRef{Project: shop, Environment: "nowhere"}
)

// setup opens a store that holds the project shop with the environments staging and production, in this order.
func setup(t *testing.T, open opener) store.Store {
	t.Helper()
	s := open(t)
	_, err := s.CreateProject(t.Context(), store.Project{Key: shop, Name: "Shop"}, ada(0))
	require.NoError(t, err)
	for position, ref := range []store.EnvironmentRef{inStaging, inProduction} {
		_, err := s.CreateEnvironment(t.Context(), store.Environment{
			EnvironmentRef: ref, Name: ref.Environment, Production: ref == inProduction, Position: int64(position),
		}, ada(0))
		require.NoError(t, err)
	}
	return s
}

// ada attributes a write to Ada, some minutes after the tests' clock started.
func ada(minutes int) store.Attribution {
	return store.Attribution{
		Actor: store.Actor{Kind: store.ActorUser, Name: "ada"}, Reason: "because", At: at(minutes),
	}
}

func at(minutes int) time.Time { return epoch.Add(time.Duration(minutes) * time.Minute) }

func ptr[T any](v T) *T { return &v }

func booleanFlag(key string) store.Flag {
	return store.Flag{
		Project: shop, Key: key, Name: "The " + key, Type: evaluator.TypeBoolean, Purpose: store.PurposeRelease,
		Variations: []evaluator.Variation{
			{Key: "on", Value: json.RawMessage(`true`)},
			{Key: "off", Value: json.RawMessage(`false`)},
		},
		Tags: []string{"checkout"}, Owner: "payments",
	}
}

// fullConfig has a value in every field.
func fullConfig() evaluator.FlagConfig {
	return evaluator.FlagConfig{
		Enabled:      true,
		OffVariation: ptr("off"),
		Targets:      []evaluator.Target{{Variation: "on", Values: []string{"user-1", "O'Brien", "<&>"}}},
		Rules: []evaluator.Rule{{
			ID: "beta", Description: "beta testers",
			Clauses: []evaluator.Clause{
				{
					Attribute: "country",
					Operator:  evaluator.OpIn,
					Values:    []json.RawMessage{json.RawMessage(`"FR"`), json.RawMessage(`12.50`)},
				},
			},
			Serve: evaluator.Serve{Variation: "on"},
		}},
		Fallthrough: evaluator.Serve{Rollout: &evaluator.Rollout{Weights: []evaluator.WeightedServing{
			{Variation: "on", Weight: 25_000}, {Variation: "off", Weight: 75_000},
		}}},
		Prerequisites: []evaluator.Prerequisite{{Flag: "new-cart", Variation: "on"}},
		Availability:  &evaluator.Availability{Service: "checkout", Version: ">=2.3.0", Scope: evaluator.ScopeFleet},
	}
}

// offConfig is a small configuration.
func offConfig() evaluator.FlagConfig {
	return evaluator.FlagConfig{OffVariation: ptr("off"), Fallthrough: evaluator.Serve{Variation: "on"}}
}

func createFlag(t *testing.T, s store.Store, key string) store.Flag {
	t.Helper()
	flag, err := s.CreateFlag(t.Context(), booleanFlag(key), offConfig(), ada(1))
	require.NoError(t, err)
	return flag
}

func flagIn(ref store.EnvironmentRef, flag string) store.FlagRef {
	return store.FlagRef{EnvironmentRef: ref, Flag: flag}
}

func revision(t *testing.T, s store.Store, ref store.EnvironmentRef) int64 {
	t.Helper()
	cursor, err := s.Cursor(t.Context(), ref)
	require.NoError(t, err)
	return cursor.Revision
}

// requireConflict requires that err is a ConflictError with the current version.
func requireConflict(t *testing.T, err error, current int64) {
	t.Helper()
	require.ErrorIs(t, err, store.ErrConflict)
	var conflict *store.ConflictError
	require.ErrorAs(t, err, &conflict)
	require.Equal(t, current, conflict.Current)
}

// lastChange gives the newest change of an environment.
func lastChange(t *testing.T, s store.Store, ref store.EnvironmentRef) store.Change {
	t.Helper()
	changes, err := s.ListChanges(t.Context(), ref, store.ChangeFilter{Limit: 1})
	require.NoError(t, err)
	require.Len(t, changes, 1)
	return changes[0]
}

// requireDocument requires that the before or after of a Change is the document.
func requireDocument(t *testing.T, document any, recorded json.RawMessage) {
	t.Helper()
	encoded, err := json.Marshal(document)
	require.NoError(t, err)
	require.JSONEq(t, string(encoded), string(recorded))
}
