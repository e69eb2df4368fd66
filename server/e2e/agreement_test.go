package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/corpustest"
	tidegate "github.com/tidegate-io/tidegate/sdk"
	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// TestAgreement evaluates one corpus of flags and contexts, with rules and with expressions, in four ways: by OFREP,
// by the Go provider in-process, by OpenFeature's provider for flagd in-process on the sync stream, and by the same
// provider over RPC. All answers must be the same, including errors, except for the flags that the sync stream names
// as left out. The reasons must be the same too, except in-process by flagd's definition, which cannot tell as much;
// see requireReasons.
func TestAgreement(t *testing.T) {
	t.Parallel()
	requireClients(t)
	const seed, flags, segments, contexts = 11, 80, 6, 50
	corpus := corpustest.New(seed)
	definition := corpus.Definition(flags, segments)
	data, addr, rpcAddr, syncAddr := t.TempDir(), flagdtest.FreeAddress(t), flagdtest.FreeAddress(t), flagdtest.FreeAddress(t)
	addresses := []string{"FLAGD_FLAGD_ADDR=" + rpcAddr, "FLAGD_FLAGD_SYNC_ADDR=" + syncAddr}

	first := flagdtest.Start(t, flagdtest.Settings{DataDir: data, Addr: addr})
	key := first.SDKKey(t, "production", "server")
	first.Terminate(t)
	require.NoError(t, first.AwaitExit(t))
	server := flagdtest.Start(t, flagdtest.Settings{DataDir: data, Addr: addr, Environment: append(addresses, "FLAGD_FLAGD_KEYS="+key)})
	createCorpus(t, server, &definition)

	asked := question{}
	for _, f := range definition.Flags {
		asked.Flags = append(asked.Flags, flagOfType{f.Key, f.Type})
	}
	for range contexts {
		asked.Contexts = append(asked.Contexts, corpus.Context())
	}
	want := askOFREP(t, server, key, &asked)
	requireEveryReason(t, want)
	require.Equal(t, want, askGoProvider(t, server, key, &asked), "the Go provider, in-process")

	official := askOfficialProvider(t, &asked, append(addresses, "FLAGD_URL="+server.URL, "FLAGD_SDK_KEY="+key, "FLAGD_TOKEN="+flagdtest.Token))
	require.Equal(t, want, official.RPC, "OpenFeature's provider for flagd, by RPC")
	omitted := omittedFlags(t, syncAddr, key)
	require.NotEmpty(t, omitted)
	require.Less(t, len(omitted), flags/2, "most flags can be expressed for flagd")
	for flag, answers := range official.InProcess {
		if omitted[flag] {
			for _, a := range answers {
				require.Equal(t, given{ErrorCode: "FLAG_NOT_FOUND", Reason: "ERROR"}, a, flag)
			}
			continue
		}
		requireReasons(t, flag, want[flag], answers)
		require.Equal(t, withoutReasons(want[flag]), withoutReasons(answers), "%s, by OpenFeature's provider for flagd, in-process", flag)
	}
}

// requireEveryReason makes sure that the corpus has every reason and has expressions that fail. Otherwise agreement
// would mean little.
func requireEveryReason(t *testing.T, answers map[string][]given) {
	t.Helper()
	seen := make(map[string]bool)
	for _, list := range answers {
		for _, a := range list {
			seen[a.Reason+a.ErrorCode] = true
		}
	}
	for _, reason := range []string{"STATIC", "DEFAULT", "TARGETING_MATCH", "SPLIT", "DISABLED", "ERRORGENERAL"} {
		require.Contains(t, seen, reason)
	}
}

// requireReasons compares the reasons of flagd's definition with the server's. The definition says what is served,
// but not why. It knows only targeting, for a rule, a rollout and the fallthrough alike. So the reason is a match of
// the targeting, or the default if targeting gives null for the default variant, or static if the context has no
// influence.
func requireReasons(t *testing.T, flag string, want, got []given) {
	t.Helper()
	allowed := map[string][]string{
		"STATIC": {"STATIC"}, "DISABLED": {"DISABLED"}, "ERROR": {"ERROR"},
		"DEFAULT": {"STATIC", "DEFAULT", "TARGETING_MATCH"}, "TARGETING_MATCH": {"STATIC", "DEFAULT", "TARGETING_MATCH"},
		"SPLIT": {"STATIC", "DEFAULT", "TARGETING_MATCH"},
	}
	for i := range want {
		require.Contains(t, allowed[want[i].Reason], got[i].Reason, "%s: the server says %s", flag, want[i].Reason)
	}
}

func withoutReasons(answers []given) []given {
	bare := slices.Clone(answers)
	for i := range bare {
		bare[i].Reason = ""
	}
	return bare
}

// question is what each way of evaluating is asked: every flag for every context.
type question struct {
	Flags    []flagOfType     `json:"flags"`
	Contexts []map[string]any `json:"contexts"`
}

type flagOfType struct {
	Key  string         `json:"key"`
	Type evaluator.Type `json:"type"`
}

// given is one answer. The code default has neither variant nor value.
type given struct {
	Variant   string `json:"variant"`
	Value     any    `json:"value"`
	ErrorCode string `json:"errorCode"`
	Reason    string `json:"reason"`
}

// createCorpus makes the segments and flags in production, by REST.
func createCorpus(t *testing.T, server *flagdtest.Server, definition *evaluator.Definition) {
	t.Helper()
	for _, s := range definition.Segments {
		server.MustCall(t, http.MethodPut, flagdtest.Project+"/segments/"+s.Key,
			flagdtest.Map{"included": orEmpty(s.Included), "excluded": orEmpty(s.Excluded), "rules": orEmpty(s.Rules)}, nil)
	}
	for _, f := range definition.Flags {
		server.MustCall(t, http.MethodPut, flagdtest.Project+"/flags/"+f.Key, flagdtest.Map{"type": f.Type, "variations": f.Variations}, nil)
		server.MustCall(t, http.MethodPatch, flagdtest.Project+"/flags/"+f.Key+"/environments/production", configPatch(t, &f.Config), nil)
	}
}

