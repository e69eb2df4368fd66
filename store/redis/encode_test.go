package redis

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

var ref = store.EnvironmentRef{Project: "shop", Environment: "production"}

func definition() evaluator.Definition {
	return evaluator.Definition{
		FormatVersion: evaluator.FormatVersion, Project: ref.Project, Environment: ref.Environment, Epoch: "e", Revision: 3,
	}
}

// encoded gives the fields as Redis gives them back.
func encoded(t testing.TB, def evaluator.Definition) map[string]string {
	t.Helper()
	list, err := encodeSnapshot(def)
	require.NoError(t, err)
	fields := make(map[string]string)
	for i := 0; i < len(list); i += 2 {
		switch value := list[i+1].(type) {
		case string:
			fields[list[i].(string)] = value
		case []byte:
			fields[list[i].(string)] = string(value)
		}
	}
	return fields
}

func TestLargeSnapshotsAreCompressed(t *testing.T) {
	t.Parallel()
	def := definition()
	require.Equal(t, encodingJSON, encoded(t, def)[fieldEncoding])
	def.Flags = []evaluator.Flag{{Key: strings.Repeat("k", compressAbove)}}
	fields := encoded(t, def)
	require.Equal(t, encodingGzip, fields[fieldEncoding])
	require.Less(t, len(fields[fieldBody]), compressAbove/10)
	got, err := decodeSnapshot(ref, fields)
	require.NoError(t, err)
	require.Equal(t, def, got)
}

func TestDecodeSnapshotOfANewerServer(t *testing.T) {
	t.Parallel()
	newer := definition()
	newer.FormatVersion++
	unknown := encoded(t, definition())
	unknown[fieldEncoding] = "zstd"
	for name, fields := range map[string]map[string]string{
		"nothing": {}, "another format": encoded(t, newer), "another encoding": unknown,
	} {
		_, err := decodeSnapshot(ref, fields)
		require.ErrorIs(t, err, store.ErrNotFound, name)
	}
}

func TestDecodeSnapshotRefusesDamage(t *testing.T) {
	t.Parallel()
	elsewhere := definition()
	elsewhere.Environment = "staging"
	for name, fields := range map[string]map[string]string{
		"no JSON":             {fieldEncoding: encodingJSON, fieldBody: `{`},
		"no gzip":             {fieldEncoding: encodingGzip, fieldBody: `{}`},
		"another environment": encoded(t, elsewhere),
	} {
		_, err := decodeSnapshot(ref, fields)
		require.Error(t, err, name)
		require.NotErrorIs(t, err, store.ErrNotFound, name)
	}
}

func FuzzDecodeSnapshot(f *testing.F) {
	small, large := encoded(f, definition()), definition()
	large.Flags = []evaluator.Flag{{Key: strings.Repeat("k", compressAbove)}}
	packed := encoded(f, large)
	f.Add(small[fieldEncoding], []byte(small[fieldBody]))
	f.Add(packed[fieldEncoding], []byte(packed[fieldBody]))
	f.Add("", []byte(nil))
	f.Fuzz(func(t *testing.T, encoding string, body []byte) {
		def, err := decodeSnapshot(ref, map[string]string{fieldEncoding: encoding, fieldBody: string(body)})
		if err != nil {
			return
		}
		if def.Project != ref.Project || def.Environment != ref.Environment || def.FormatVersion != evaluator.FormatVersion {
			t.Fatalf("accepted a snapshot of something else: %+v", def)
		}
		if _, err := json.Marshal(def); err != nil {
			t.Fatalf("accepted what cannot be encoded again: %v", err)
		}
	})
}
