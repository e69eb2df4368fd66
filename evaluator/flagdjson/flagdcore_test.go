package flagdjson_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/corpustest"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson"
)

// flagdCoreFolder is the environment variable that names the folder where "npm ci" was run:
// evaluator/testdata/flagdcore, or a copy of it.
const flagdCoreFolder = "TIDEGATE_FLAGD_CORE"

// TestFlagdServesTheSame evaluates exported flags with OpenFeature's @openfeature/flagd-core, and the flags that they
// were made of with the evaluator, for the same contexts.
func TestFlagdServesTheSame(t *testing.T) {
	t.Parallel()
	folder := os.Getenv(flagdCoreFolder)
	if folder == "" {
		t.Skipf("%s is not set: run npm ci in evaluator/testdata/flagdcore and set it to that folder", flagdCoreFolder)
	}
	folder, err := filepath.Abs(folder)
	require.NoError(t, err)
	const flags, segments, contexts = 400, 20, 100
	corpus := corpustest.New(7)
	snapshot, problems, err := evaluator.Compile(corpus.Definition(flags, segments))
	require.NoError(t, err)
	require.Empty(t, problems)
	definition, omissions := flagdjson.Export(snapshot, flagdjson.Options{})
	require.Len(t, definition.Flags, flags-len(omissions))
	require.Greater(t, len(definition.Flags), flags/2, "most flags can be expressed")
	require.NotEmpty(t, omissions, "some cannot")

	input := question{Types: make(map[string]evaluator.Type)}
	input.Definition = string(must(definition.Encode("")))
	for range contexts {
		input.Contexts = append(input.Contexts, corpus.Context())
	}
	for key := range definition.Flags {
		def, _ := snapshot.Flag(key)
		input.Types[key] = def.Type
	}
	answers := ask(t, folder, input)
	for key, got := range answers {
		require.Len(t, got, contexts)
		for i, attributes := range input.Contexts {
			c := evaluator.MapContext(attributes)
			r := snapshot.Evaluate(key, &c)
			want := answer{Variant: r.Variation, Value: r.Value.Any(), Reason: got[i].Reason}
			if r.ErrorCode != evaluator.NoError {
				want.ErrorCode = r.ErrorCode.String()
			}
			require.Equal(t, want, got[i],
				"flag %s\nconfig %s\nexported %s\ncontext %s\nours %s %s, flagd %+v", key, jsonOf(flagOf(snapshot, key).Config),
				jsonOf(definition.Flags[key]), jsonOf(attributes), r.Reason, r.Detail, got[i])
			require.Contains(t, reasons(&r), got[i].Reason, "flag %s", key)
		}
	}
}

// reasons are the reasons that flagd may give for ours: its targeting says what is served, but not why.
func reasons(r *evaluator.Result) []string {
	if r.Detail == evaluator.DetailOff || r.Detail == evaluator.DetailKilled {
		return []string{r.Reason.String()}
	}
	switch r.Reason {
	case evaluator.ReasonStatic:
		return []string{"STATIC"}
	case evaluator.ReasonError:
		return []string{"ERROR"}
	default:
		return []string{"STATIC", "DEFAULT", "TARGETING_MATCH"}
	}
}

type question struct {
	Definition string                    `json:"definition"`
	Types      map[string]evaluator.Type `json:"types"`
	Contexts   []map[string]any          `json:"contexts"`
}

type answer struct {
	Variant   string `json:"variant"`
	Value     any    `json:"value"`
	ErrorCode string `json:"errorCode"`
	Reason    string `json:"reason"`
}

// ask resolves with flagd-core.
func ask(t *testing.T, folder string, q question) map[string][]answer {
	t.Helper()
	command := exec.CommandContext(t.Context(), "node", "resolve-all.mjs")
	command.Dir = folder
	command.Stdin = bytes.NewReader(must(json.Marshal(q)))
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	require.NoError(t, err, stderr.String())
	var answers map[string][]answer
	require.NoError(t, json.Unmarshal(output, &answers), "%.200s", output)
	return answers
}

func flagOf(s *evaluator.Snapshot, key string) evaluator.Flag {
	f, _ := s.Flag(key)
	return f
}

func jsonOf(v any) string { return string(must(json.Marshal(v))) }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
