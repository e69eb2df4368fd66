package kubernetes

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tidegate-io/tidegate/openapi"
)

var noon = time.Date(2026, time.November, 21, 12, 0, 0, 0, time.UTC)

// deployment is one of three replicas whose first rollout is complete.
func deployment() *appsv1.Deployment {
	replicas := int32(3)
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{
			Name: "checkout", Namespace: "shop", UID: "0f5d9d4e", Generation: 4, Annotations: map[string]string{revisionAnnotation: "2"},
		},
		Spec: appsv1.DeploymentSpec{
			Replicas: &replicas, Strategy: appsv1.DeploymentStrategy{Type: appsv1.RollingUpdateDeploymentStrategyType},
			Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "app", Image: "registry.example:5000/shop/checkout:2.3.0"}}}},
		},
		Status: appsv1.DeploymentStatus{
			ObservedGeneration: 4, Replicas: 3, UpdatedReplicas: 3, ReadyReplicas: 3, AvailableReplicas: 3,
			Conditions: []appsv1.DeploymentCondition{{
				Type: appsv1.DeploymentProgressing, Status: corev1.ConditionTrue, Reason: "NewReplicaSetAvailable",
				LastUpdateTime: metav1.NewTime(noon), LastTransitionTime: metav1.NewTime(noon.Add(-time.Hour)),
			}},
		},
	}
}

func TestACompleteRolloutHasSucceeded(t *testing.T) {
	t.Parallel()
	r, why := Observe(deployment())
	assert.Empty(t, why)
	assert.Equal(t, Rollout{Report: openapi.DeploymentReport{
		Service: "checkout", Version: "2.3.0", Status: openapi.DeploymentStatusSucceeded, Source: "kubernetes", ExternalID: "0f5d9d4e/2",
		Strategy: openapi.DeploymentStrategyRolling, Description: "Revision 2 of Deployment shop/checkout.", At: noon,
	}}, r)
}

func TestARolloutSucceedsOnlyWhenAllReplicasAreThoseWanted(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*appsv1.DeploymentStatus){
		"some are old":           func(s *appsv1.DeploymentStatus) { s.UpdatedReplicas = 2 },
		"an old one is left":     func(s *appsv1.DeploymentStatus) { s.Replicas = 4 },
		"some are not ready":     func(s *appsv1.DeploymentStatus) { s.ReadyReplicas = 2 },
		"some are not available": func(s *appsv1.DeploymentStatus) { s.AvailableReplicas = 2 },
		"too few": func(s *appsv1.DeploymentStatus) {
			s.Replicas, s.UpdatedReplicas, s.ReadyReplicas, s.AvailableReplicas = 2, 2, 2, 2
		},
	} {
		d := deployment()
		change(&d.Status)
		r, why := Observe(d)
		assert.Empty(t, why, name)
		assert.Equal(t, openapi.DeploymentStatusStarted, r.Report.Status, name)
		assert.Zero(t, r.Report.At, name)

		d.Status.Conditions[0].Status, d.Status.Conditions[0].Reason = corev1.ConditionFalse, "ProgressDeadlineExceeded"
		r, _ = Observe(d)
		assert.Equal(t, openapi.DeploymentStatusFailed, r.Report.Status, name)
		assert.Equal(t, noon.Add(-time.Hour), r.Report.At, name)
	}
}

func TestWhatIsLeftAlone(t *testing.T) {
	t.Parallel()
	none := int32(0)
	for why, change := range map[string]func(*appsv1.Deployment){
		"it is annotated to be ignored":              func(d *appsv1.Deployment) { d.Annotations[annotationIgnore] = "true" },
		"its newest generation was not observed yet": func(d *appsv1.Deployment) { d.Generation = 5 },
		"it is paused":           func(d *appsv1.Deployment) { d.Spec.Paused = true },
		"it is scaled to zero":   func(d *appsv1.Deployment) { d.Spec.Replicas = &none },
		"its version is unknown": func(d *appsv1.Deployment) { d.Spec.Template.Spec.Containers[0].Image = "checkout" },
	} {
		d := deployment()
		change(d)
		_, got := Observe(d)
		assert.Contains(t, got, why)
	}
}

func TestNamesVersionsAndStrategies(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*appsv1.Deployment)
		want   string
	}{
		"by label": {func(d *appsv1.Deployment) {
			d.Labels = map[string]string{labelName: "pay", labelVersion: "1.0.0"}
			d.Spec.Template.Spec.Containers[0].Image = "checkout@sha256:00"
		}, "pay 1.0.0 rolling"},
		"after a rollback the image counts more than the Deployment's label": {func(d *appsv1.Deployment) {
			d.Labels = map[string]string{labelVersion: "2.4.0"}
		}, "checkout 2.3.0 rolling"},
		"by annotation": {func(d *appsv1.Deployment) {
			d.Labels = map[string]string{labelName: "pay", labelVersion: "1.0.0"}
			d.Annotations[annotationService], d.Annotations[annotationVersion] = "till", "1.1.0"
		}, "till 1.1.0 rolling"},
		"the pods' version counts more": {func(d *appsv1.Deployment) {
			d.Annotations[annotationVersion] = "1.1.0"
			d.Spec.Template.Labels = map[string]string{labelVersion: "1.2.0"}
		}, "checkout 1.2.0 rolling"},
		"beside a sidecar": {func(d *appsv1.Deployment) {
			d.Spec.Template.Spec.Containers = append(d.Spec.Template.Spec.Containers, corev1.Container{Name: "proxy", Image: "envoy:1.31"})
		}, "checkout 2.3.0 rolling"},
		"by the container's name": {func(d *appsv1.Deployment) {
			d.Spec.Template.Spec.Containers = []corev1.Container{{Name: "proxy", Image: "envoy:1.31"}, {Name: "checkout", Image: "shop:2.4.0@sha256:00"}}
		}, "checkout 2.4.0 rolling"},
		"recreate":  {func(d *appsv1.Deployment) { d.Spec.Strategy.Type = appsv1.RecreateDeploymentStrategyType }, "checkout 2.3.0 recreate"},
		"shadow":    {func(d *appsv1.Deployment) { d.Annotations[annotationStrategy] = "shadow" }, "checkout 2.3.0 shadow"},
		"a mistake": {func(d *appsv1.Deployment) { d.Annotations[annotationStrategy] = "blue" }, "checkout 2.3.0 rolling"},
	} {
		d := deployment()
		c.change(d)
		r, why := Observe(d)
		assert.Empty(t, why, name)
		assert.Equal(t, c.want, r.Report.Service+" "+r.Report.Version+" "+string(r.Report.Strategy), name)
	}
}

func TestARolloutOfWhichNoPodWasMadeIsRefused(t *testing.T) {
	t.Parallel()
	d := deployment()
	d.Status.UpdatedReplicas = 0
	d.Status.Conditions[0].Status, d.Status.Conditions[0].Reason = corev1.ConditionFalse, "ProgressDeadlineExceeded"
	r, _ := Observe(d)
	assert.Equal(t, openapi.DeploymentStatusRefused, r.Report.Status)
}

// Scaling raises the generation, but is no rollout.
func TestScalingIsTheSameRollout(t *testing.T) {
	t.Parallel()
	before, _ := Observe(deployment())
	d := deployment()
	replicas := int32(9)
	d.Spec.Replicas, d.Generation, d.Status.ObservedGeneration = &replicas, 5, 5
	after, _ := Observe(d)
	assert.Equal(t, before.Report.ExternalID, after.Report.ExternalID)
	assert.Equal(t, openapi.DeploymentStatusStarted, after.Report.Status)
}
