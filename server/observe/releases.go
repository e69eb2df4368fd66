package observe

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// releasesInterval is how often releases are counted.
const releasesInterval = 5 * time.Second

// OpenReleases is the part of a store.Store that Releases counts.
type OpenReleases interface {
	ListOpenReleases(ctx context.Context) ([]store.Release, error)
}

// Leader tells whether this replica is the one that drives the releases.
type Leader interface {
	Leads() bool
}

// Releases counts the releases that have not ended. It does so only on the replica that drives them. So the sum over
// all replicas counts every release once.
type Releases struct {
	store    OpenReleases
	leader   Leader
	log      *slog.Logger
	interval time.Duration
	open     *prometheus.Desc
	leads    *prometheus.Desc
	counts   atomic.Pointer[map[releaseGroup]int]
}

// releaseGroup is the key by which releases are counted.
type releaseGroup struct {
	store.EnvironmentRef
	phase release.Phase
}

var _ prometheus.Collector = (*Releases)(nil)

// NewReleases registers the measurements with reg. Run must be running.
func NewReleases(s OpenReleases, leader Leader, log *slog.Logger, reg prometheus.Registerer) *Releases {
	r := &Releases{
		store:    s,
		leader:   leader,
		log:      log,
		interval: releasesInterval,
		open: prometheus.NewDesc("tidegate_releases",
			"Releases that have not ended, by phase, as the leading replica counts them; there are none elsewhere.",
			[]string{"project", "environment", "phase"}, nil),
		leads: prometheus.NewDesc(
			"tidegate_release_leader",
			"1 on the replica that drives the releases, 0 on the others.",
			nil,
			nil,
		),
	}
	r.counts.Store(&map[releaseGroup]int{})
	reg.MustRegister(r)
	return r
}

// Run counts until ctx ends.
func (r *Releases) Run(ctx context.Context) {
	tick := time.NewTicker(r.interval)
	defer tick.Stop()
	for {
		r.count(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// count keeps the last numbers while the store is away, because releases stand still then.
func (r *Releases) count(ctx context.Context) {
	counts := make(map[releaseGroup]int)
	if r.leader.Leads() {
		ctx, cancel := context.WithTimeout(ctx, releasesInterval)
		defer cancel()
		open, err := r.store.ListOpenReleases(ctx)
		if err != nil {
			r.log.DebugContext(ctx, "releases cannot be counted", "error", err)
			return
		}
		for _, one := range open {
			// If there is one phase, all phases are set. So a graph falls to zero and does not end.
			for _, phase := range []release.Phase{release.PhasePending, release.PhaseProgressing, release.PhasePaused} {
				counts[releaseGroup{one.EnvironmentRef, phase}] += 0
			}
			counts[releaseGroup{one.EnvironmentRef, one.State.Phase}]++
		}
	}
	r.counts.Store(&counts)
}

// Describe sends the descriptions.
func (r *Releases) Describe(descs chan<- *prometheus.Desc) {
	descs <- r.open
	descs <- r.leads
}

// Collect sends the last numbers.
func (r *Releases) Collect(metrics chan<- prometheus.Metric) {
	leads := 0.0
	if r.leader.Leads() {
		leads = 1
	}
	metrics <- prometheus.MustNewConstMetric(r.leads, prometheus.GaugeValue, leads)
	for group, count := range *r.counts.Load() {
		metrics <- prometheus.MustNewConstMetric(r.open, prometheus.GaugeValue, float64(count),
			group.Project, group.Environment, string(group.phase))
	}
}
