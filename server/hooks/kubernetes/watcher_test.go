package kubernetes

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes/fake"
	clienttesting "k8s.io/client-go/testing"
	"k8s.io/client-go/tools/cache"

	"github.com/tidegate-io/tidegate/openapi"
)

// patience is how long something may take on a machine that is busy with other work.
const patience = 30 * time.Second

// ledger is a Reporter that passes on what it is told. It fails as often as the test wants.
type ledger struct {
	told  chan string
	fails chan error
}

func (l *ledger) Report(_ context.Context, environment string, r openapi.DeploymentReport) (openapi.Deployment, error) {
	select {
	case err := <-l.fails:
		return openapi.Deployment{}, err
	default:
	}
	l.told <- fmt.Sprintf("%s: %s %s %s %s", environment, r.Service, r.Version, r.Status, r.ExternalID)
	return openapi.Deployment{}, nil
}

func (l *ledger) next(t *testing.T) string {
	t.Helper()
	select {
	case told := <-l.told:
		return told
	case <-time.After(patience):
		require.Fail(t, "nothing was reported")
		return ""
	}
}

// cluster is a watched cluster with the objects.
type cluster struct {
	*testing.T
	*ledger
	client *fake.Clientset
}

// follow runs a Watcher until the end of the test. It returns once every namespace is watched, because the fake loses
// changes from before that.
func follow(t *testing.T, o Options, fails []error, objects ...runtime.Object) *cluster {
	t.Helper()
	c := &cluster{T: t, ledger: &ledger{told: make(chan string, 100), fails: make(chan error, 10)}, client: fake.NewClientset(objects...)}
	for _, err := range fails {
		c.fails <- err
	}
	watching := make(chan struct{}, 10)
	c.client.PrependWatchReactor("deployments", func(action clienttesting.Action) (bool, watch.Interface, error) {
		w, err := c.client.Tracker().Watch(action.GetResource(), action.GetNamespace())
		watching <- struct{}{}
		return true, w, err
	})
	o.Reporter, o.Log = c.ledger, slog.New(slog.DiscardHandler)
	o.Source = func(namespace string) cache.ListerWatcher {
		deployments := c.client.AppsV1().Deployments(namespace)
		listWatch := &cache.ListWatch{
			ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
				return deployments.List(ctx, options)
			},
			WatchFuncWithContext: deployments.Watch,
		}
		return cache.ToListWatcherWithWatchListSemantics(listWatch, c.client) // the fake cannot list by watching
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- NewWatcher(o).Run(ctx) }()
	t.Cleanup(func() {
		stop()
		assert.NoError(t, <-done)
	})
	for range max(len(o.Namespaces), 1) {
		select {
		case <-watching:
		case <-time.After(patience):
			require.Fail(t, "nothing is watched")
		}
	}
	return c
}

// put stores a Deployment and replaces the one of the same name.
func (c *cluster) put(change func(*appsv1.Deployment)) {
	c.Helper()
	d := deployment()
	change(d)
	_, err := c.client.AppsV1().Deployments(d.Namespace).Update(c.Context(), d, metav1.UpdateOptions{})
	require.NoError(c, err)
}

func TestRolloutsAreReportedAsTheyGo(t *testing.T) {
	t.Parallel()
	c := follow(t, Options{Environment: "production"}, nil, deployment())
	assert.Equal(t, "production: checkout 2.3.0 succeeded 0f5d9d4e/2", c.next(t), "what is there at the start")

	rollout := func(version, revision string, updated int32) {
		c.put(func(d *appsv1.Deployment) {
			d.Annotations[revisionAnnotation] = revision
			d.Spec.Template.Labels = map[string]string{labelVersion: version}
			d.Status.UpdatedReplicas = updated
		})
	}
	rollout("2.4.0", "3", 0)
	assert.Equal(t, "production: checkout 2.4.0 started 0f5d9d4e/3", c.next(t))
	rollout("2.4.0", "3", 1)
	rollout("2.4.0", "3", 2)
	rollout("2.4.0", "3", 3)
	assert.Equal(t, "production: checkout 2.4.0 succeeded 0f5d9d4e/3", c.next(t), "once, when it is done")
	rollout("2.4.0", "3", 2)
	rollout("2.3.0", "4", 3)
	assert.Equal(t, "production: checkout 2.3.0 succeeded 0f5d9d4e/4", c.next(t), "a pod that is replaced is no rollout; a rollback is")
}

func TestFailedReportsAreRepeatedAndRefusedOnesAreNot(t *testing.T) {
	t.Parallel()
	away := errors.New("connection refused")
	c := follow(t, Options{Environment: "production"}, []error{away, away}, deployment())
	assert.Equal(t, "production: checkout 2.3.0 succeeded 0f5d9d4e/2", c.next(t))

	c.fails <- fmt.Errorf("%w: no such environment", ErrRefused)
	c.put(func(d *appsv1.Deployment) { d.Annotations[revisionAnnotation] = "3" })
	require.Eventually(t, func() bool { return len(c.fails) == 0 }, patience, time.Millisecond)
	c.put(func(d *appsv1.Deployment) { d.Annotations[revisionAnnotation] = "4" })
	assert.Equal(t, "production: checkout 2.3.0 succeeded 0f5d9d4e/4", c.next(t))
}

func TestOnlyWhatIsAskedForIsFollowed(t *testing.T) {
	t.Parallel()
	named := func(namespace, environment string) *appsv1.Deployment {
		d := deployment()
		d.Namespace, d.UID = namespace, "uid"
		if environment != "" {
			d.Annotations[annotationEnvironment] = environment
		}
		return d
	}
	c := follow(t, Options{Namespaces: []string{"staging", "shop"}}, nil, named("staging", ""), named("shop", "production"), named("kube-system", ""))
	assert.ElementsMatch(t, []string{"staging: checkout 2.3.0 succeeded uid/2", "production: checkout 2.3.0 succeeded uid/2"}, []string{c.next(t), c.next(t)})
	assert.Empty(t, c.told)
}

func TestADeploymentThatIsGoneIsForgotten(t *testing.T) {
	t.Parallel()
	c := follow(t, Options{Environment: "production"}, nil, deployment())
	c.next(t)
	require.NoError(t, c.client.AppsV1().Deployments("shop").Delete(t.Context(), "checkout", metav1.DeleteOptions{}))
	again := deployment()
	again.UID = "another"
	_, err := c.client.AppsV1().Deployments("shop").Create(t.Context(), again, metav1.CreateOptions{})
	require.NoError(t, err)
	assert.Equal(t, "production: checkout 2.3.0 succeeded another/2", c.next(t))
}