// configPatch turns the configuration of a new flag into this one. If an expression decides, the fallthrough has to
// be removed.
func configPatch(t *testing.T, config *evaluator.FlagConfig) flagdtest.Map {
	t.Helper()
	encoded, err := json.Marshal(config)
	require.NoError(t, err)
	var patch flagdtest.Map
	require.NoError(t, json.Unmarshal(encoded, &patch))
	if config.Targeting != nil {
		patch["fallthrough"] = nil
	}
	return patch
}

func orEmpty[T any](list []T) []T { return append([]T{}, list...) }

func askOFREP(t *testing.T, server *flagdtest.Server, key string, asked *question) map[string][]given {
	t.Helper()
	answers := make(map[string][]given)
	for _, attributes := range asked.Contexts {
		var bulk struct {
			Flags []struct {
				Key string `json:"key"`
				given
			} `json:"flags"`
		}
		require.NoError(t, server.CallAs(t.Context(), key, http.MethodPost, "/ofrep/v1/evaluate/flags", flagdtest.Map{"context": attributes}, &bulk))
		require.Len(t, bulk.Flags, len(asked.Flags))
		for _, f := range bulk.Flags {
			if f.ErrorCode != "" {
				f.Reason = "ERROR" // OFREP leaves it to the error code to say so
			}
			answers[f.Key] = append(answers[f.Key], f.given)
		}
	}
	return answers
}

func askGoProvider(t *testing.T, server *flagdtest.Server, key string, asked *question) map[string][]given {
	t.Helper()
	provider := tidegate.NewProvider(server.URL, key, tidegate.WithService("", ""), tidegate.WithoutReports())
	require.NoError(t, openfeature.SetNamedProviderAndWait(t.Name(), provider))
	t.Cleanup(openfeature.Shutdown)
	client := openfeature.NewClient(t.Name())
	answers := make(map[string][]given)
	for _, f := range asked.Flags {
		for _, attributes := range asked.Contexts {
			targetingKey, _ := attributes[evaluator.AttributeTargetingKey].(string)
			answers[f.Key] = append(answers[f.Key], resolveByType(t, client, f, openfeature.NewEvaluationContext(targetingKey, attributes)))
		}
	}
	return answers
}

// resolveByType asks an OpenFeature client for a flag of the type.
func resolveByType(t *testing.T, client *openfeature.Client, f flagOfType, c openfeature.EvaluationContext) given {
	t.Helper()
	var value any
	var details openfeature.EvaluationDetails
	var err error
	switch f.Type {
	case evaluator.TypeBoolean:
		value, details, err = detailsOf(client.BooleanValueDetails(t.Context(), f.Key, false, c))
	case evaluator.TypeString:
		value, details, err = detailsOf(client.StringValueDetails(t.Context(), f.Key, "", c))
	case evaluator.TypeNumber:
		value, details, err = detailsOf(client.FloatValueDetails(t.Context(), f.Key, 0, c))
	default:
		value, details, err = detailsOf(client.ObjectValueDetails(t.Context(), f.Key, nil, c))
	}
	a := given{Variant: details.Variant, ErrorCode: string(details.ErrorCode), Reason: string(details.Reason)}
	require.Equal(t, a.ErrorCode != "", err != nil, "%s: %v", f.Key, err)
	if a.Variant != "" {
		a.Value = value
	}
	return a
}

func detailsOf[T any](d openfeature.GenericEvaluationDetails[T], err error) (any, openfeature.EvaluationDetails, error) {
	return d.Value, d.EvaluationDetails, err
}

// official are the answers of OpenFeature's provider for flagd.
type official struct {
	RPC       map[string][]given `json:"rpc"`
	InProcess map[string][]given `json:"inProcess"`
}

func askOfficialProvider(t *testing.T, asked *question, environment []string) official {
	t.Helper()
	input, err := json.Marshal(asked)
	require.NoError(t, err)
	node := exec.CommandContext(t.Context(), "node", "agreement.mjs")
	node.Dir = "clients"
	node.Env = append(os.Environ(), environment...)
	node.Stdin = bytes.NewReader(input)
	var stderr bytes.Buffer
	node.Stderr = &stderr
	output, err := node.Output()
	require.NoError(t, err, "node agreement.mjs:\n%s", stderr.String())
	var answers official
	require.NoError(t, json.Unmarshal(output, &answers), "%.200s", output)
	return answers
}

// omittedFlags asks the sync protocol which flags it leaves out.
func omittedFlags(t *testing.T, syncAddr, key string) map[string]bool {
	t.Helper()
	sync := &flagdtest.Server{URL: "http://" + syncAddr}
	var fetched struct {
		FlagConfiguration string `json:"flagConfiguration"`
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	require.NoError(t, sync.CallAs(ctx, key, http.MethodPost, "/flagd.sync.v1.FlagSyncService/FetchAllFlags", flagdtest.Map{}, &fetched))
	var definition struct {
		Metadata struct {
			OmittedFlags string `json:"omittedFlags"`
		} `json:"metadata"`
	}
	require.NoError(t, json.Unmarshal([]byte(fetched.FlagConfiguration), &definition))
	omitted := make(map[string]bool)
	for _, key := range strings.Split(definition.Metadata.OmittedFlags, ",") {
		omitted[key] = key != ""
	}
	return omitted
}
