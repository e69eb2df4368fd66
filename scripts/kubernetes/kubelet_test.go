//go:build kubernetes

package kubernetes_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// nodeName is the only node.
const nodeName = "fake"

// readyAfter is the annotation of a pod that says how long it takes to become ready: a duration, or never.
const readyAfter = "tidegate.test/ready-after"

// runNode makes a node and plays its kubelet until the end of the test: pods that are bound to it run, become ready
// when they are to, and vanish when they are deleted. No container is run.
func runNode(t *testing.T, client kubernetes.Interface) {
	t.Helper()
	plenty := corev1.ResourceList{"cpu": resource.MustParse("100"), "memory": resource.MustParse("100Gi"), "pods": resource.MustParse("500")}
	node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: nodeName}}
	node, err := client.CoreV1().Nodes().Create(t.Context(), node, metav1.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		node, err = client.CoreV1().Nodes().Get(t.Context(), nodeName, metav1.GetOptions{})
	}
	require.NoError(t, err)
	node.Spec.Taints = nil
	node, err = client.CoreV1().Nodes().Update(t.Context(), node, metav1.UpdateOptions{})
	require.NoError(t, err)
	node.Status.Capacity, node.Status.Allocatable = plenty, plenty
	node.Status.Conditions = []corev1.NodeCondition{{Type: corev1.NodeReady, Status: corev1.ConditionTrue}}
	_, err = client.CoreV1().Nodes().UpdateStatus(t.Context(), node, metav1.UpdateOptions{})
	require.NoError(t, err)

	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for ctx.Err() == nil {
			tend(ctx, t, client)
			select {
			case <-ctx.Done():
			case <-time.After(100 * time.Millisecond):
			}
		}
	}()
	t.Cleanup(func() {
		stop()
		<-stopped
	})
}

// tend looks at each pod of the node once.
func tend(ctx context.Context, t *testing.T, client kubernetes.Interface) {
	pods, err := client.CoreV1().Pods(metav1.NamespaceAll).List(ctx, metav1.ListOptions{FieldSelector: "spec.nodeName=" + nodeName})
	if err != nil {
		return // the next look tells
	}
	for i := range pods.Items {
		pod := &pods.Items[i]
		var err error
		switch {
		case pod.DeletionTimestamp != nil:
			now := int64(0)
			err = client.CoreV1().Pods(pod.Namespace).Delete(ctx, pod.Name, metav1.DeleteOptions{GracePeriodSeconds: &now})
		case pod.Status.Phase != corev1.PodRunning || pod.Status.Conditions[0].Status != corev1.ConditionTrue:
			err = start(ctx, client, pod)
		}
		if err != nil && ctx.Err() == nil && !apierrors.IsConflict(err) && !apierrors.IsNotFound(err) {
			t.Errorf("the kubelet: %v", err)
		}
	}
}

// start has the pod run, and be ready if it is time.
func start(ctx context.Context, client kubernetes.Interface, pod *corev1.Pod) error {
	ready := corev1.ConditionTrue
	if wait := pod.Annotations[readyAfter]; wait != "" {
		after, err := time.ParseDuration(wait)
		if err != nil || time.Since(pod.CreationTimestamp.Time) < after {
			ready = corev1.ConditionFalse
		}
	}
	if pod.Status.Phase == corev1.PodRunning && ready != corev1.ConditionTrue {
		return nil
	}
	now := metav1.Now()
	pod.Status = corev1.PodStatus{
		Phase: corev1.PodRunning, StartTime: &now, PodIP: "10.1.0.1",
		Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: ready, LastTransitionTime: now}},
	}
	_, err := client.CoreV1().Pods(pod.Namespace).UpdateStatus(ctx, pod, metav1.UpdateOptions{})
	return err
}
