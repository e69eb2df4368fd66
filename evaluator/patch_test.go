package evaluator_test

import (
	"fmt"
	"sync"
	"sync/atomic"
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
	require.Equal(t, evaluator.DetailOff, next.Evaluate("a", &c).Detail)
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

func TestSegmentsAreGuardedByVersionToo(t *testing.T) {
	t.Parallel()
	f := booleanFlag(t, "f", 1, `{"enabled": true, "rules": [{"id": "r", "clauses": [{"operator": "inSegment", "values": ["s"]}],
		"serve": {"variation": "on"}}], "fallthrough": {"variation": "off"}}`)
	s := compile(t, definition([]evaluator.Flag{f}, evaluator.Segment{Key: "s", Version: 5, Included: []string{"u"}}))
	c := evaluator.NewContext("u")
	p := patch(1, 6)
	p.Segments = []evaluator.Segment{{Key: "s", Version: 5}}
	next, _, err := s.Apply(p)
	require.NoError(t, err)
	require.Equal(t, "on", next.Evaluate("f", &c).Variation)

	p = patch(6, 7)
	p.Segments = []evaluator.Segment{{Key: "s", Version: 7}}
	next, _, err = next.Apply(p)
	require.NoError(t, err)
	require.Equal(t, "off", next.Evaluate("f", &c).Variation)

	p = patch(7, 8)
	p.RemovedSegments = []string{"s", "never existed"}
	next, _, err = next.Apply(p)
	require.NoError(t, err)
	require.Equal(t, "off", next.Evaluate("f", &c).Variation)
	trace := next.Explain("f", &c).Rules[0].Clauses[0].Segments[0]
	require.Equal(t, evaluator.SegmentTrace{Outcome: evaluator.OutcomeUnknown, Segment: "s", By: "missing"}, trace)
	require.Empty(t, next.Definition().Segments)
	require.Equal(t, "on", s.Evaluate("f", &c).Variation, "the older snapshot stays as it was")
}

// TestSnapshotsAreSafeForConcurrentUse is for the race detector.
func TestSnapshotsAreSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	flags := []evaluator.Flag{needing(t, "base", 1)}
	for i := range 20 {
		flags = append(flags, needing(t, fmt.Sprintf("f%d", i), 1, "base"))
	}
	first := compile(t, definition(flags))
	var current atomic.Pointer[evaluator.Snapshot]
	current.Store(first)
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			c := evaluator.NewContext("u")
			for last := int64(0); last < 100; {
				s := current.Load()
				last = s.Revision()
				s.EvaluateAll(&c, func(key string, _ bool, r evaluator.Result) bool {
					return r.Revision == last && s.Explain(key, &c).Revision == last
				})
			}
		})
	}
	for revision := int64(2); revision <= 100; revision++ {
		p := patch(revision-1, revision, needing(t, fmt.Sprintf("f%d", revision%20), revision, "base"), needing(t, fmt.Sprintf("new-%d", revision), revision))
		next, _, err := current.Load().Apply(p)
		require.NoError(t, err)
		current.Store(next)
	}
	readers.Wait()
	require.Equal(t, 21, first.Len())
	require.Equal(t, 21+99, current.Load().Len())
}

func TestEvaluateAllStopsWhenAsked(t *testing.T) {
	t.Parallel()
	s := compile(t, definition([]evaluator.Flag{needing(t, "a", 1), needing(t, "b", 1)}))
	c := evaluator.NewContext("u")
	var keys []string
	s.EvaluateAll(&c, func(key string, _ bool, _ evaluator.Result) bool {
		keys = append(keys, key)
		return false
	})
	require.Equal(t, []string{"a"}, keys)
}

func TestOfAKeyThatStandsTwiceTheHigherVersionCounts(t *testing.T) {
	t.Parallel()
	off := func(version int64) evaluator.Flag {
		return booleanFlag(t, "a", version, `{"offVariation": "off", "fallthrough": {"variation": "on"}}`)
	}
	c := evaluator.NewContext("u")
	for _, flags := range [][]evaluator.Flag{{needing(t, "a", 2), off(1)}, {off(1), needing(t, "a", 2)}} {
		s := compile(t, definition(flags))
		require.Equal(t, "on", s.Evaluate("a", &c).Variation)
		require.Equal(t, 1, s.Len())
	}
}
