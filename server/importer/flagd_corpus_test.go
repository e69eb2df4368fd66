package importer_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/corpustest"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson"
	"github.com/tidegate-io/tidegate/server/importer"
)

// TestGeneratedDefinitions imports generated flags from flagd's format. It does so once as Tidegate exports them, and
// once as anybody would write them, without what only Tidegate knows. The first come back as they were. The second
// serve the same to everybody if they are imported without a loss.
func TestGeneratedDefinitions(t *testing.T) {
	t.Parallel()
	const flags, segments, contexts = 200, 10, 60
	corpus := corpustest.New(23)
	snapshot, problems, err := evaluator.Compile(corpus.Definition(flags, segments))
	require.NoError(t, err)
	require.Empty(t, problems)
	exported, _ := flagdjson.Export(snapshot, flagdjson.Options{Source: true})
	read := func(d flagdjson.Definition) (*importer.Plan, map[string]bool) {
		plan, err := importer.Read(encode(t, d), importer.Source{Format: "flagd"})
		require.NoError(t, err)
		lossy := map[string]bool{}
		for _, loss := range plan.Losses {
			for key := range d.Flags {
				lossy[key] = lossy[key] || strings.HasPrefix(loss.Path+"/", "/flags/"+key+"/")
			}
		}
		return plan, lossy
	}

	own, lossy := read(exported)
	require.Len(t, own.Flags, len(exported.Flags))
	restored := 0
	for _, f := range own.Flags {
		if lossy[f.Key] {
			continue // it needs a flag that flagd's format cannot express
		}
		restored++
		def, _ := snapshot.Flag(f.Key)
		require.JSONEq(t, string(encode(t, def.Config)), string(encode(t, f.Config)))
	}

	require.Greater(t, restored, len(exported.Flags)*4/5)

	for key, f := range exported.Flags {
		f.Metadata = nil
		exported.Flags[key] = f
	}
	exported.Metadata = nil
	foreign, lossy := read(exported)
	imported, problems, err := evaluator.Compile(foreign.Definition())
	require.NoError(t, err)
	require.Empty(t, problems)
	asked := make([]evaluator.Context, contexts)
	for i := range asked {
		asked[i] = evaluator.MapContext(corpus.Context())
	}
	compared := 0
	for _, f := range foreign.Flags {
		if lossy[f.Key] {
			continue
		}
		compared++
		for i := range asked {
			want, got := snapshot.Evaluate(f.Key, &asked[i]), imported.Evaluate(f.Key, &asked[i])
			if want.Variation != got.Variation || want.ErrorCode != got.ErrorCode {
				require.Fail(t, f.Key, "%s: wanted %s %s, not %s %s",
					encode(t, exported.Flags[f.Key]), want.Variation, want.ErrorCode, got.Variation, got.ErrorCode)
			}
		}
	}
	require.Greater(t, compared, flags/3)
}
