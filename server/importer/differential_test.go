package importer_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson"
	"github.com/tidegate-io/tidegate/server/importer"
)

// More pairs, or other ones, are compared with
//
//	go test ./server/importer -run TestJudge -importer.pairs 100000 -importer.seed 7
var (
	pairs = flag.Int("importer.pairs", 5000, "how many pairs of a flag and a context are compared with each source's engine")
	seed  = flag.Uint64("importer.seed", 1, "the seed of the definitions and contexts that are generated")
)

// differential compares what is imported with what the source's own engine serves, for generated files. Either both
// are the same, or the flag is reported. Nobody is let in whom the source keeps out.
type differential struct {
	// engine names the judge; start starts it, newJudge unless set. source is how the file is read.
	engine string
	start  func(t *testing.T, engine string) *judge
	source importer.Source
	// generate makes a file in the source's format. Flags must be split only at 0 and 100 %.
	generate func(random *rand.Rand) any
	// context makes an OpenFeature context.
	context func(random *rand.Rand) map[string]any
	// buckets are the attributes, besides the targeting key, by which flags may be split.
	buckets []string
	// exact is the least share of the pairs that must be equal. Without it, an import that reports everything would
	// pass.
	exact float64
}

func (d *differential) judge(t *testing.T) *judge {
	t.Helper()
	if d.start != nil {
		return d.start(t, d.engine)
	}
	return newJudge(t, d.engine)
}

const contextsOfFile = 40

func (d *differential) run(t *testing.T) {
	t.Helper()
	j := d.judge(t)
	t.Logf("%s: seed %d", d.engine, *seed)
	random := rand.New(rand.NewPCG(*seed, 11))
	compared, equal, open := 0, 0, 0
	for compared < *pairs {
		file := d.generate(random)
		contexts := make([]map[string]any, contextsOfFile)
		for i := range contexts {
			contexts[i] = d.context(random)
		}
		verdicts := j.ask(t, question{Definition: file, Contexts: contexts, Now: judged().UnixMilli()})
		imported := importFile(t, file, d.source)
		for _, key := range sortedKeysOf(verdicts) {
			for i, context := range contexts {
				ours := imported.answer(t, key, context)
				problem := ours.problem(&verdicts[key][i], imported.reported[key])
				if problem != "" {
					t.Fatalf("%s: the source answers %s, we %s to %s of %s\nfile: %s\nours: %s\nreport: %q", problem, describe(verdicts[key][i].Value),
						describe(ours.value), encode(t, context), key, encode(t, file), encode(t, imported.flags[key]), imported.messages[key])
				}
				compared++
				if !imported.reported[key] {
					equal++
				}
				if verdicts[key][i].open() {
					open++
				}
			}
		}
	}
	t.Logf("%s: %d pairs compared, %d of flags without a report, %d open in the source", d.engine, compared, equal, open)
	require.Greater(t, float64(equal), d.exact*float64(compared), "too much is reported")
	require.Greater(t, open, compared/20)
	require.Less(t, open, compared*19/20)
}

// splits compares shares only, since an import does not keep who is in which part of a split. Each flag is asked for
// many targeting keys with the same attributes. Flags that are reported may only close.
func (d *differential) splits(t *testing.T, files int) {
	t.Helper()
	const keys = 1000
	j := d.judge(t)
	t.Logf("%s: seed %d", d.engine, *seed)
	random := rand.New(rand.NewPCG(*seed, 12))
	for range files {
		file, context := d.generate(random), d.context(random)
		contexts := make([]map[string]any, keys)
		for i := range contexts {
			contexts[i] = map[string]any{}
			for name, value := range context {
				contexts[i][name] = value
			}
			for _, name := range append(d.buckets, evaluator.AttributeTargetingKey) {
				contexts[i][name] = fmt.Sprintf("%s-%d-%x", name, i, random.Uint32())
			}
		}
		verdicts := j.ask(t, question{Definition: file, Contexts: contexts, Now: judged().UnixMilli()})
		imported := importFile(t, file, d.source)
		for _, key := range sortedKeysOf(verdicts) {
			theirs, ours := map[string]float64{}, map[string]float64{}
			for i, context := range contexts {
				theirs[describe(verdicts[key][i].Value)]++
				answer := imported.answer(t, key, context)
				ours[describe(answer.value)]++
			}
			for _, value := range union(theirs, ours) {
				if imported.reported[key] && (ours[value] <= theirs[value] || value == imported.closed(key)) {
					continue
				}
				p := (theirs[value] + ours[value]) / (2 * keys)
				limit := 5*math.Sqrt(2*p*(1-p)/keys) + 0.012
				if math.Abs(theirs[value]-ours[value])/keys > limit {
					t.Fatalf("the source serves %s to %.3f, we to %.3f of all, with %s of %s\nfile: %s\nours: %s\nreport: %q", value, theirs[value]/keys,
						ours[value]/keys, encode(t, context), key, encode(t, file), encode(t, imported.flags[key]), imported.messages[key])
				}
			}
		}
	}
}

