package kubernetes

import (
	"context"
	"log/slog"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/watchlist"
)

// remindEvery is how often it is said that a namespace still cannot be followed.
const remindEvery = time.Minute

// reach tells whether a namespace can be followed. It is needed because client-go retries without a message if the
// server does not answer.
type reach struct {
	cache.ListerWatcher
	inner     cache.ListerWatcherWithContext
	namespace string
	log       *slog.Logger
	metrics   *metrics

	mu      sync.Mutex
	failing bool
	said    time.Time
}

func newReach(inner cache.ListerWatcher, namespace string, log *slog.Logger, m *metrics) *reach {
	m.reachable.WithLabelValues(namespace).Set(0)
	return &reach{
		ListerWatcher: inner,
		inner:         cache.ToListerWatcherWithContext(inner),
		namespace:     namespace,
		log:           log,
		metrics:       m,
	}
}

// ListWithContext lists the Deployments.
func (r *reach) ListWithContext(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
	list, err := r.inner.ListWithContext(ctx, options)
	r.tell(ctx, err)
	return list, err
}

// WatchWithContext watches the Deployments.
func (r *reach) WatchWithContext(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
	w, err := r.inner.WatchWithContext(ctx, options)
	if options.SendInitialEvents != nil && apierrors.IsInvalid(err) {
		return w, err // a server that cannot list by watching; it is asked for a list next
	}
	r.tell(ctx, err)
	return w, err
}

// IsWatchListSemanticsUnSupported is what the source says of it.
func (r *reach) IsWatchListSemanticsUnSupported() bool {
	return watchlist.DoesClientNotSupportWatchListSemantics(r.ListerWatcher)
}

// tell logs when the namespace cannot be followed and for how long, and when it can be followed again.
func (r *reach) tell(ctx context.Context, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case ctx.Err() != nil:
	case err != nil:
		r.metrics.reachable.WithLabelValues(r.namespace).Set(0)
		if !r.failing || time.Since(r.said) >= remindEvery {
			r.log.WarnContext(
				ctx,
				"Deployments cannot be followed; trying again",
				"namespace",
				r.namespace,
				"error",
				err,
			)
			r.said = time.Now()
		}
		r.failing = true
	default:
		r.metrics.reachable.WithLabelValues(r.namespace).Set(1)
		if r.failing {
			r.log.InfoContext(ctx, "Deployments are followed again", "namespace", r.namespace)
		}
		r.failing = false
	}
}
