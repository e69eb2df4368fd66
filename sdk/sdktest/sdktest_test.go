package sdktest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/tidegate-io/tidegate/evaluator"
	tidegate "github.com/tidegate-io/tidegate/sdk"
	"github.com/tidegate-io/tidegate/sdk/sdktest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	alice = openfeature.NewEvaluationContext("alice", nil)
	bob   = openfeature.NewEvaluationContext("bob", nil)
)

func TestFlagsServeWhatIsSet(t *testing.T) {
	t.Parallel()
	flags := sdktest.NewFlags()
	flags.Set("boolean", true)
	flags.Set("string", "blue")
	flags.Set("integer", 7)
	flags.Set("float", 0.5)
	flags.Set("object", struct {
		Size int `json:"size"`
	}{3})
	flags.SetFor("bob", "string", "green")
	flags.SetFor("carol@example.com", "string", "white")
	flags.SetFor("bob", "string", "red")
	client, ctx := sdktest.Client(t, flags), t.Context()

	require.True(t, client.Boolean(ctx, "boolean", false, alice))
	require.Equal(t, "blue", client.String(ctx, "string", "", alice))
	require.Equal(t, "red", client.String(ctx, "string", "", bob))
	require.EqualValues(t, 7, client.Int(ctx, "integer", 0, alice))
	require.InDelta(t, 0.5, client.Float(ctx, "float", 0, alice), 0)
	require.Equal(t, map[string]any{"size": 3.0}, client.Object(ctx, "object", nil, alice))

	_, err := client.StringValueDetails(ctx, "boolean", "default", alice)
	require.ErrorContains(t, err, string(openfeature.TypeMismatchCode))
	_, err = client.BooleanValueDetails(ctx, "missing", true, alice)
	require.ErrorContains(t, err, string(openfeature.FlagNotFoundCode))
}

func TestChangesAreTold(t *testing.T) {
	t.Parallel()
	flags := sdktest.NewFlags()
	flags.Set("theme", "dark")
	client := sdktest.Client(t, flags)
	told := make(chan []string, 8)
	hear := func(details openfeature.EventDetails) { told <- details.FlagChanges }
	client.AddHandler(openfeature.ProviderConfigChange, &hear)
	changes := func() []string {
		select {
		case keys := <-told:
			return keys
		case <-time.After(10 * time.Second):
			require.Fail(t, "no change was told")
			return nil
		}
	}

	flags.Set("theme", "light")
	require.Equal(t, []string{"theme"}, changes())
	require.Equal(t, "light", client.String(t.Context(), "theme", "", alice))
	flags.Remove("theme")
	require.Equal(t, []string{"theme"}, changes())
	require.Equal(t, "none", client.String(t.Context(), "theme", "none", alice))
}

func TestRulesAndAvailabilityCount(t *testing.T) {
	t.Parallel()
	flags := sdktest.NewFlags()
	off := "off"
	flags.Put(evaluator.Flag{
		Key: "checkout", Type: evaluator.TypeBoolean,
		Variations: []evaluator.Variation{{Key: "on", Value: json.RawMessage(`true`)}, {Key: "off", Value: json.RawMessage(`false`)}},
		Config: evaluator.FlagConfig{
			Enabled: true, OffVariation: &off, Fallthrough: evaluator.Serve{Variation: "on"},
			Availability: &evaluator.Availability{Service: "shop", Version: ">=2"},
		},
	})
	old := sdktest.Client(t, flags, tidegate.WithService("shop", "1.9.0"))
	current := sdktest.Client(t, flags, tidegate.WithService("shop", "2.0.0"))
	require.False(t, old.Boolean(t.Context(), "checkout", false, alice))
	require.True(t, current.Boolean(t.Context(), "checkout", false, alice))
}

func TestTrackedIsRemembered(t *testing.T) {
	t.Parallel()
	p := sdktest.NewProvider(sdktest.NewFlags())
	p.Track(t.Context(), "checkout.done", alice, openfeature.NewTrackingEventDetails(12.5))
	tracked := p.Tracked()
	require.Len(t, tracked, 1)
	require.Equal(t, "checkout.done", tracked[0].Name)
	require.Equal(t, "alice", tracked[0].Context.TargetingKey())
	require.InDelta(t, 12.5, tracked[0].Details.Value(), 0)
}

func TestMistakesOfTestsPanic(t *testing.T) {
	t.Parallel()
	flags := sdktest.NewFlags()
	flags.Set("boolean", true)
	for name, mistake := range map[string]func(){
		"a list":           func() { flags.Set("list", []int{1}) },
		"nothing":          func() { flags.Set("nil", nil) },
		"a function":       func() { flags.Set("func", func() {}) },
		"a great integer":  func() { flags.Set("integer", int64(1)<<60) },
		"an unknown flag":  func() { flags.SetFor("bob", "other", true) },
		"of another type":  func() { flags.SetFor("bob", "boolean", "yes") },
		"a list for a key": func() { flags.SetFor("bob", "boolean", []int{}) },
	} {
		require.Panics(t, mistake, name)
	}
}

func ExampleFlags() {
	flags := sdktest.NewFlags()
	flags.Set("new-checkout", false)
	flags.SetFor("alice", "new-checkout", true)
	provider := sdktest.NewProvider(flags)
	if err := openfeature.SetNamedProviderAndWait("shop", provider); err != nil {
		panic(err)
	}
	defer openfeature.Shutdown()

	client := openfeature.NewClient("shop")
	for _, user := range []string{"alice", "bob"} {
		fmt.Println(user, client.Boolean(context.Background(), "new-checkout", false, openfeature.NewEvaluationContext(user, nil)))
	}
	// Output:
	// alice true
	// bob false
}
