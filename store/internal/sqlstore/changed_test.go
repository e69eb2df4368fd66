package sqlstore

import (
	"bytes"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

// A newer server may have written something that this one cannot read. The rest of the environment must still work.
func TestUnreadableDocumentsAreKeptOutAlone(t *testing.T) {
	t.Parallel()
	const variations, config = `[{"key":"on","value":true},{"key":"off","value":false}]`, `{"enabled":true,"offVariation":"off","fallthrough":{"variation":"on"}}`
	var logged bytes.Buffer
	s := &Store{log: slog.New(slog.NewTextHandler(&logged, nil))}
	ref := store.EnvironmentRef{Project: "shop", Environment: "production"}
	flag := func(key, variations, config string) evaluator.Flag {
		return s.evaluatedFlag(ref, db.FlagConfigListChangedRow{
			Flag: key, Type: "boolean", Variations: []byte(variations), Config: []byte(config), Revision: 1,
		})
	}
	segment := func(key, included string) evaluator.Segment {
		return s.evaluatedSegment(ref, db.SegmentListChangedRow{
			Segment: key, Included: []byte(included), Excluded: []byte(`[]`), Rules: []byte(`[]`), Revision: 1,
		})
	}
	_, problems, err := evaluator.Compile(evaluator.Definition{
		FormatVersion: evaluator.FormatVersion,
		Flags: []evaluator.Flag{
			flag("good", variations, config), flag("bad-variations", `{"on":true}`, config), flag("bad-config", variations, `{"enabled":"always"}`),
		},
		Segments: []evaluator.Segment{segment("good-segment", `["a"]`), segment("bad-segment", `"a"`)},
	})
	require.NoError(t, err)
	var kept []string
	for _, problem := range problems {
		kept = append(kept, problem.Key)
	}
	require.ElementsMatch(t, []string{"bad-variations", "bad-config", "bad-segment"}, kept)
	for _, key := range kept {
		require.Contains(t, logged.String(), key)
	}
}
