package evaluator_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
)

// booleanFlag returns a flag "f" with variations on and off and the configuration in JSON.
func booleanFlag(t testing.TB, key string, version int64, config string) evaluator.Flag {
	t.Helper()
	f := evaluator.Flag{
		Key: key, Version: version, Type: evaluator.TypeBoolean,
		Variations: []evaluator.Variation{
			{Key: "on", Value: json.RawMessage(`true`)},
			{Key: "off", Value: json.RawMessage(`false`)},
		},
	}
	require.NoError(t, json.Unmarshal([]byte(config), &f.Config))
	return f
}

// raw encodes what is known to encode.
func raw(v any) json.RawMessage {
	encoded, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return encoded
}

// definition returns a definition at revision 1.
func definition(flags []evaluator.Flag, segments ...evaluator.Segment) evaluator.Definition {
	return evaluator.Definition{
		FormatVersion: evaluator.FormatVersion, Project: "default", Environment: "production",
		Epoch: "e1", Revision: 1, Flags: flags, Segments: segments,
	}
}

// compile compiles a definition that has no problems.
func compile(t testing.TB, def evaluator.Definition) *evaluator.Snapshot {
	t.Helper()
	s, problems, err := evaluator.Compile(def)
	require.NoError(t, err)
	require.Empty(t, problems)
	return s
}
