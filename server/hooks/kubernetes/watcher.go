package kubernetes

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/supervise"
)

// resync is how often every Deployment is looked at even if nothing has changed. Then a report that failed before is
// tried again.
const resync = 10 * time.Minute

// refusedRetry is how long after a refusal a report is tried again. What was missing, for instance an environment,
// may exist by then.
const refusedRetry = time.Minute

// firstRetry and lastRetry bound the wait between attempts while the server takes in no report. The wait grows.
const (
	firstRetry = 500 * time.Millisecond
	lastRetry  = 30 * time.Second
)

// syncRetry is how long a Deployment waits before it is tried again while not all Deployments of its namespace are
// known.
const syncRetry = 50 * time.Millisecond

// ErrRefused is for a report that would be refused again if it was repeated soon.
var ErrRefused = errors.New("refused")

// Reporter reports to Tidegate. Its error is ErrRefused if the report was refused, and any other error if the server
// could not be reached.
type Reporter interface {
	Report(ctx context.Context, environment string, report openapi.DeploymentReport) (openapi.Deployment, error)
}

// Source lists and watches the Deployments of a namespace, or of all.
type Source func(namespace string) cache.ListerWatcher

// Options are what a Watcher works with.
type Options struct {
	Source Source
	// Namespaces are the namespaces to follow. An empty list means all.
	Namespaces []string
	// Environment is used for Deployments that do not name one. If it is empty, their namespace is used.
	Environment string
	Reporter    Reporter
	Log         *slog.Logger
	// Registerer takes the metrics. If it is nil, nobody sees them.
	Registerer prometheus.Registerer
}

// Watcher follows Deployments and reports their rollouts. Reports are idempotent, so it may be restarted at any time,
// and several may follow the same Deployments.
type Watcher struct {
	Options
	queue   workqueue.TypedRateLimitingInterface[key]
	metrics *metrics
	// informers hold the known Deployments by namespace. The empty namespace stands for all.
	informers map[string]cache.SharedIndexInformer
	// reported is the last report of each Deployment that the server has. Only the worker uses it and all fields
	// below.
	reported map[key]known
	// skipped is why a Deployment was last left alone, and refused is why its report was refused. Both are kept so
	// that each reason is logged once.
	skipped, refused map[key]string
	// waiting are the Deployments whose report the server has not taken in.
	waiting map[key]bool
}

// key names a Deployment.
type key struct{ namespace, name string }

// known is a rollout that was reported.
type known struct {
	environment string
	report      openapi.DeploymentReport
}

// NewWatcher returns a Watcher; Run runs it.
func NewWatcher(o Options) *Watcher {
	if len(o.Namespaces) == 0 {
		o.Namespaces = []string{metav1.NamespaceAll}
	}
	return &Watcher{
		Options:   o,
		metrics:   newMetrics(o.Registerer),
		informers: make(map[string]cache.SharedIndexInformer),
		reported: make(
			map[key]known,
		),
		skipped: make(map[key]string),
		refused: make(map[key]string),
		waiting: make(map[key]bool),
		queue: workqueue.NewTypedRateLimitingQueue(
			workqueue.NewTypedItemExponentialFailureRateLimiter[key](firstRetry, lastRetry),
		),
	}
}

// Run follows Deployments until ctx ends. It follows each namespace separately: a namespace that cannot be followed
// does not hold up the others.
func (w *Watcher) Run(ctx context.Context) error {
	var running sync.WaitGroup
	defer running.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer w.queue.ShutDown()
	for _, namespace := range w.Namespaces {
		informer, err := w.informer(ctx, namespace)
		if err != nil {
			return err
		}
		w.informers[namespace] = informer
	}
	for namespace, informer := range w.informers {
		supervise.Start(ctx, &running, supervise.Piece{Name: "watcher", Detail: namespace}, informer.RunWithContext)
		supervise.Start(
			ctx,
			&running,
			supervise.Piece{Name: "watcher", Detail: namespace + " sync"},
			func(ctx context.Context) {
				if cache.WaitForCacheSync(ctx.Done(), informer.HasSynced) {
					w.Log.InfoContext(ctx, "following Deployments", "namespace", namespace)
				}
			},
		)
	}
	supervise.Start(ctx, &running, supervise.Piece{Name: "watcher", Detail: "queue"}, w.work)
	<-ctx.Done()
	return nil
}

// informer fills the queue with the Deployments of a namespace that change.
func (w *Watcher) informer(ctx context.Context, namespace string) (cache.SharedIndexInformer, error) {
	source := newReach(w.Source(namespace), namespace, w.Log, w.metrics)
	informer := cache.NewSharedIndexInformer(source, &appsv1.Deployment{}, resync, cache.Indexers{})
	err := informer.SetWatchErrorHandlerWithContext(func(_ context.Context, _ *cache.Reflector, err error) {
		w.Log.DebugContext(ctx, "a list or watch of Deployments ended", "namespace", namespace, "error", err)
	})
	if err != nil {
		return nil, fmt.Errorf("prepare to follow namespace %q: %w", namespace, err)
	}
	add := func(object any) {
		if d, is := object.(*appsv1.Deployment); is {
			w.queue.Add(key{d.Namespace, d.Name})
		}
	}
	_, err = informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc: add, UpdateFunc: func(_, object any) { add(object) }, DeleteFunc: func(object any) {
			if gone, is := object.(cache.DeletedFinalStateUnknown); is {
				object = gone.Obj
			}
			add(object)
		},
	})
	if err != nil {
		return nil, fmt.Errorf("follow namespace %q: %w", namespace, err)
	}
	return informer, nil
}

