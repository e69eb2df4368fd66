package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/release/stats"
	"github.com/tidegate-io/tidegate/store"
)

func testMeasurements(t *testing.T, open opener) {
	measurement := func(releaseID, observer string, from, written int) store.Measurement {
		value := 0.5
		return store.Measurement{
			EnvironmentRef: inProduction, Release: releaseID, WrittenAt: at(written),
			Measurement: release.Measurement{Observer: observer, From: at(from), Step: 1, Findings: release.Findings{
				Tallies: []release.Tally{
					{
						Metric:    "checkout.latency",
						Arm:       release.ArmExposed,
						Variation: "on",
						Version:   "2.3.0",
						Count:     3,
						Sum:       4.5,
						Squares:   9.25,
						Histogram: stats.Histogram{-3: 1, 40: 2},
					},
				},
				Assigned:  []release.Assignment{{Share: 5_000, Exposed: 1, Unexposed: 2}},
				Exposures: 7,
				Checks:    []release.Check{{Guard: "latency", Value: &value, Good: true, Text: "0.5"}},
			}},
		}
	}

	t.Run("are listed by release and by when they were written, and make no Changes", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		a, b, c, other := measurement(
			"r1",
			"a",
			1,
			5,
		), measurement(
			"r1",
			"b",
			1,
			4,
		), measurement(
			"r1",
			"a",
			0,
			6,
		), measurement(
			"r2",
			"a",
			0,
			3,
		)
		require.NoError(t, s.PutMeasurements(t.Context(), []store.Measurement{a, b, c, other}))
		list, err := s.ListMeasurements(t.Context(), inProduction, "r1")
		require.NoError(t, err)
		require.Equal(t, []store.Measurement{c, a, b}, list)
		list, err = s.ListMeasurements(t.Context(), inStaging, "r1")
		require.NoError(t, err)
		require.Empty(t, list)
		list, err = s.ListNewMeasurements(t.Context(), at(5))
		require.NoError(t, err)
		require.Equal(t, []store.Measurement{c, a}, list)
		require.EqualValues(t, 1, revision(t, s, inProduction))

		require.NoError(t, s.DeleteMeasurements(t.Context(), at(5)))
		list, err = s.ListNewMeasurements(t.Context(), at(0))
		require.NoError(t, err)
		require.Equal(t, []store.Measurement{c, a}, list)
	})

	t.Run("are written once, however often they are put", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		first, again := measurement("r1", "a", 1, 5), measurement("r1", "a", 1, 6)
		again.Exposures = 100
		require.NoError(t, s.PutMeasurements(t.Context(), []store.Measurement{first}))
		require.NoError(t, s.PutMeasurements(t.Context(), []store.Measurement{again, measurement("r1", "b", 1, 6)}))
		list, err := s.ListMeasurements(t.Context(), inProduction, "r1")
		require.NoError(t, err)
		require.Equal(t, []store.Measurement{first, measurement("r1", "b", 1, 6)}, list)
	})

	t.Run("are stored all or none", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		lost := measurement("r1", "a", 1, 5)
		lost.EnvironmentRef = nowhere
		require.ErrorIs(
			t,
			s.PutMeasurements(t.Context(), []store.Measurement{measurement("r1", "a", 1, 5), lost}),
			store.ErrNotFound,
		)
		list, err := s.ListMeasurements(t.Context(), inProduction, "r1")
		require.NoError(t, err)
		require.Empty(t, list)
		require.NoError(t, s.PutMeasurements(t.Context(), nil))
	})
}
