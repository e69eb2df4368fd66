package evaluator

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestApplyCompilesOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	flagOf := func(key string, version int64) Flag {
		return Flag{
			Key: key, Version: version, Type: TypeBoolean,
			Variations: []Variation{{Key: "on", Value: json.RawMessage("true")}},
			Config:     FlagConfig{Fallthrough: Serve{Variation: "on"}, Prerequisites: []Prerequisite{{Flag: "base", Variation: "on"}}},
		}
	}
	base := flagOf("base", 1)
	base.Config.Prerequisites = nil
	s, problems, err := Compile(Definition{
		FormatVersion: FormatVersion, Revision: 1, Flags: []Flag{base, flagOf("a", 1), flagOf("b", 1)},
		Segments: []Segment{{Key: "s", Version: 1}, {Key: "t", Version: 1}},
	})
	require.NoError(t, err)
	require.Empty(t, problems)
	base.Version = 2
	next, _, err := s.Apply(Patch{
		FormatVersion: FormatVersion, From: 1, Revision: 2,
		Flags: []Flag{base, flagOf("b", 2)}, Segments: []Segment{{Key: "t", Version: 2}},
	})
	require.NoError(t, err)
	require.Same(t, s.flag("a"), next.flag("a"), "not even when what it needs changes")
	require.NotSame(t, s.flag("base"), next.flag("base"))
	require.NotSame(t, s.flag("b"), next.flag("b"))
	require.Same(t, s.segments[s.segmentSlots["s"]], next.segments[next.segmentSlots["s"]])
	require.NotSame(t, s.segments[s.segmentSlots["t"]], next.segments[next.segmentSlots["t"]])
}
