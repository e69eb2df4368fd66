package importer_test

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// enginesFolder is the environment variable that names the folder where "npm ci" was run: engines, or a copy of it.
const enginesFolder = "TIDEGATE_IMPORT_ENGINES"

// judge is another system's own engine, in a Node process that lives as long as the test. engines/serve.mjs says what
// it is asked and what it answers.
type judge struct {
	questions io.WriteCloser
	answers   *bufio.Reader
}

// question is a file in the source's format, and the contexts to answer it for.
type question struct {
	Definition any              `json:"definition"`
	Contexts   []map[string]any `json:"contexts"`
	// Now is the time in milliseconds.
	Now int64 `json:"now,omitempty"`
}

// verdict is what the source answers to one context.
type verdict struct {
	// Value is empty where the caller's code default holds.
	Value json.RawMessage `json:"value"`
	// Open is set where the source lets the context into anything.
	Open bool `json:"open"`
	// Failed is set where the source cannot answer, and the code default holds.
	Failed bool `json:"failed"`
}

// newJudge starts engines/{name}.mjs.
func newJudge(t *testing.T, name string) *judge {
	t.Helper()
	folder := os.Getenv(enginesFolder)
	if folder == "" {
		t.Skipf("%s is not set: run npm ci in server/importer/engines and set it to that folder", enginesFolder)
	}
	folder, err := filepath.Abs(folder)
	require.NoError(t, err)
	command := exec.Command("node", name+".mjs")
	command.Dir = folder
	return startJudge(t, command)
}

// newGoJudge builds and starts testdata/{name}, a program of a module of its own.
func newGoJudge(t *testing.T, name string) *judge {
	t.Helper()
	if os.Getenv(enginesFolder) == "" {
		t.Skipf("%s is not set: the engines of other systems are not asked", enginesFolder)
	}
	program := filepath.Join(t.TempDir(), name)
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	build.Dir = filepath.Join("testdata", name)
	output, err := build.CombinedOutput()
	require.NoError(t, err, string(output))
	return startJudge(t, exec.Command(program))
}

func startJudge(t *testing.T, command *exec.Cmd) *judge {
	t.Helper()
	command.Stderr = os.Stderr
	questions, err := command.StdinPipe()
	require.NoError(t, err)
	answers, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		require.NoError(t, questions.Close())
		require.NoError(t, command.Wait())
	})
	return &judge{questions: questions, answers: bufio.NewReaderSize(answers, 1<<20)}
}

// ask returns the verdicts by flag, in the order of the contexts.
func (j *judge) ask(t *testing.T, q question) map[string][]verdict {
	t.Helper()
	var reply struct {
		Answers map[string][]verdict `json:"answers"`
		Error   string               `json:"error"`
	}
	require.NoError(t, json.NewEncoder(j.questions).Encode(q))
	line, err := j.answers.ReadBytes('\n')
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(line, &reply))
	require.Empty(t, reply.Error, "the source's engine does not take %s", encode(t, q.Definition))
	return reply.Answers
}

// judged is the time at which the sources and we are asked.
func judged() time.Time { return time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC) }
