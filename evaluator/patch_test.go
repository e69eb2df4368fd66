package evaluator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
)

func patch(from, revision int64, flags ...evaluator.Flag) evaluator.Patch {
	return evaluator.Patch{FormatVersion: evaluator.FormatVersion, Epoch: "e1", From: from, Revision: revision, Flags: flags}
}

func TestApplyRefusesWhatDoesNotFollow(t *testing.T) {
	t.Parallel()
	s := compile(t, definition([]evaluator.Flag{needing(t, "a", 1)}))
	newer := patch(1, 2)
	newer.FormatVersion++
	_, _, err := s.Apply(newer)
	require.ErrorIs(t, err, evaluator.ErrFormat)

	restored := patch(1, 2)
	restored.Epoch = "e2"
	_, _, err = s.Apply(restored)
	require.ErrorIs(t, err, evaluator.ErrEpoch)

	_, _, err = s.Apply(patch(2, 3))
	require.ErrorIs(t, err, evaluator.ErrGap)

	same, problems, err := s.Apply(patch(0, 1, needing(t, "b", 1)))
	require.NoError(t, err)
	require.Empty(t, problems)
	require.Same(t, s, same, "the snapshot is there already")
}

func TestApplyIgnoresOlderVersions(t *testing.T) {
	t.Parallel()
	s := compile(t, definition([]evaluator.Flag{needing(t, "a", 5)}))
	off := booleanFlag(t, "a", 5, `{"offVariation": "off", "fallthrough": {"variation": "on"}}`)
	next, _, err := s.Apply(patch(0, 6, off))
	require.NoError(t, err)
	c := evaluator.NewContext("u")
	require.Equal(t, "on", next.Evaluate("a", &c).Variation)
	require.EqualValues(t, 6, next.Evaluate("a", &c).Revision)
	require.EqualValues(t, 5, next.Evaluate("a", &c).Version)

	off.Version = 7
	next, _, err = next.Apply(patch(6, 7, off))
	require.NoError(t, err)
	require.Equal(t, evaluator.ReasonDisabled, next.Evaluate("a", &c).Reason)
	require.Equal(t, "on", s.Evaluate("a", &c).Variation, "the older snapshot stays as it was")
}

func TestApplyRemoves(t *testing.T) {
	t.Parallel()
	s := compile(t, definition([]evaluator.Flag{needing(t, "a", 1), needing(t, "b", 1, "a")}))
	p := patch(1, 2, needing(t, "c", 2))
	p.RemovedFlags = []string{"a", "never existed", "c"}
	next, _, err := s.Apply(p)
	require.NoError(t, err)
	c := evaluator.NewContext("u")
	require.Equal(t, evaluator.ErrorFlagNotFound, next.Evaluate("a", &c).ErrorCode)
	require.Equal(t, evaluator.ErrorFlagNotFound, next.Evaluate("c", &c).ErrorCode, "changed and removed is removed")
	require.Equal(t, evaluator.DetailPrerequisiteFailed, next.Evaluate("b", &c).Detail)
	require.Equal(t, 1, next.Len())
	_, ok := next.Flag("a")
	require.False(t, ok)
}

func TestCompileRefusesOtherFormats(t *testing.T) {
	t.Parallel()
	for _, format := range []int{0, evaluator.FormatVersion + 1} {
		def := definition(nil)
		def.FormatVersion = format
		_, _, err := evaluator.Compile(def)
		require.ErrorIs(t, err, evaluator.ErrFormat)
	}
}

func TestSnapshotTellsWhatItIs(t *testing.T) {
	t.Parallel()
	s := compile(t, definition([]evaluator.Flag{needing(t, "b", 1), needing(t, "a", 1)}))
	require.Equal(t, "default", s.Project())
	require.Equal(t, "production", s.Environment())
	require.Equal(t, "e1", s.Epoch())
	require.EqualValues(t, 1, s.Revision())
	var keys []string
	for f := range s.Flags() {
		keys = append(keys, f.Key)
	}
	require.Equal(t, []string{"a", "b"}, keys)
	for range s.Flags() {
		break
	}
}