// work reports what is in the queue, one Deployment at a time, until the queue is shut down.
func (w *Watcher) work(ctx context.Context) {
	for {
		k, down := w.queue.Get()
		if down {
			return
		}
		if w.known(k.namespace) {
			of := supervise.Piece{Name: "watcher", Detail: k.namespace + "/" + k.name}
			w.settle(ctx, k, supervise.Try(ctx, of, func() error { return w.look(ctx, k) }))
		} else {
			w.queue.AddAfter(k, syncRetry)
		}
		w.queue.Done(k)
	}
}

// settle decides when to look at a Deployment again. This depends on the outcome of its report.
func (w *Watcher) settle(ctx context.Context, k key, err error) {
	log := w.Log.With("namespace", k.namespace, "deployment", k.name)
	switch {
	case err == nil:
		w.queue.Forget(k)
		delete(w.refused, k)
		delete(w.waiting, k)
	case errors.Is(err, ErrRefused):
		w.metrics.reports.WithLabelValues("refused").Inc()
		if w.refused[k] != err.Error() {
			log.ErrorContext(ctx, "a rollout was refused; it is tried again each minute", "error", err)
		}
		w.refused[k], w.waiting[k] = err.Error(), true
		w.queue.Forget(k)
		w.queue.AddAfter(k, refusedRetry)
	case ctx.Err() == nil:
		w.metrics.reports.WithLabelValues("unreachable").Inc()
		w.waiting[k] = true
		log.WarnContext(ctx, "a rollout could not be reported; trying again", "error", err)
		w.queue.AddRateLimited(k)
	}
	w.metrics.waiting.Set(float64(len(w.waiting)))
}

// known tells whether all Deployments of the namespace are known. The meaning of one may depend on another.
func (w *Watcher) known(namespace string) bool {
	for _, follows := range []string{namespace, metav1.NamespaceAll} {
		if informer := w.informers[follows]; informer != nil && informer.HasSynced() {
			return true
		}
	}
	return false
}

// look reports how a Deployment stands, unless the server knows it already.
func (w *Watcher) look(ctx context.Context, k key) error {
	d, err := w.find(k)
	if err != nil {
		return err
	}
	if d == nil {
		return w.gone(ctx, k)
	}
	rollout, why := Observe(d)
	if owner := ownerOf(d, func(name string) *appsv1.Deployment { return w.beside(k, name) }); owner != "" {
		why = "what it rolls out is decided, and told, by " + owner
	}
	if why != "" {
		if w.skipped[k] != why {
			w.Log.DebugContext(
				ctx,
				"a Deployment is left alone",
				"namespace",
				k.namespace,
				"deployment",
				k.name,
				"reason",
				why,
			)
		}
		w.skipped[k] = why
		return nil
	}
	delete(w.skipped, k)
	last := w.reported[k].report
	if last.ExternalID == rollout.Report.ExternalID &&
		(last.Status == rollout.Report.Status || rollout.Report.Status == openapi.DeploymentStatusStarted) {
		return nil
	}
	return w.report(ctx, k, known{cmp.Or(rollout.Environment, w.Environment, k.namespace), rollout.Report})
}

// gone forgets a Deployment that was deleted. If a rollout of it was under way, that rollout has ended.
func (w *Watcher) gone(ctx context.Context, k key) error {
	delete(w.skipped, k)
	last, reported := w.reported[k]
	if reported && last.report.Status == openapi.DeploymentStatusStarted {
		last.report.Status, last.report.At = openapi.DeploymentStatusAbandoned, time.Time{}
		last.report.Description = fmt.Sprintf("Deployment %s/%s was deleted.", k.namespace, k.name)
		if err := w.report(ctx, k, last); err != nil {
			return err
		}
	}
	delete(w.reported, k)
	return nil
}

// report tells the server, and remembers that it did.
func (w *Watcher) report(ctx context.Context, k key, now known) error {
	environment := now.environment
	stored, err := w.Reporter.Report(ctx, environment, now.report)
	if err != nil {
		return err
	}
	w.metrics.reports.WithLabelValues("taken").Inc()
	w.reported[k] = now
	w.Log.InfoContext(
		ctx,
		"rollout reported",
		"namespace",
		k.namespace,
		"deployment",
		k.name,
		"environment",
		environment,
		"service",
		stored.Service,
		"version",
		stored.Version,
		"status",
		stored.Status,
	)
	return nil
}

// find gives the Deployment as it was last seen, nil if it is gone.
func (w *Watcher) find(k key) (*appsv1.Deployment, error) {
	for _, namespace := range []string{k.namespace, metav1.NamespaceAll} {
		informer, follows := w.informers[namespace]
		if !follows {
			continue
		}
		object, exists, err := informer.GetIndexer().GetByKey(k.namespace + "/" + k.name)
		if err != nil {
			return nil, fmt.Errorf("find Deployment %s/%s: %w", k.namespace, k.name, err)
		}
		if d, is := object.(*appsv1.Deployment); exists && is {
			return d, nil
		}
	}
	return nil, nil
}

// beside gives the Deployment of the name in the namespace of another, nil if there is none.
func (w *Watcher) beside(k key, name string) *appsv1.Deployment {
	d, err := w.find(key{k.namespace, name})
	if err != nil {
		return nil
	}
	return d
}
