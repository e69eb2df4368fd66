package flagdjson_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/corpustest"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson"
)

// BenchmarkExport is what a change costs a replica while clients sync. It costs this once, however many clients there
// are.
func BenchmarkExport(b *testing.B) {
	s, _, err := evaluator.Compile(corpustest.New(7).Definition(1000, 20))
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		d, _ := flagdjson.Export(s, flagdjson.Options{})
		if _, err := d.Encode(""); err != nil {
			b.Fatal(err)
		}
	}
}
