package observe

import (
	"context"
	"errors"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// The results of requests to the cache.
const (
	resultHit   = "hit"
	resultMiss  = "miss"
	resultOK    = "ok"
	resultError = "error"
)

// Cache is a store.SnapshotCache that counts its requests.
type Cache struct {
	cache    store.SnapshotCache
	requests *prometheus.CounterVec
}

// NewCache registers the measurements of c with reg. Every result begins at zero, so that a rate in Prometheus
// includes the first error.
func NewCache(c store.SnapshotCache, reg prometheus.Registerer) *Cache {
	requests := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "tidegate_snapshot_cache_requests_total",
		Help: "Requests to the snapshot cache: get is a hit, a miss or an error, put is ok or an error.",
	}, []string{"operation", "result"})
	for _, labels := range [][]string{{"get", resultHit}, {"get", resultMiss}, {"get", resultError}, {"put", resultOK}, {"put", resultError}} {
		requests.WithLabelValues(labels...)
	}
	reg.MustRegister(requests)
	return &Cache{cache: c, requests: requests}
}

// PutSnapshot counts and puts.
func (c *Cache) PutSnapshot(ctx context.Context, def evaluator.Definition) error {
	err := c.cache.PutSnapshot(ctx, def)
	result := resultOK
	if err != nil {
		result = resultError
	}
	c.requests.WithLabelValues("put", result).Inc()
	return err
}

// Snapshot counts and gets.
func (c *Cache) Snapshot(ctx context.Context, ref store.EnvironmentRef) (evaluator.Definition, error) {
	def, err := c.cache.Snapshot(ctx, ref)
	result := resultHit
	switch {
	case errors.Is(err, store.ErrNotFound):
		result = resultMiss
	case err != nil:
		result = resultError
	}
	c.requests.WithLabelValues("get", result).Inc()
	return def, err
}
