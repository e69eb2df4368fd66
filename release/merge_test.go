package release_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tidegate-io/tidegate/release"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func TestMerge(t *testing.T) {
	t.Parallel()
	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }
	report := func(status release.Status, minutes int) release.Deployment {
		d := release.Deployment{Service: "checkout", Version: "2.3.0", Status: status, Source: "ci", ExternalID: "118",
			StartedAt: at(minutes), UpdatedAt: at(minutes)}
		if status != release.StatusStarted {
			finished := at(minutes)
			d.FinishedAt = &finished
		}
		return d
	}

	tests := map[string]struct {
		known, report release.Deployment
		status        release.Status
		updated       time.Time
		changed       bool
	}{
		"success after start": {
			known: report(release.StatusStarted, 0), report: report(release.StatusSucceeded, 5),
			status: release.StatusSucceeded, updated: at(5), changed: true,
		},
		"late start": {
			known: report(release.StatusSucceeded, 0), report: report(release.StatusStarted, 5),
			status: release.StatusSucceeded, updated: at(0), changed: false,
		},
		"repeated success": {
			known: report(release.StatusSucceeded, 0), report: report(release.StatusSucceeded, 5),
			status: release.StatusSucceeded, updated: at(0), changed: false,
		},
		"success that turns out to be none": {
			known: report(release.StatusSucceeded, 0), report: report(release.StatusFailed, 5),
			status: release.StatusFailed, updated: at(5), changed: true,
		},
		"failure is not made good": {
			known: report(release.StatusFailed, 0), report: report(release.StatusSucceeded, 5),
			status: release.StatusFailed, updated: at(0), changed: false,
		},
		"rollback": {
			known: report(release.StatusSucceeded, 0), report: report(release.StatusRolledBack, 5),
			status: release.StatusRolledBack, updated: at(5), changed: true,
		},
		"rollback is the last word": {
			known: report(release.StatusRolledBack, 0), report: report(release.StatusFailed, 5),
			status: release.StatusRolledBack, updated: at(0), changed: false,
		},
	}
	withTraffic := report(release.StatusStarted, 5)
	withTraffic.TrafficWeight = 10_000
	tests["a refusal after traffic is a failure"] = struct {
		known, report release.Deployment
		status        release.Status
		updated       time.Time
		changed       bool
	}{known: report(release.StatusRefused, 0), report: withTraffic, status: release.StatusFailed, updated: at(0), changed: true}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			merged, changed := release.Merge(test.known, test.report)
			require.Equal(t, test.status, merged.Status)
			require.Equal(t, test.updated, merged.UpdatedAt)
			require.Equal(t, test.known.StartedAt, merged.StartedAt)
			require.Equal(t, test.changed, changed)
		})
	}
}

func TestMergeKeepsWhatTheReportLeavesOut(t *testing.T) {
	t.Parallel()
	known := release.Deployment{ID: "d1", Service: "checkout", Version: "2.3.0", Status: release.StatusStarted, Source: "ci",
		ExternalID: "118", Commit: "c0ffee", Strategy: release.StrategyCanary, Description: "the big one",
		URL: "https://ci.example/118", StartedAt: noon, UpdatedAt: noon}

	merged, changed := release.Merge(known, release.Deployment{})
	require.False(t, changed)
	require.Equal(t, known, merged)

	merged, changed = release.Merge(known, release.Deployment{ID: "d2"})
	require.False(t, changed)
	require.Equal(t, "d1", merged.ID)
}

func TestMergeIgnoresTimeZones(t *testing.T) {
	t.Parallel()
	known := release.Deployment{Status: release.StatusSucceeded, StartedAt: noon, FinishedAt: &noon, UpdatedAt: noon}
	elsewhere := noon.In(time.FixedZone("elsewhere", 3600))
	_, changed := release.Merge(known, release.Deployment{Status: release.StatusSucceeded, StartedAt: elsewhere,
		FinishedAt: &elsewhere, UpdatedAt: elsewhere})
	require.False(t, changed)
}

// The result is the same in every order of the reports, however often each is repeated.
func TestMergeDoesNotDependOnOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		reports := rapid.SliceOfN(deployments(), 1, 6).Draw(t, "reports")
		order := rapid.Permutation(append(reports, reports...)).Draw(t, "order")

		want := mergeAll(reports)
		got := mergeAll(order)
		require.Equal(t, want, got)

		again, changed := release.Merge(got, rapid.SampledFrom(reports).Draw(t, "repeated"))
		require.False(t, changed)
		require.Equal(t, got, again)
	})
}

func mergeAll(reports []release.Deployment) release.Deployment {
	known := release.Deployment{ID: "d1"}
	for _, report := range reports {
		known, _ = release.Merge(known, report)
	}
	return known
}

func deployments() *rapid.Generator[release.Deployment] {
	return rapid.Custom(func(t *rapid.T) release.Deployment {
		instant := func(label string) time.Time {
			minute := rapid.IntRange(0, 5).Draw(t, label)
			if minute == 0 {
				return time.Time{}
			}
			return noon.Add(time.Duration(minute) * time.Minute)
		}
		text := func(label string) string { return rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, label) }
		d := release.Deployment{
			Service: text("service"), Version: text("version"), Source: "ci", ExternalID: "118",
			Status: rapid.SampledFrom([]release.Status{release.StatusStarted, release.StatusAbandoned, release.StatusSucceeded,
				release.StatusRefused, release.StatusFailed, release.StatusRolledBack}).Draw(t, "status"),
			Commit: text("commit"), Strategy: release.Strategy(text("strategy")), Description: text("description"),
			URL: text("url"), TrafficWeight: rapid.IntRange(0, 2).Draw(t, "weight") * 5_000, StartedAt: instant("started"), UpdatedAt: instant("updated"),
		}
		if finished := instant("finished"); !finished.IsZero() {
			d.FinishedAt = &finished
		}
		return d
	})
}
