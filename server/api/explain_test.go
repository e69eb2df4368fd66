package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/corpustest"
	"github.com/tidegate-io/tidegate/server/servertest"
)

// TestExplanationsAreWhatIsEvaluated asks for contexts of every kind. No application would send most of them. OFREP
// evaluates each, and the explanation has the same outcome, or both refuse it.
func TestExplanationsAreWhatIsEvaluated(t *testing.T) {
	t.Parallel()
	const seed, flags, contexts = 5, 8, 150
	server, corpus := servertest.Start(t), corpustest.New(seed)
	keys := createCorpus(t, server, corpus, flags)
	var made struct{ Key string }
	server.Must(t, http.StatusCreated, http.MethodPost, project+"/environments/production/sdk-keys", `{"name": "k", "kind": "server"}`).Decode(t, &made)

	texts := hostileContexts()
	random := rand.New(rand.NewPCG(seed, 1))
	for range contexts {
		texts = append(texts, randomContext(t, random, corpus))
	}
	evaluated, refused := 0, 0
	for _, text := range texts {
		for _, key := range keys {
			status, want := evaluateBy(t, server, made.Key, key, text)
			path := project + "/flags/" + key + "/environments/production/explain"
			response := server.Call(t, http.MethodPost, path, `{"context":`+text+`}`)
			about := fmt.Sprintf("flag %s, context %.300s: OFREP says %d %+v, explain %d %.300s", key, text, status, want, response.Status, response.Body)
			if want.ErrorDetails != "" && (want.ErrorCode == "INVALID_CONTEXT" || want.ofBody()) {
				require.Contains(t, []int{http.StatusBadRequest, http.StatusUnprocessableEntity}, response.Status, about)
				refused++
				continue
			}
			require.Equal(t, http.StatusOK, response.Status, about)
			var got outcome
			response.Decode(t, &got)
			require.Equal(t, want.ErrorCode, got.ErrorCode, about)
			if want.ErrorCode == "" {
				require.Equal(t, [4]any{want.Value, want.Variant, want.Reason, want.Metadata.Detail}, [4]any{got.Value, got.Variation, got.Reason, got.Detail}, about)
			}
			evaluated++
		}
	}
	require.Greater(t, evaluated, len(texts)*flags/4)
	require.Greater(t, refused, len(texts)*flags/20)
}

// outcome is an answer of OFREP or an explanation.
type outcome struct {
	Value                                         any
	Variant, Variation, Reason, Detail, ErrorCode string
	ErrorDetails                                  string
	Metadata                                      struct{ Detail, RuleID string }
}

// ofBody distinguishes a PARSE_ERROR of the body from that of a flag that does not compile. There is no such flag
// here.
func (o *outcome) ofBody() bool { return o.ErrorCode == "PARSE_ERROR" }

func evaluateBy(t *testing.T, server *servertest.Server, sdkKey, flag, context string) (int, outcome) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/ofrep/v1/evaluate/flags/"+flag, strings.NewReader(`{"context":`+context+`}`))
	require.NoError(t, err)
	request.Header.Set("X-Api-Key", sdkKey)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	var o outcome
	require.NoError(t, json.Unmarshal(content, &o), "%s", content)
	return response.StatusCode, o
}

// createCorpus makes the flags of the corpus in production, including those with expressions.
func createCorpus(t *testing.T, server *servertest.Server, corpus *corpustest.Corpus, count int) []string {
	t.Helper()
	definition := corpus.Definition(count, 3)
	for _, s := range definition.Segments {
		server.Must(t, http.StatusCreated, http.MethodPut, project+"/segments/"+s.Key, marshal(t, map[string]any{
			"included": append([]string{}, s.Included...), "excluded": append([]string{}, s.Excluded...), "rules": append([]evaluator.SegmentRule{}, s.Rules...),
		}))
	}
	var keys []string
	for _, f := range definition.Flags {
		keys = append(keys, f.Key)
		server.Must(t, http.StatusCreated, http.MethodPut, project+"/flags/"+f.Key, marshal(t, map[string]any{"type": f.Type, "variations": f.Variations}))
		config := marshal(t, f.Config)
		if f.Config.Targeting != nil {
			config = strings.Replace(config, `"fallthrough":{}`, `"fallthrough":null`, 1)
		}
		server.Must(t, http.StatusOK, http.MethodPatch, project+"/flags/"+f.Key+"/environments/production", config)
	}
	return keys
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	encoded, err := json.Marshal(v)
	require.NoError(t, err)
	return string(encoded)
}

// hostileContexts are some valid contexts and some texts that are no valid context.
func hostileContexts() []string {
	return []string{
		`{}`, `null`, `[]`, `"text"`, `7`, `{"targetingKey": 123}`, `{"targetingKey": null}`, `{"targetingKey": ["u"]}`, `{"targetingKey": ""}`,
		`{"targetingKey": "a\u0000b"}`, `{"a\u0000": "\u0000"}`, `{"a": 1e400}`, `{"a": -0}`, `{"a": 9007199254740993}`, `{"a": "\ud800"}`,
		"{\"a\": \"\xff\"}", `{"a": 1, "a": 2}`, `{"a": {"b": 1, "b": 2}}`, `{"a": }`, `{"context": {}}`, `{"": 1}`, `{"$flagd": {"timestamp": 1}}`,
		nestedLists(31), nestedLists(32), nestedLists(33), nestedLists(200), wide(1000), wide(1001),
		`{"a": [` + strings.Repeat(`1,`, 9998) + `1]}`, `{"a": [` + strings.Repeat(`1,`, 10000) + `1]}`,
		`{"a": "` + strings.Repeat("x", 250<<10) + `"}`, `{"a": "` + strings.Repeat("x", 257<<10) + `"}`,
		`{"a":` + strings.Repeat(" ", 257<<10) + `1}`, `{"a": "` + strings.Repeat(`\u0041`, 50<<10) + `"}`,
	}
}

func nestedLists(depth int) string {
	return `{"a": ` + strings.Repeat("[", depth-1) + strings.Repeat("]", depth-1) + `}`
}

func wide(attributes int) string {
	var b bytes.Buffer
	for i := range attributes {
		fmt.Fprintf(&b, `,"a%d":%d`, i, i)
	}
	return "{" + b.String()[1:] + "}"
}

// randomContext is a context of the corpus in which some attributes have got other values, of any type.
func randomContext(t *testing.T, random *rand.Rand, corpus *corpustest.Corpus) string {
	t.Helper()
	context := corpus.Context()
	values := []any{nil, true, "", "1", "user-1", 1, -0.5, 1e300, []any{}, []any{"user-1", 1, nil}, map[string]any{"a": []any{map[string]any{}}}}
	for name := range context {
		if random.IntN(4) == 0 {
			context[name] = values[random.IntN(len(values))]
		}
	}
	if random.IntN(3) == 0 {
		context[evaluator.AttributeTargetingKey] = values[random.IntN(len(values))]
	}
	return marshal(t, context)
}
