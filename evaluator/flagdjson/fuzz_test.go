package flagdjson_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/corpustest"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson"
)

// FuzzExport exports whatever compiles. Every flag is either in the definition, as JSON, or named with a reason.
func FuzzExport(f *testing.F) {
	for seed := range uint64(4) {
		f.Add(must(json.Marshal(corpustest.New(seed).Definition(3, 2))))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var d evaluator.Definition
		if json.Unmarshal(raw, &d) != nil {
			t.Skip("no definition")
		}
		d.FormatVersion = evaluator.FormatVersion
		s, _, err := evaluator.Compile(d)
		if err != nil {
			t.Skip("does not compile")
		}
		exported, omissions := flagdjson.Export(s, flagdjson.Options{Source: true})
		require.Equal(t, s.Len(), len(exported.Flags)+len(omissions))
		for _, o := range omissions {
			require.NotEmpty(t, o.Reason)
		}
		encoded, err := exported.Encode("")
		require.NoError(t, err)
		require.True(t, json.Valid(encoded))
		_, err = exported.Limit(len(encoded) / 2)
		require.NoError(t, err)
	})
}
