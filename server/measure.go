package server

import (
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/tidegate-io/tidegate/server/control"
	"github.com/tidegate-io/tidegate/server/observe"
)

// newRegistry has the measurements that are common to every Go program, and the version of this program.
func newRegistry(version string) *prometheus.Registry {
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "tidegate_build_info", Help: "Always 1; the labels tell the version.",
		ConstLabels: prometheus.Labels{"version": version, "goversion": runtime.Version()},
	})
	build.Set(1)
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		build,
	)
	return registry
}

// measured wraps the backend: every request to it is measured and traced.
func (s *Server) measured(backend Backend) Backend {
	backend.Store = observe.NewStore(backend.Store, s.metrics, s.config.Tracing.Tracer())
	if backend.Cache != nil {
		backend.Cache = observe.NewCache(backend.Cache, s.metrics)
	}
	return backend
}

// measureRuns adds the measurements of the replica and of the releases while they run.
func (s *Server) measureRuns(propagation *observe.Propagation, loop *control.Loop) {
	s.metrics.MustRegister(observe.NewAges(s.replica, time.Now))
	observe.RegisterAvailability(loop, s.metrics)
	s.workers = append(s.workers, owned{"propagation", propagation},
		owned{"release counts", observe.NewReleases(s.backend.Store, loop, s.config.Log, s.metrics)})
}
