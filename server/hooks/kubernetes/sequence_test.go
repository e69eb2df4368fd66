package kubernetes

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/cache"
)

// owned is a Deployment that a tool has made for itself.
func owned(name, apiVersion, kind string) *appsv1.Deployment {
	d, controls := deployment(), true
	d.Name, d.UID = name, "owned"
	d.OwnerReferences = []metav1.OwnerReference{{APIVersion: apiVersion, Kind: kind, Name: "checkout", Controller: &controls}}
	return d
}

// Flagger reports what becomes of a canary after its promotion. The canary's own pods and the primary report nothing
// else.
func TestWhatFlaggerOwnsIsLeftAlone(t *testing.T) {
	t.Parallel()
	other := deployment()
	other.Name, other.UID = "zzz", "other"
	c := follow(t, Options{Environment: "production"}, nil, deployment(), owned("checkout-primary", "flagger.app/v1beta1", "Canary"),
		owned("rolled", "argoproj.io/v1alpha1", "Rollout"), other)
	assert.Equal(t, "production: zzz 2.3.0 succeeded other/2", c.next(t))
	c.put(func(d *appsv1.Deployment) { d.Annotations[revisionAnnotation] = "3" })
	other.Annotations[revisionAnnotation] = "3"
	_, err := c.client.AppsV1().Deployments("shop").Update(t.Context(), other, metav1.UpdateOptions{})
	require.NoError(t, err)
	assert.Equal(t, "production: zzz 2.3.0 succeeded other/3", c.next(t))
	assert.Empty(t, c.told)
}

// A paused Deployment may have a template that has no revision yet.
func TestAPausedDeploymentIsLeftAloneUntilItIsResumed(t *testing.T) {
	t.Parallel()
	paused := deployment()
	paused.Spec.Paused = true
	paused.Spec.Template.Spec.Containers[0].Image = "checkout:2.4.0"
	c := follow(t, Options{Environment: "production"}, nil, paused)
	c.put(func(d *appsv1.Deployment) {
		d.Annotations[revisionAnnotation] = "3"
		d.Spec.Template.Spec.Containers[0].Image = "checkout:2.4.0"
	})
	assert.Equal(t, "production: checkout 2.4.0 succeeded 0f5d9d4e/3", c.next(t))
}

func TestARolloutWhoseDeploymentIsDeletedIsAbandoned(t *testing.T) {
	t.Parallel()
	started := deployment()
	started.Status.UpdatedReplicas = 1
	c := follow(t, Options{Environment: "production"}, nil, started)
	assert.Equal(t, "production: checkout 2.3.0 started 0f5d9d4e/2", c.next(t))
	require.NoError(t, c.client.AppsV1().Deployments("shop").Delete(t.Context(), "checkout", metav1.DeleteOptions{}))
	assert.Equal(t, "production: checkout 2.3.0 abandoned 0f5d9d4e/2", c.next(t))
}

// Rights may be missing in one namespace, or the server may not answer for it. The other namespaces are followed all
// the same.
func TestANamespaceThatCannotBeFollowedKeepsNoOther(t *testing.T) {
	t.Parallel()
	client := fake.NewClientset(deployment())
	source := func(namespace string) cache.ListerWatcher {
		deployments := client.AppsV1().Deployments(namespace)
		return cache.ToListWatcherWithWatchListSemantics(&cache.ListWatch{
			ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
				if namespace == "payments" {
					return nil, errors.New("connection refused")
				}
				return deployments.List(ctx, options)
			},
			WatchFuncWithContext: deployments.Watch,
		}, client)
	}
	l, registry, log := &ledger{told: make(chan string, 10)}, prometheus.NewRegistry(), &lines{}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() {
		done <- NewWatcher(Options{
			Source: source, Namespaces: []string{"payments", "shop"}, Environment: "production", Reporter: l,
			Log: slog.New(slog.NewTextHandler(log, nil)), Registerer: registry,
		}).Run(ctx)
	}()
	assert.Equal(t, "production: checkout 2.3.0 succeeded 0f5d9d4e/2", l.next(t))
	require.Eventually(t, func() bool {
		return strings.Contains(log.String(), `level=WARN msg="Deployments cannot be followed; trying again" namespace=payments error="connection refused"`)
	}, patience, time.Millisecond)
	for namespace, want := range map[string]float64{"payments": 0, "shop": 1} {
		assert.InDelta(t, want, reachable(t, registry, namespace), 0, namespace)
	}
	stop()
	require.NoError(t, <-done)
}

// lines is a log.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func reachable(t *testing.T, registry *prometheus.Registry, namespace string) float64 {
	t.Helper()
	families, err := registry.Gather()
	require.NoError(t, err)
	for _, family := range families {
		for _, m := range family.GetMetric() {
			if family.GetName() == "tidegate_watch_reachable" && m.GetLabel()[0].GetValue() == namespace {
				return m.GetGauge().GetValue()
			}
		}
	}
	require.Fail(t, "no metric of "+namespace)
	return 0
}
