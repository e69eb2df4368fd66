package tidegate

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
)

func compile(t *testing.T, def evaluator.Definition) *evaluator.Snapshot {
	t.Helper()
	def.FormatVersion = evaluator.FormatVersion
	s, problems, err := evaluator.Compile(def)
	require.NoError(t, err)
	require.Empty(t, problems)
	return s
}

// flag makes a flag. If it has a segment, a rule on that segment decides whether it is on. It may need another flag.
func flag(key string, version int64, segment, needs string) evaluator.Flag {
	on := "on"
	f := evaluator.Flag{
		Key: key, Version: version, Type: evaluator.TypeBoolean,
		Variations: []evaluator.Variation{{Key: "on", Value: json.RawMessage("true")}, {Key: "off", Value: json.RawMessage("false")}},
		Config:     evaluator.FlagConfig{Enabled: true, OffVariation: &on, Fallthrough: evaluator.Serve{Variation: "on"}},
	}
	if segment != "" {
		in := evaluator.Clause{Operator: evaluator.OpInSegment, Values: []json.RawMessage{json.RawMessage(`"` + segment + `"`)}}
		f.Config.Rules = []evaluator.Rule{{
			ID: "r", Clauses: []evaluator.Clause{{Any: []evaluator.Clause{{All: []evaluator.Clause{in}}}}}, Serve: evaluator.Serve{Variation: "off"},
		}}
	}
	if needs != "" {
		f.Config.Prerequisites = []evaluator.Prerequisite{{Flag: needs, Variation: "on"}}
	}
	return f
}

func segment(key string, version int64, uses string) evaluator.Segment {
	s := evaluator.Segment{Key: key, Version: version, Included: []string{"user-1"}}
	if uses != "" {
		s.Rules = []evaluator.SegmentRule{{ID: "r", Clauses: []evaluator.Clause{
			{Operator: evaluator.OpInSegment, Values: []json.RawMessage{json.RawMessage(`"` + uses + `"`)}},
		}}}
	}
	return s
}

func TestChangedFlags(t *testing.T) {
	t.Parallel()
	base := evaluator.Definition{
		Flags: []evaluator.Flag{
			flag("alone", 1, "", ""), flag("by-staff", 1, "staff", ""), flag("by-testers", 1, "testers", ""),
			flag("needs-alone", 1, "", "alone"), flag("needs-that", 1, "", "needs-alone"),
		},
		Segments: []evaluator.Segment{segment("staff", 1, ""), segment("testers", 1, "staff")},
	}
	before := compile(t, base)
	for name, test := range map[string]struct {
		change func(*evaluator.Definition)
		want   []string
	}{
		"nothing":          {func(*evaluator.Definition) {}, []string{}},
		"a flag":           {func(d *evaluator.Definition) { d.Flags[1].Version = 2 }, []string{"by-staff"}},
		"a prerequisite":   {func(d *evaluator.Definition) { d.Flags[0].Version = 2 }, []string{"alone", "needs-alone", "needs-that"}},
		"a new flag":       {func(d *evaluator.Definition) { d.Flags = append(d.Flags, flag("new", 2, "", "")) }, []string{"new"}},
		"a removed flag":   {func(d *evaluator.Definition) { d.Flags = d.Flags[1:] }, []string{"alone", "needs-alone", "needs-that"}},
		"a segment":        {func(d *evaluator.Definition) { d.Segments[1].Version = 2 }, []string{"by-testers"}},
		"a nested segment": {func(d *evaluator.Definition) { d.Segments[0].Version = 2 }, []string{"by-staff", "by-testers"}},
		"the epoch": {
			func(d *evaluator.Definition) { d.Epoch = "restored" },
			[]string{"alone", "by-staff", "by-testers", "needs-alone", "needs-that"},
		},
		"a lost segment": {func(d *evaluator.Definition) { d.Segments = d.Segments[:1] }, []string{"by-testers"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			def := before.Definition()
			test.change(&def)
			after, _, err := evaluator.Compile(def)
			require.NoError(t, err)
			require.Equal(t, test.want, changedFlags(before, after))
		})
	}
}
