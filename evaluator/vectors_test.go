package evaluator_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
)

// The vectors are frozen: a vector that changes is a breaking release. New ones are written with
//
//	cd evaluator && go test -run TestVectors -update
//
// Their results come from expectations written by hand and from an independent MurmurHash3, never from the evaluator.
var update = flag.Bool("update", false, "write testdata/*.json anew")

// vectors is one file of testdata. Its README describes the format.
type vectors struct {
	Description string               `json:"description"`
	Definition  evaluator.Definition `json:"definition"`
	Cases       []vector             `json:"cases"`
}

type vector struct {
	Name    string          `json:"name"`
	Flag    string          `json:"flag"`
	Context json.RawMessage `json:"context"`
	Result  vectorResult    `json:"result"`
}

type vectorResult struct {
	Variation *string         `json:"variation"`
	Value     json.RawMessage `json:"value"`
	Reason    string          `json:"reason"`
	ErrorCode string          `json:"errorCode,omitempty"`
	Detail    string          `json:"detail,omitempty"`
	RuleIndex *int            `json:"ruleIndex,omitempty"`
	RuleID    string          `json:"ruleId,omitempty"`
}

const leastVectors = 500

func TestVectors(t *testing.T) {
	files := map[string]vectors{
		"operators.json": operatorVectors(t),
		"rollouts.json":  rolloutVectors(t),
		"outcomes.json":  outcomeVectors(t),
	}
	count := 0
	for name, want := range files {
		path := filepath.Join("testdata", name)
		encoded := encodeVectors(t, want)
		if *update {
			require.NoError(t, os.WriteFile(path, encoded, 0o644))
		}
		stored, err := os.ReadFile(path)
		require.NoError(t, err)
		requireSameLines(t, path, encoded, stored)
		var file vectors
		require.NoError(t, json.Unmarshal(stored, &file))
		t.Run(name, func(t *testing.T) { runVectors(t, file) })
		count += len(file.Cases)
	}
	require.GreaterOrEqual(t, count, leastVectors)
}

// requireSameLines shows only the first line that differs.
func requireSameLines(t *testing.T, path string, want, got []byte) {
	t.Helper()
	wantLines, gotLines := bytes.Split(want, []byte("\n")), bytes.Split(got, []byte("\n"))
	for i := range min(len(wantLines), len(gotLines)) {
		require.Equal(t, string(wantLines[i]), string(gotLines[i]), "line %d of %s, which is frozen", i+1, path)
	}
	require.Len(t, gotLines, len(wantLines), "%s is frozen", path)
}

func runVectors(t *testing.T, file vectors) {
	t.Helper()
	s, _, err := evaluator.Compile(file.Definition)
	require.NoError(t, err)
	for _, v := range file.Cases {
		var attributes map[string]any
		require.NoError(t, json.Unmarshal(v.Context, &attributes))
		c := evaluator.MapContext(attributes)
		require.Equal(t, string(raw(v.Result)), string(raw(resultOf(s.Evaluate(v.Flag, &c)))), v.Name)
	}
}

func resultOf(r evaluator.Result) vectorResult {
	v := vectorResult{
		Value: r.Value.JSON(), Reason: r.Reason.String(), ErrorCode: r.ErrorCode.String(), Detail: r.Detail.String(), RuleID: r.RuleID,
	}
	if !r.Value.IsNone() {
		v.Variation = &r.Variation
	}
	if r.RuleIndex >= 0 {
		v.RuleIndex = &r.RuleIndex
	}
	return v
}

// encodeVectors writes one case a line, so that a difference is readable.
func encodeVectors(t *testing.T, v vectors) []byte {
	t.Helper()
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n\"description\": %s,\n\"definition\": {\"formatVersion\": %d, \"project\": \"\", \"environment\": \"\", \"epoch\": \"\", \"revision\": 1,\n",
		raw(v.Description), v.Definition.FormatVersion)
	writeLines(&b, "flags", v.Definition.Flags)
	b.WriteString(",\n")
	writeLines(&b, "segments", v.Definition.Segments)
	b.WriteString("},\n")
	writeLines(&b, "cases", v.Cases)
	b.WriteString("\n}\n")
	require.True(t, json.Valid(b.Bytes()))
	return b.Bytes()
}

func writeLines[T any](b *bytes.Buffer, name string, items []T) {
	fmt.Fprintf(b, "%q: [", name)
	for i, item := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(readable(item))
	}
	b.WriteString("\n]")
}

// readable is raw without escaping <, > and &.
func readable(v any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}
