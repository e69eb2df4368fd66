package edit

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/invalid"
	"github.com/tidegate-io/tidegate/store"
)

// TestOneVariationMayBeEmpty also changes a flag that has two empty variations from the time before they were
// refused.
func TestOneVariationMayBeEmpty(t *testing.T) {
	t.Parallel()
	edits, s := setup(t)
	ctx := t.Context()
	text := func(key, value string) evaluator.Variation {
		return evaluator.Variation{Key: key, Value: json.RawMessage(value)}
	}
	old := store.Flag{
		Project: "shop", Key: "old", Type: evaluator.TypeString, Purpose: store.PurposeRelease, CreatedAt: now, UpdatedAt: now,
		Variations: []evaluator.Variation{text("a", `""`), text("b", `""`), text("c", `"c"`)},
	}
	_, err := s.CreateFlag(ctx, old, evaluator.FlagConfig{Fallthrough: evaluator.Serve{Variation: "a"}}, by)
	require.NoError(t, err)
	set := func(variations ...evaluator.Variation) error {
		_, err := edits.UpdateFlag(ctx, "shop", "old", func(f store.Flag) (store.Flag, error) {
			f.Name, f.Variations = "Renamed", variations
			return f, nil
		}, Guard{}, by)
		return err
	}
	require.NoError(t, set(old.Variations...), "what was empty may stay")
	assert.NoError(t, wrong[*invalid.Error](set(text("a", `""`), text("b", `""`), text("c", ` "" `))))
	require.NoError(t, set(text("a", `""`), text("b", `" "`), text("c", `"c"`)), "a blank is not empty")
	assert.NoError(t, wrong[*invalid.Error](set(text("a", `""`), text("b", `""`), text("c", `"c"`))), "it is not empty again")
}
