package kubernetes

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"

	"github.com/tidegate-io/tidegate/openapi"
)

// resync is how often every Deployment is looked at although nothing changed: what could not be reported is then tried
// again.
const resync = 10 * time.Minute

// ErrRefused is for a report that another attempt would not make better.
var ErrRefused = errors.New("refused")

// Reporter reports to Tidegate. It gives an error that is ErrRefused where the report was refused, and any other where the
// server could not be reached.
type Reporter interface {
	Report(ctx context.Context, environment string, report openapi.DeploymentReport) (openapi.Deployment, error)
}

// Source lists and watches the Deployments of a namespace, or of all.
type Source func(namespace string) cache.ListerWatcher

// Options are what a Watcher works with.
type Options struct {
	Source Source
	// Namespaces are those to follow; none are all.
	Namespaces []string
	// Environment is that of Deployments that do not name one; empty is their namespace.
	Environment string
	Reporter    Reporter
	Log         *slog.Logger
}

// Watcher follows Deployments and reports their rollouts. Reports are idempotent, so it may be restarted at any time, and
// several may follow the same Deployments.
type Watcher struct {
	Options
	queue workqueue.TypedRateLimitingInterface[key]
	// indexers hold the Deployments that are known, by namespace; the empty one is that of all.
	indexers map[string]cache.Indexer
	// reported is the last status of each rollout that the server has; it belongs to the worker.
	reported map[key]known
	// skipped is why a Deployment was last left alone, so that it is said once; it belongs to the worker.
	skipped map[key]string
}

// key names a Deployment.
type key struct{ namespace, name string }

// known is a rollout that was reported.
type known struct {
	externalID string
	status     openapi.DeploymentStatus
}

// NewWatcher returns a Watcher; Run runs it.
func NewWatcher(o Options) *Watcher {
	if len(o.Namespaces) == 0 {
		o.Namespaces = []string{metav1.NamespaceAll}
	}
	return &Watcher{
		Options: o, indexers: make(map[string]cache.Indexer), reported: make(map[key]known), skipped: make(map[key]string),
		queue: workqueue.NewTypedRateLimitingQueue(workqueue.DefaultTypedControllerRateLimiter[key]()),
	}
}

// Run follows Deployments until ctx ends.
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
		w.indexers[namespace] = informer.GetIndexer()
		running.Go(func() { informer.RunWithContext(ctx) })
		if !cache.WaitForCacheSync(ctx.Done(), informer.HasSynced) {
			return nil // told to stop
		}
	}
	w.Log.InfoContext(ctx, "following Deployments", "namespaces", w.Namespaces)
	running.Go(func() { w.work(ctx) })
	<-ctx.Done()
	return nil
}

// informer fills the queue with the Deployments of a namespace that change.
func (w *Watcher) informer(ctx context.Context, namespace string) (cache.SharedIndexInformer, error) {
	informer := cache.NewSharedIndexInformer(w.Source(namespace), &appsv1.Deployment{}, resync, cache.Indexers{})
	err := informer.SetWatchErrorHandlerWithContext(func(_ context.Context, _ *cache.Reflector, err error) {
		w.Log.ErrorContext(ctx, "Deployments cannot be followed; trying again", "namespace", namespace, "error", err)
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
		err := w.look(ctx, k)
		switch {
		case err == nil:
			w.queue.Forget(k)
		case errors.Is(err, ErrRefused):
			w.Log.ErrorContext(ctx, "a rollout was refused; it is tried again when the Deployment changes", "namespace", k.namespace, "deployment", k.name, "error", err)
			w.queue.Forget(k)
		case ctx.Err() == nil:
			w.Log.WarnContext(ctx, "a rollout could not be reported; trying again", "namespace", k.namespace, "deployment", k.name, "error", err)
			w.queue.AddRateLimited(k)
		}
		w.queue.Done(k)
	}
}

// look reports how a Deployment stands, unless the server knows.
func (w *Watcher) look(ctx context.Context, k key) error {
	d, err := w.find(k)
	if err != nil || d == nil {
		delete(w.reported, k)
		delete(w.skipped, k)
		return err
	}
	rollout, why := Observe(d)
	if why != "" {
		if w.skipped[k] != why {
			w.Log.DebugContext(ctx, "a Deployment is left alone", "namespace", k.namespace, "deployment", k.name, "reason", why)
		}
		w.skipped[k] = why
		return nil
	}
	delete(w.skipped, k)
	last := w.reported[k]
	if last.externalID == rollout.Report.ExternalID && (last.status == rollout.Report.Status || rollout.Report.Status == openapi.DeploymentStatusStarted) {
		return nil
	}
	environment := cmp.Or(rollout.Environment, w.Environment, k.namespace)
	stored, err := w.Reporter.Report(ctx, environment, rollout.Report)
	if err != nil {
		return err
	}
	w.reported[k] = known{rollout.Report.ExternalID, rollout.Report.Status}
	w.Log.InfoContext(ctx, "rollout reported", "namespace", k.namespace, "deployment", k.name, "environment", environment,
		"service", stored.Service, "version", stored.Version, "status", stored.Status)
	return nil
}

// find gives the Deployment as it was last seen, nil if it is gone.
func (w *Watcher) find(k key) (*appsv1.Deployment, error) {
	for _, namespace := range []string{k.namespace, metav1.NamespaceAll} {
		indexer, follows := w.indexers[namespace]
		if !follows {
			continue
		}
		object, exists, err := indexer.GetByKey(k.namespace + "/" + k.name)
		if err != nil {
			return nil, fmt.Errorf("find Deployment %s/%s: %w", k.namespace, k.name, err)
		}
		if d, is := object.(*appsv1.Deployment); exists && is {
			return d, nil
		}
	}
	return nil, nil
}