// importedFile is what Read makes of a file, ready to be asked.
type importedFile struct {
	snapshot *evaluator.Snapshot
	flags    map[string]importer.Flag
	reported map[string]bool
	messages map[string][]string
}

func importFile(t *testing.T, file any, source importer.Source) *importedFile {
	t.Helper()
	plan, err := importer.Read(encode(t, file), source)
	require.NoError(t, err, "%s", encode(t, file))
	return importPlan(t, plan)
}

func importPlan(t *testing.T, plan *importer.Plan) *importedFile {
	t.Helper()
	snapshot, problems, err := evaluator.Compile(plan.Definition())
	require.NoError(t, err)
	require.Empty(t, problems)
	f := &importedFile{snapshot: snapshot, flags: map[string]importer.Flag{}, reported: map[string]bool{}, messages: map[string][]string{}}
	for _, flag := range plan.Flags {
		f.flags[flag.Key] = flag
	}
	for _, loss := range plan.Losses {
		f.reported[loss.Flag] = f.reported[loss.Flag] || loss.Effect != importer.EffectDropped
		f.messages[loss.Flag] = append(f.messages[loss.Flag], loss.Path+": "+loss.Message)
	}
	return f
}

// served is our answer; a flag that was left out serves the code default.
type served struct {
	value, off json.RawMessage
	failed     bool
}

func (f *importedFile) answer(t *testing.T, key string, context map[string]any) served {
	t.Helper()
	c := evaluator.MapContext(context).At(judged())
	result := f.snapshot.Evaluate(key, &c)
	a := served{off: f.offValue(key), failed: result.Reason == evaluator.ReasonError && result.ErrorCode != evaluator.ErrorFlagNotFound}
	if result.Variation == "" {
		return a
	}
	flag := f.flags[key]
	a.value = valueOf(&flag, result.Variation)
	return a
}

// offValue is what a flag serves while it is off. It is nothing for the code default.
func (f *importedFile) offValue(key string) json.RawMessage {
	flag := f.flags[key]
	if flag.Config.OffVariation == nil {
		return nil
	}
	return valueOf(&flag, *flag.Config.OffVariation)
}

func (f *importedFile) closed(key string) string { return describe(f.offValue(key)) }

func valueOf(flag *importer.Flag, variation string) json.RawMessage {
	for _, v := range flag.Variations {
		if v.Key == variation {
			return v.Value
		}
	}
	return nil
}

// problem says what is wrong with our answer, "" if nothing is.
func (a *served) problem(theirs *verdict, reported bool) string {
	same := describe(a.value) == describe(theirs.Value)
	closed := a.value == nil || describe(a.value) == describe(a.off)
	switch {
	case a.failed && !theirs.Failed:
		return "an evaluation fails"
	case same:
		return ""
	case !theirs.open() && !closed:
		return "it opens"
	case !reported:
		return "it differs, and nothing is said"
	case !closed:
		return "it serves another value"
	default:
		return ""
	}
}

// open reports whether the context got what others do not: true, for a boolean.
func (v *verdict) open() bool {
	return v.Open && !bytes.Equal(v.Value, []byte("false"))
}

// describe is a value in a form that compares.
func describe(value json.RawMessage) string {
	var v any
	if len(value) == 0 || json.Unmarshal(value, &v) != nil {
		return "the code default"
	}
	encoded, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(encoded)
}

func union(a, b map[string]float64) []string {
	keys := append(sortedKeysOf(a), sortedKeysOf(b)...)
	slices.Sort(keys)
	return slices.Compact(keys)
}

func sortedKeysOf[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// asExported exports what is imported, and compares our answers with those of flagd's own evaluator: expressions may
// only say what means the same to both.
func (d *differential) asExported(t *testing.T, files int) {
	t.Helper()
	flagd := newJudge(t, "flagd")
	random := rand.New(rand.NewPCG(*seed, 13))
	compared := 0
	for range files {
		file := d.generate(random)
		contexts := make([]map[string]any, contextsOfFile)
		for i := range contexts {
			contexts[i] = d.context(random)
		}
		imported := importFile(t, file, d.source)
		exported, _ := flagdjson.Export(imported.snapshot, flagdjson.Options{})
		verdicts := flagd.ask(t, question{Definition: exported, Contexts: contexts, Now: judged().UnixMilli()})
		for _, key := range sortedKeysOf(verdicts) {
			for i, context := range contexts {
				ours := imported.answer(t, key, context)
				require.Equal(t, describe(verdicts[key][i].Value), describe(ours.value), "%s of %s to %s", key, encode(t, imported.flags[key]), encode(t, context))
				compared++
			}
		}
	}
	require.Greater(t, compared, files*contextsOfFile)
}
