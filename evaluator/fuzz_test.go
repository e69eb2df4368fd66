package evaluator_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/corpustest"
)

// FuzzCompileAndEvaluate compiles each definition that decodes, and evaluates it for each context that decodes.
// Neither may panic, and Explain must agree with Evaluate.
func FuzzCompileAndEvaluate(f *testing.F) {
	seedDefinitions(f, func(def, context []byte) { f.Add(def, context) })
	f.Fuzz(func(t *testing.T, encoded, context []byte) {
		var def evaluator.Definition
		if json.Unmarshal(encoded, &def) != nil {
			return
		}
		def.FormatVersion = evaluator.FormatVersion
		s, problems, err := evaluator.Compile(def)
		require.NoError(t, err)
		for _, p := range problems {
			require.NotEmpty(t, p.Error())
		}
		var attributes map[string]any
		if json.Unmarshal(context, &attributes) != nil {
			return
		}
		c := evaluator.MapContext(attributes).WithInstance("checkout", "2.3.0", "i-1")
		s.EvaluateAll(&c, func(key string, _ bool, r evaluator.Result) bool {
			x := s.Explain(key, &c)
			require.Empty(t, corpustest.Difference(r, x.Result), key)
			_, err := json.Marshal(x)
			require.NoError(t, err)
			return true
		})
		require.Len(t, s.Definition().Flags, s.Len())
	})
}

// FuzzValidate validates whatever decodes; what passes must compile.
func FuzzValidate(f *testing.F) {
	seedDefinitions(f, func(def, _ []byte) { f.Add(def) })
	f.Fuzz(func(t *testing.T, encoded []byte) {
		var def evaluator.Definition
		if json.Unmarshal(encoded, &def) != nil {
			return
		}
		def.FormatVersion = evaluator.FormatVersion
		for _, flag := range def.Flags {
			invalid := evaluator.ValidateFlag(flag) != nil || evaluator.ValidateConfig(def, flag) != nil
			alone := evaluator.Definition{FormatVersion: evaluator.FormatVersion, Flags: []evaluator.Flag{flag}}
			_, problems, err := evaluator.Compile(alone)
			require.NoError(t, err)
			require.True(t, invalid || len(problems) == 0, "%v", problems)
		}
		for _, segment := range def.Segments {
			if evaluator.ValidateSegment(def, segment) != nil {
				continue
			}
			alone := evaluator.Definition{FormatVersion: evaluator.FormatVersion, Segments: []evaluator.Segment{segment}}
			_, problems, err := evaluator.Compile(alone)
			require.NoError(t, err)
			require.Empty(t, problems)
		}
	})
}

// FuzzApply applies whatever decodes as a patch.
func FuzzApply(f *testing.F) {
	seedDefinitions(f, func(def, _ []byte) { f.Add(def, def) })
	f.Fuzz(func(t *testing.T, encoded, patched []byte) {
		var def evaluator.Definition
		var p evaluator.Patch
		if json.Unmarshal(encoded, &def) != nil || json.Unmarshal(patched, &p) != nil {
			return
		}
		def.FormatVersion, p.FormatVersion, p.Epoch = evaluator.FormatVersion, evaluator.FormatVersion, def.Epoch
		s, _, err := evaluator.Compile(def)
		require.NoError(t, err)
		next, _, err := s.Apply(p)
		if err != nil {
			require.ErrorIs(t, err, evaluator.ErrGap)
			return
		}
		c := evaluator.NewContext("u")
		count := 0
		next.EvaluateAll(&c, func(string, bool, evaluator.Result) bool { count++; return true })
		require.Equal(t, next.Len(), count)
	})
}

// seedDefinitions adds each flag of the frozen vectors with one of its contexts.
func seedDefinitions(f *testing.F, add func(def, context []byte)) {
	f.Helper()
	paths, err := filepath.Glob("testdata/*.json")
	require.NoError(f, err)
	require.NotEmpty(f, paths)
	for _, path := range paths {
		encoded, err := os.ReadFile(path)
		require.NoError(f, err)
		var file vectors
		require.NoError(f, json.Unmarshal(encoded, &file))
		contexts := map[string][]byte{}
		for _, v := range file.Cases {
			contexts[v.Flag] = v.Context
		}
		for _, flag := range file.Definition.Flags {
			def := evaluator.Definition{FormatVersion: evaluator.FormatVersion, Flags: []evaluator.Flag{flag}, Segments: file.Definition.Segments}
			context := contexts[flag.Key]
			if context == nil {
				context = []byte(`{}`)
			}
			add(raw(def), context)
		}
	}
}
