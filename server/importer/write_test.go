package importer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/client"
	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson"
	"github.com/tidegate-io/tidegate/server/importer"
	"github.com/tidegate-io/tidegate/server/servertest"
	"github.com/tidegate-io/tidegate/store"
)

func staging(t *testing.T, server *servertest.Server) *importer.Target {
	t.Helper()
	return &importer.Target{Client: calling(t, server, servertest.AdminToken), Project: "default", Environment: "staging"}
}

func calling(t *testing.T, server *servertest.Server, token string) *client.Client {
	t.Helper()
	c, err := client.New(server.URL, token)
	require.NoError(t, err)
	return c
}

var stagingRef = store.EnvironmentRef{Project: "default", Environment: "staging"}

// TestSamplesAreWritten imports every sample twice into a server of its own. What is stored is what was read, and the
// second import finds it all there.
func TestSamplesAreWritten(t *testing.T) {
	t.Parallel()
	for name := range samples() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := servertest.Start(t)
			plan, target := readSample(t, name), staging(t, server)
			for _, verb := range []string{"create", "keep"} {
				written := 0
				target.Progress = func(done, total int) {
					written++
					require.Equal(t, written, done)
					require.Equal(t, len(plan.Flags)+len(plan.Segments), total)
				}
				actions, err := target.Compare(t.Context(), plan)
				require.NoError(t, err)
				require.Len(t, actions, len(plan.Flags)+len(plan.Segments))
				for _, a := range actions {
					require.Equal(t, importer.Action{Kind: a.Kind, Key: a.Key, Verb: verb}, a)
				}
				require.NoError(t, target.Write(t.Context(), plan, actions))
				require.Equal(t, verb == "create", written > 0)
			}
			stored, err := server.Store.Definition(t.Context(), stagingRef)
			require.NoError(t, err)
			require.Len(t, stored.Flags, len(plan.Flags))
			for _, f := range stored.Flags {
				require.JSONEq(t, string(encode(t, flagIn(plan, f.Key).Config)), string(encode(t, f.Config)), f.Key)
			}
		})
	}
}

// TestAnImportIsResumed writes a part of a plan, as an import that broke off would. Then it writes only the rest.
func TestAnImportIsResumed(t *testing.T) {
	t.Parallel()
	server := servertest.Start(t)
	plan, target := readSample(t, "flagsmith.json"), staging(t, server)
	ctx, cancel := context.WithCancel(t.Context())
	target.Progress = func(int, int) { cancel() }
	actions, err := target.Compare(ctx, plan)
	require.NoError(t, err)
	require.Error(t, target.Write(ctx, plan, actions))
	actions, err = target.Compare(t.Context(), plan)
	require.NoError(t, err)
	verbs := map[string]int{}
	for _, a := range actions {
		verbs[a.Verb]++
	}
	require.Equal(t, 1, verbs["keep"])
	require.Equal(t, len(actions)-1, verbs["create"]+verbs["replace"])
	target.Progress = nil
	require.NoError(t, target.Write(t.Context(), plan, actions))
	actions, err = target.Compare(t.Context(), plan)
	require.NoError(t, err)
	for _, a := range actions {
		require.Equal(t, "keep", a.Verb, a.Key)
	}
}

func flagIn(plan *importer.Plan, key string) *importer.Flag {
	for i := range plan.Flags {
		if plan.Flags[i].Key == key {
			return &plan.Flags[i]
		}
	}
	return &importer.Flag{}
}

func encode(t testing.TB, v any) []byte {
	t.Helper()
	encoded, err := json.Marshal(v)
	require.NoError(t, err)
	return encoded
}

// TestOurOwnExportComesBack exports an environment to flagd's format and reads it again.
func TestOurOwnExportComesBack(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"launchdarkly.json", "flagsmith.json", "flagd.json", "flipt.yaml"} {
		before := readSample(t, name).Definition()
		for i := range before.Flags {
			before.Flags[i].Config.Rules = withoutTimes(before.Flags[i].Config.Rules)
		}
		snapshot, _, err := evaluator.Compile(before)
		require.NoError(t, err)
		exported, omitted := flagdjson.Export(snapshot, flagdjson.Options{Source: true})
		require.Empty(t, omitted, name)
		file, err := exported.Encode("  ")
		require.NoError(t, err)
		plan, err := importer.Read(file, importer.Source{Format: "flagd"})
		require.NoError(t, err)
		require.Empty(t, plan.Losses)
		require.JSONEq(t, string(encode(t, snapshot.Definition().Flags)), string(encode(t, versioned(plan.Definition().Flags))))
		require.JSONEq(t, string(encode(t, snapshot.Definition().Segments)), string(encode(t, append([]evaluator.Segment{}, plan.Definition().Segments...))))
	}
}

