package api_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

const guardedSpec = `{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 50000, "hold": "1h"}, {"weight": 100000}],
	"guards": [{"name": "errors", "kind": "rate", "metric": "checkout.error", "per": "checkout.attempt", "better": "lower",
		"tolerance": 0.0, "minSample": 100, "onBreach": "pause"}]}`

func TestReleaseShowsWhereItsGuardsStandAndWhatTheyMeasured(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	server.Must(t, http.StatusNotFound, http.MethodGet, helloRelease+"/measurements", nil)
	put := server.Must(t, http.StatusOK, http.MethodPut, helloRelease, guardedSpec)
	require.NotContains(t, string(put.Body), "readings", "nothing is measured before the start")
	var started struct{ ID string }
	require.NoError(t, json.Unmarshal(server.Must(t, http.StatusOK, http.MethodPost, helloRelease+"/start", nil).Body, &started))

	ref := store.EnvironmentRef{Project: "default", Environment: "production"}
	tally := func(metric string, arm release.Arm, n int64) release.Tally {
		return release.Tally{Metric: metric, Arm: arm, Variation: "on", Version: "2.3.0", Count: n}
	}
	now := time.Now()
	require.NoError(t, server.Store.PutMeasurements(t.Context(), []store.Measurement{{
		EnvironmentRef: ref, Release: started.ID, WrittenAt: now,
		Measurement: release.Measurement{Observer: "a", From: now, Findings: release.Findings{Tallies: []release.Tally{
			tally("checkout.attempt", release.ArmExposed, 500), tally("checkout.error", release.ArmExposed, 250),
			tally("checkout.attempt", release.ArmUnexposed, 500), tally("checkout.error", release.ArmUnexposed, 5),
		}}},
	}}))
	paused := awaitPhase(t, server, "paused")
	require.Equal(t, "Paused by guard errors: 50 % of 500 exposed against 1 % of 500 others: worse with 95 % confidence.", paused.Reason)

	var shown struct {
		Guards   []struct{ Name, OnBreach string }
		Readings []struct {
			Guard, Verdict string
			Exposed        struct {
				Value  float64
				Sample int
			}
			Difference struct{ Estimate, Lower float64 }
			Slices     []struct{ Arm, Version string }
			BreachedAt time.Time
		}
	}
	require.NoError(t, json.Unmarshal(server.Must(t, http.StatusOK, http.MethodGet, helloRelease, nil).Body, &shown))
	require.Equal(t, "errors", shown.Guards[0].Name)
	require.Equal(t, "pause", shown.Guards[0].OnBreach)
	reading := shown.Readings[0]
	require.Equal(t, "breached", reading.Verdict)
	require.Equal(t, 500, reading.Exposed.Sample)
	require.InDelta(t, 0.5, reading.Exposed.Value, 1e-9)
	require.InDelta(t, 49, reading.Difference.Estimate, 1e-9)
	require.Greater(t, reading.Difference.Lower, 1.0)
	require.Len(t, reading.Slices, 2)
	require.WithinDuration(t, now, reading.BreachedAt, time.Millisecond)

	var series struct {
		Series []struct {
			Guard  string
			Points []struct{ At time.Time }
		}
	}
	require.NoError(t, json.Unmarshal(server.Must(t, http.StatusOK, http.MethodGet, helloRelease+"/measurements", nil).Body, &series))
	require.Len(t, series.Series, 1)
	require.Equal(t, "errors", series.Series[0].Guard)
	require.Len(t, series.Series[0].Points, 1)
}

func TestGuardsThatThisServerCannotCheckAreRefused(t *testing.T) {
	t.Parallel()
	server := startWithFlag(t)
	answer := server.Must(t, http.StatusUnprocessableEntity, http.MethodPut, helloRelease, `{"variation": "on", "trigger": {"manual": true}, "steps": [{"weight": 100000}],
		"guards": [{"name": "a", "kind": "prometheus", "query": "up", "threshold": 1}, {"name": "b", "kind": "web", "url": "http://169.254.169.254/"}]}`)
	require.Contains(t, string(answer.Body), `"/guards/0/kind"`)
	require.Contains(t, string(answer.Body), `"/guards/1/url"`)
	require.Contains(t, string(answer.Body), "--guard-hosts")
}
