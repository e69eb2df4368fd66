package evaluator

import (
	"bytes"
	"encoding/json"
	commandline "flag"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The frozen corpus holds generated cases with what @openfeature/flagd-core made of them. It is written anew with
//
//	TIDEGATE_FLAGD_CORE=… go test -run TestExpressionsAreFlagds -freeze-expressions
var freeze = commandline.Bool("freeze-expressions", false, "write testdata/expressions/flagd.json anew")

const (
	corpusFile = "testdata/expressions/flagd.json"
	corpusSize = 1_000
	// generatedAt is the $flagd.timestamp of all generated cases.
	generatedAt = 1_790_000_000
)

// What became of an expression, in the words of testdata/flagdcore/expressions.mjs.
const (
	resultFailed  = "failed"
	resultRefused = "refused"
	resultNull    = "null"
	resultValue   = "value:"
)

// resultOfExpression evaluates a case. Where it is refused, the message says why.
func resultOfExpression(t testing.TB, c *expressionCase) (result, message string) {
	t.Helper()
	var compiling compiler
	x := compiling.compileExpression(mustMarshal(t, c.Targeting), nil)
	if len(compiling.list) > 0 {
		return resultRefused, compiling.list[0].Message
	}
	context := MapContext(c.Context).At(time.Unix(generatedAt, 0))
	m := machine{context: context, flag: &flag{key: "flag"}, meter: expressionMeter()}
	d, ok := m.start(&x.root, datum{kind: datumRoot})
	switch {
	case !ok:
		return resultFailed, ""
	case d.nullish():
		return resultNull, ""
	default:
		return resultValue + d.toText(&m.meter), ""
	}
}

// refusals are the reasons to refuse an expression that flagd takes. Such an expression always fails where it is
// reached, or flagd's engine makes sense of it only by accident. Few of the generated expressions are refused.
func refusals() []string {
	return []string{"always fails", "wrap it in an if", "must be a number", "all gives true or false", "divided by zero"}
}

// agreesWithFlagd reports whether a case gives what flagd gives. Some expressions would always fail, and flagd refuses
// to load them. Here such an expression may instead fail when it is evaluated.
func agreesWithFlagd(t *testing.T, c *expressionCase, want string) (agrees, refused bool) {
	t.Helper()
	got, message := resultOfExpression(t, c)
	if got == resultRefused && want != resultRefused {
		for _, reason := range refusals() {
			if strings.Contains(message, reason) {
				return true, true
			}
		}
		t.Logf("refused: %s", message)
		return false, true
	}
	if got == want || want == resultRefused && got == resultFailed {
		return true, false
	}
	t.Logf("flagd gives %q, the evaluator %q: %s", want, got, mustMarshal(t, c))
	return false, false
}

// TestExpressionsAreFlagds evaluates 10 000 generated expressions with the evaluator and with OpenFeature's own
// evaluator, @openfeature/flagd-core.
func TestExpressionsAreFlagds(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("TIDEGATE_FLAGD_CORE")
	if folder == "" {
		t.Skip("TIDEGATE_FLAGD_CORE is not set: run npm ci in evaluator/testdata/flagdcore and set it to that folder")
	}
	folder, err := filepath.Abs(folder)
	require.NoError(t, err)
	cases := generatedExpressions(10_000)
	refused, values := 0, 0
	for i, want := range evaluateWithFlagd(t, folder, cases) {
		agrees, wasRefused := agreesWithFlagd(t, &cases[i], want)
		require.True(t, agrees)
		if cases[i].Result = want; strings.HasPrefix(want, resultValue) {
			values++
			refused += boolInt(wasRefused)
		}
	}
	require.Greater(t, values, len(cases)/4, "too few expressions give a value")
	require.Less(t, refused, len(cases)/100, "too many expressions are refused that flagd gives a value for")
	if *freeze {
		freezeExpressions(t, cases)
	}
}

// generatedExpressions leaves out expressions that bucket by other than ASCII: the daemon and most providers of flagd
// hash UTF-8, as we do, while @openfeature/flagd-core 4.0 hashes UTF-16 code units.
func generatedExpressions(n int) []expressionCase {
	generator := expressionGenerator{rand.New(rand.NewPCG(20261121, 7))}
	cases := make([]expressionCase, 0, n)
	for len(cases) < n {
		c := generator.caseOf()
		if encoded, err := json.Marshal(c); err == nil && (isASCII(string(encoded)) || !bytes.Contains(encoded, []byte("fractional"))) {
			cases = append(cases, c)
		}
	}
	return cases
}

func freezeExpressions(t *testing.T, cases []expressionCase) {
	t.Helper()
	var b bytes.Buffer
	b.WriteByte('[')
	for i := range cases[:corpusSize] {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(mustMarshal(t, cases[i]))
	}
	b.WriteString("\n]\n")
	require.NoError(t, os.WriteFile(corpusFile, b.Bytes(), 0o644))
}

// frozenExpressions are cases with what flagd makes of them.
func frozenExpressions(t testing.TB) []expressionCase {
	t.Helper()
	encoded, err := os.ReadFile(corpusFile)
	require.NoError(t, err)
	var cases []expressionCase
	require.NoError(t, json.Unmarshal(encoded, &cases))
	require.Len(t, cases, corpusSize)
	return cases
}

func TestFrozenExpressions(t *testing.T) {
	t.Parallel()
	for _, c := range frozenExpressions(t) {
		agrees, _ := agreesWithFlagd(t, &c, c.Result)
		require.True(t, agrees)
	}
}

func evaluateWithFlagd(t *testing.T, folder string, cases []expressionCase) []string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "node", "expressions.mjs")
	command.Dir = folder
	command.Stdin = bytes.NewReader(mustMarshal(t, map[string]any{"timestamp": generatedAt, "expressions": cases}))
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	require.NoError(t, err, stderr.String())
	var results []string
	require.NoError(t, json.Unmarshal(output, &results))
	require.Len(t, results, len(cases))
	return results
}

