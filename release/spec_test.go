package release_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
)

func TestValidateSpec(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		spec string
		// wrong are the pointers of the errors.
		wrong []string
	}{
		"the example": {spec: `{"variation": "on",
			"trigger": {"deployment": {"service": "checkout", "version": ">=2.3.0"}},
			"steps": [{"weight": 1000, "hold": "10m"}, {"weight": 25000, "hold": "30m"}, {"weight": 100000}],
			"onRollback": "revert"}`},
		"manual, one step":    {spec: `{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 1}]}`},
		"at a time":           {spec: `{"variation": "on", "trigger": {"at": "2026-12-01T09:00:00Z"}, "steps": [{"weight": 1, "hold": "1s"}, {"weight": 2}]}`},
		"nothing":             {spec: `{}`, wrong: []string{"/variation", "/trigger", "/steps"}},
		"unknown variation":   {spec: `{"variation": "blue", "trigger": {"manual": true}, "steps": [{"weight": 1}]}`, wrong: []string{"/variation"}},
		"two triggers":        {spec: `{"variation": "on", "trigger": {"manual": true, "at": "2026-12-01T09:00:00Z"}, "steps": [{"weight": 1}]}`, wrong: []string{"/trigger"}},
		"no time":             {spec: `{"variation": "on", "trigger": {"at": "0001-01-01T00:00:00Z"}, "steps": [{"weight": 1}]}`, wrong: []string{"/trigger/at"}},
		"no service":          {spec: `{"variation": "on", "trigger": {"deployment": {"version": "*"}}, "steps": [{"weight": 1}]}`, wrong: []string{"/trigger/deployment/service"}},
		"no range":            {spec: `{"variation": "on", "trigger": {"deployment": {"service": "a", "version": "new"}}, "steps": [{"weight": 1}]}`, wrong: []string{"/trigger/deployment/version"}},
		"weight of nothing":   {spec: `{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 0}]}`, wrong: []string{"/steps/0/weight"}},
		"weight above all":    {spec: `{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 100001}]}`, wrong: []string{"/steps/0/weight"}},
		"weights do not rise": {spec: `{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 5, "hold": "1s"}, {"weight": 5}]}`, wrong: []string{"/steps/1/weight"}},
		"last step holds":     {spec: `{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 5, "hold": "1s"}]}`, wrong: []string{"/steps/0/hold"}},
		"hold too short":      {spec: `{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 5, "hold": "999ms"}, {"weight": 6}]}`, wrong: []string{"/steps/0/hold"}},
		"no hold":             {spec: `{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 5}, {"weight": 6}]}`, wrong: []string{"/steps/0/hold"}},
		"hold of years":       {spec: `{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 5, "hold": "9000h"}, {"weight": 6}]}`, wrong: []string{"/steps/0/hold"}},
		"everything": {spec: `{"variation": "on", "target": {"rule": "beta"},
			"trigger": {"deployment": {"service": "a", "version": "*", "healthyFor": "10m", "minInstances": 3, "minShare": 100},
				"at": "2026-12-01T09:00:00Z", "release": {"environment": "staging", "flag": "other"}},
			"windows": [{"days": ["monday"], "from": "09:00", "to": "24:00", "timeZone": "Asia/Kathmandu"}],
			"steps": [{"segment": "internal", "minSample": 5}, {"segment": "beta", "hold": "1h", "approval": true}, {"weight": 1}, {"weight": 2, "approval": true}]}`},
		"unknown rule":   {spec: `{"variation": "on", "target": {"rule": "x"}, "trigger": {"manual": true}, "steps": [{"weight": 1}]}`, wrong: []string{"/target/rule"}},
		"no environment": {spec: `{"variation": "on", "trigger": {"release": {}}, "steps": [{"weight": 1}]}`, wrong: []string{"/trigger/release/environment"}},
		"impossible conditions": {spec: `{"variation": "on", "trigger": {"deployment": {"service": "a", "version": "*", "healthyFor": "-1s", "minInstances": -1, "minShare": 101}},
			"steps": [{"weight": 1}]}`, wrong: []string{"/trigger/deployment/healthyFor", "/trigger/deployment/minInstances", "/trigger/deployment/minShare"}},
		"segment with a weight":    {spec: `{"variation": "on", "trigger": {"manual": true}, "steps": [{"segment": "a", "weight": 1, "hold": "1s"}, {"weight": 5}]}`, wrong: []string{"/steps/0/weight"}},
		"segment after weights":    {spec: `{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 1, "hold": "1s"}, {"segment": "a", "hold": "1s"}, {"weight": 5}]}`, wrong: []string{"/steps/1/segment"}},
		"segment at the end":       {spec: `{"variation": "on", "trigger": {"manual": true}, "steps": [{"segment": "a"}]}`, wrong: []string{"/steps/0/segment"}},
		"segment twice":            {spec: `{"variation": "on", "trigger": {"manual": true}, "steps": [{"segment": "a", "hold": "1s"}, {"segment": "a", "hold": "1s"}, {"weight": 5}]}`, wrong: []string{"/steps/1/segment"}},
		"sample of less than none": {spec: `{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 1, "hold": "1s", "minSample": -1}, {"weight": 5}]}`, wrong: []string{"/steps/0/minSample"}},
		"sample at the end":        {spec: `{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 1, "minSample": 1}]}`, wrong: []string{"/steps/0/minSample"}},
		"window over midnight":     {spec: `{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 1}], "windows": [{"from": "22:00", "to": "06:00", "timeZone": "UTC"}]}`, wrong: []string{"/windows/0/to"}},
		"window of no known zone":  {spec: `{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 1}], "windows": [{"from": "09:00", "to": "16:00", "timeZone": "Mars/Olympus"}]}`, wrong: []string{"/windows/0/timeZone"}},
		"window of the local zone": {spec: `{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 1}], "windows": [{"from": "09:00", "to": "16:00", "timeZone": "Local"}]}`, wrong: []string{"/windows/0/timeZone"}},
		"onRollback":               {spec: `{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 1}], "onRollback": "panic"}`, wrong: []string{"/onRollback"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var spec release.Spec
			require.NoError(t, json.Unmarshal([]byte(test.spec), &spec))
			err := release.ValidateSpec(spec, betaWorld(waitsFor()).flag)
			if test.wrong == nil {
				require.NoError(t, err)
				return
			}
			var errs evaluator.CompileErrors
			require.ErrorAs(t, err, &errs)
			var wrong []string
			for _, e := range errs {
				wrong = append(wrong, e.Pointer)
				require.NotEmpty(t, e.Message)
			}
			require.Equal(t, test.wrong, wrong)
		})
	}
}

func TestDurationIsWrittenAsPeopleWriteIt(t *testing.T) {
	t.Parallel()
	for text, d := range map[string]time.Duration{
		"0s": 0, "1s": time.Second, "10s": 10 * time.Second, "10m": 10 * time.Minute, "1h": time.Hour, "1h30m": 90 * time.Minute,
		"20m10s": 20*time.Minute + 10*time.Second, "1h0m10s": time.Hour + 10*time.Second, "1.5s": 1500 * time.Millisecond, "100h": 100 * time.Hour,
	} {
		require.Equal(t, text, release.Duration(d).String())
	}
	var d release.Duration
	require.ErrorContains(t, d.UnmarshalText([]byte("soon")), `"soon" is no duration`)
}

func TestDurationSurvivesText(t *testing.T) {
	t.Parallel()
	units := []time.Duration{1, time.Millisecond, time.Second, time.Minute, time.Hour}
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom(units).Draw(t, "unit")
		want := release.Duration(time.Duration(rapid.Int64Range(-100_000, 100_000).Draw(t, "count")) * unit)
		text, err := want.MarshalText()
		require.NoError(t, err)
		var got release.Duration
		require.NoError(t, got.UnmarshalText(text))
		require.Equal(t, want, got)
	})
}