// TestOurOwnExportEdited: if the file was edited after the export, the edited parts count.
func TestOurOwnExportEdited(t *testing.T) {
	t.Parallel()
	snapshot, _, err := evaluator.Compile(readSample(t, "flagsmith.json").Definition())
	require.NoError(t, err)
	exported, _ := flagdjson.Export(snapshot, flagdjson.Options{Source: true})
	read := func(edit func(file map[string]any)) *importer.Plan {
		var file map[string]any
		require.NoError(t, json.Unmarshal(encode(t, exported), &file))
		edit(file)
		plan, err := importer.Read(encode(t, file), importer.Source{Format: "flagd"})
		require.NoError(t, err)
		return plan
	}
	flag := func(file map[string]any, key string) map[string]any {
		return file["flags"].(map[string]any)[key].(map[string]any)
	}

	plan := read(func(file map[string]any) {
		edited := flag(file, "banner")
		edited["targeting"], edited["defaultVariant"] = nil, "big"
	})
	require.Len(t, plan.Losses, 1)
	require.Equal(t, "/flags/banner", plan.Losses[0].Path)
	require.Equal(t, evaluator.Serve{Variation: "big"}, flagIn(plan, "banner").Config.Fallthrough)

	// A segment is among the $evaluators; the flags that ask for it are read anew, the others are as they were.
	plan = read(func(file map[string]any) {
		for name := range file["$evaluators"].(map[string]any) {
			file["$evaluators"].(map[string]any)[name] = map[string]any{"==": []any{map[string]any{"var": "plan"}, "pro"}}
		}
	})
	require.NotEmpty(t, plan.Losses)
	for _, loss := range plan.Losses {
		require.NotEqual(t, "/flags/banner", loss.Path)
	}
	again, problems, err := evaluator.Compile(plan.Definition())
	require.NoError(t, err)
	require.Empty(t, problems)
	pro := evaluator.MapContext(map[string]any{"plan": "pro"})
	require.Equal(t, "on", again.Evaluate("staff_menu", &pro).Variation)
}

// withoutTimes leaves out the rules that flagd's format cannot express.
func withoutTimes(rules []evaluator.Rule) (kept []evaluator.Rule) {
	for _, r := range rules {
		if len(r.Clauses) == 0 || r.Clauses[0].Operator != evaluator.OpBefore {
			kept = append(kept, r)
		}
	}
	return kept
}

func versioned(flags []evaluator.Flag) []evaluator.Flag {
	for i := range flags {
		flags[i].Version = 1
	}
	return flags
}

func TestWhatStandsInTheWay(t *testing.T) {
	t.Parallel()
	server := servertest.Start(t)
	plan, target := readSample(t, "flagd.json"), staging(t, server)
	server.Must(t, http.StatusCreated, http.MethodPut, "/projects/default/flags/plain", `{"type": "boolean"}`)
	actions, err := target.Compare(t.Context(), plan)
	require.NoError(t, err)
	var problems []string
	for _, a := range actions {
		if a.Problem != "" {
			problems = append(problems, a.Key+": "+a.Problem)
		}
	}
	require.Equal(t, []string{"plain: there is a flag of this key with another type or other variations"}, problems)
	require.NoError(t, target.Write(t.Context(), plan, actions))
	var b bytes.Buffer
	require.NoError(t, importer.Report(&b, plan, actions))
	require.Contains(t, b.String(), "flag plain is left as it is: there is a flag of this key")

	target.Environment = "nowhere"
	_, err = target.Compare(t.Context(), plan)
	require.ErrorContains(t, err, "look at default/nowhere: ")
	require.ErrorIs(t, err, client.ErrNotFound)
	target.Environment, target.Client = "staging", calling(t, server, "tg_wrong")
	_, err = target.Compare(t.Context(), plan)
	require.ErrorIs(t, err, client.ErrUnauthorized)
	require.ErrorContains(t, target.Write(t.Context(), plan, actions), "flag")
}
