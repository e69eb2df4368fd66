package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tidegate-io/tidegate/evaluator"
	tidegate "github.com/tidegate-io/tidegate/sdk"
	"github.com/tidegate-io/tidegate/server/replica"
	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
	"github.com/tidegate-io/tidegate/store"
)

// Flags and segments change, and streams end at any time. Whatever happens, the snapshot and the patches give the
// provider the same state as a fresh snapshot.
func TestSnapshotAndPatchesEqualAFreshSnapshot(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	server := streamtest.Start(t, shop, streamtest.Options{
		Replica: replica.Options{Poll: 2 * time.Millisecond},
		Streams: stream.StreamsOptions{MaxAge: 50 * time.Millisecond},
	})
	a := start(t, server.URL, shop.ServerKey)
	require.NoError(t, a.setError)
	w := &writer{t: t, shop: shop}
	rapid.Check(t, func(rt *rapid.T) {
		for range rapid.IntRange(1, 6).Draw(rt, "writes") {
			w.write(rt)
		}
		fresh, err := shop.Definition(t.Context(), streamtest.Production)
		require.NoError(rt, err)
		want, _, err := evaluator.Compile(fresh)
		require.NoError(rt, err)
		require.EventuallyWithT(rt, func(c *assert.CollectT) {
			for n := range w.made {
				requireServed(c, a.provider, want, fmt.Sprintf("flag-%d", n+1))
			}
		}, 10*time.Second, time.Millisecond)
	})
}

// requireServed requires that the provider resolves the flag as the snapshot does, for each user that may be in a
// segment. The flag need not exist.
func requireServed(t require.TestingT, p *tidegate.Provider, want *evaluator.Snapshot, flag string) {
	for n := range 10 {
		user := fmt.Sprintf("user-%d", n)
		c := evaluator.NewContext(user)
		result := want.Evaluate(flag, &c)
		value, _ := result.Bool(false)
		got := p.BooleanEvaluation(context.Background(), flag, false, openfeature.FlattenedContext{openfeature.TargetingKey: user})
		require.Equal(t, value, got.Value, "%s for %s", flag, user)
		require.Equal(t, result.Variation, got.Variant, "%s for %s", flag, user)
		require.Equal(t, result.Reason.String(), string(got.Reason), "%s for %s", flag, user)
		if result.ErrorCode == evaluator.NoError {
			version, err := got.FlagMetadata.GetInt("version")
			require.NoError(t, err)
			require.Equal(t, result.Version, version, "%s for %s", flag, user)
		}
	}
}

// writer makes random changes to a shop.
type writer struct {
	t        *testing.T
	shop     *streamtest.Shop
	flags    []string // those that are not archived
	segments []string
	made     int
}

func (w *writer) write(rt *rapid.T) {
	switch rapid.SampledFrom([]string{"new flag", "configure", "archive flag", "new segment", "edit segment", "nothing"}).Draw(rt, "write") {
	case "new flag":
		w.flags = append(w.flags, w.key("flag"))
		w.shop.AddFlag(w.t, streamtest.Switch(w.flags[len(w.flags)-1], rapid.Bool().Draw(rt, "enabled")))
	case "configure":
		if len(w.flags) > 0 {
			w.shop.Configure(w.t, rapid.SampledFrom(w.flags).Draw(rt, "flag"), w.config(rt))
		}
	case "archive flag":
		if len(w.flags) > 0 {
			err := w.shop.ArchiveFlag(w.t.Context(), "shop", w.take(rt, &w.flags), store.AnyVersion, streamtest.By())
			require.NoError(w.t, err)
		}
	case "new segment":
		w.segments = append(w.segments, w.key("segment"))
		_, err := w.shop.CreateSegment(w.t.Context(), w.segment(rt, w.segments[len(w.segments)-1]), streamtest.By())
		require.NoError(w.t, err)
	case "edit segment":
		if len(w.segments) > 0 {
			segment := w.segment(rt, rapid.SampledFrom(w.segments).Draw(rt, "segment"))
			_, err := w.shop.UpdateSegment(w.t.Context(), segment, store.AnyVersion, streamtest.By())
			require.NoError(w.t, err)
		}
	}
}

func (w *writer) key(kind string) string {
	w.made++
	return fmt.Sprintf("%s-%d", kind, w.made)
}

// take removes a random element.
func (w *writer) take(rt *rapid.T, keys *[]string) string {
	i := rapid.IntRange(0, len(*keys)-1).Draw(rt, "index")
	key := (*keys)[i]
	*keys = append((*keys)[:i], (*keys)[i+1:]...)
	return key
}

func (w *writer) config(rt *rapid.T) evaluator.FlagConfig {
	config := streamtest.SwitchConfig(rapid.Bool().Draw(rt, "enabled"))
	if len(w.segments) > 0 && rapid.Bool().Draw(rt, "by segment") {
		segment, err := json.Marshal(rapid.SampledFrom(w.segments).Draw(rt, "segment"))
		require.NoError(w.t, err)
		config.Rules = []evaluator.Rule{{
			ID:      "members",
			Clauses: []evaluator.Clause{{Attribute: "targetingKey", Operator: evaluator.OpInSegment, Values: []json.RawMessage{segment}}},
			Serve:   evaluator.Serve{Variation: "off"},
		}}
	}
	return config
}

func (w *writer) segment(rt *rapid.T, key string) store.Segment {
	return store.Segment{
		Project: "shop", Key: key, Name: key, Excluded: []string{}, Rules: []evaluator.SegmentRule{},
		Included: rapid.SliceOfN(rapid.StringMatching(`user-[0-9]`), 0, 3).Draw(rt, "included"),
	}
}