func mustMarshal(t testing.TB, v any) []byte {
	t.Helper()
	encoded, err := json.Marshal(v)
	require.NoError(t, err)
	return encoded
}

// FuzzExpression compiles and evaluates whatever is JSON: neither may panic or take long, and evaluating with a trace
// gives the same.
func FuzzExpression(f *testing.F) {
	for _, c := range frozenExpressions(f)[:200] {
		f.Add(mustMarshal(f, c.Targeting), mustMarshal(f, c.Context))
	}
	f.Add([]byte(`{"reduce":[{"var":"l"},{"cat":[{"var":"accumulator"},{"var":"accumulator"}]},"xxxxxxxx"]}`), []byte(`{"l":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28]}`))
	f.Add([]byte(`{"$evaluators":{"a":{"==":[{"var":"x"},1]}},"if":[{"$ref":"a"},"on","off"]}`), []byte(`{"x":1}`))
	f.Fuzz(func(t *testing.T, targeting, attributes []byte) {
		var context map[string]any
		if json.Unmarshal(attributes, &context) != nil {
			return
		}
		var compiling compiler
		x := compiling.compileExpression(targeting, nil)
		if compiling.err() != nil {
			return
		}
		c := MapContext(context).At(time.Unix(generatedAt, 0))
		m := machine{context: c, flag: &flag{key: "flag"}, meter: expressionMeter()}
		d, ok := m.start(&x.root, datum{kind: datumRoot})
		traced := machine{context: c, flag: m.flag, meter: expressionMeter(), trace: &targetingTrace{printer: printer{room: newRoom()}}}
		again, okAgain := traced.start(&x.root, datum{kind: datumRoot})
		require.Equal(t, ok, okAgain)
		if ok {
			require.Equal(t, d.toText(&m.meter), again.toText(&traced.meter))
		}
		mustMarshal(t, traced.trace.steps)
	})
}
