// Package kubernetes follows the Deployments of a cluster and reports each rollout to Tidegate.
package kubernetes

import (
	"cmp"
	"fmt"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/hooks"
)

// The annotations with which a Deployment says what its names do not say.
const (
	annotationService     = "tidegate.io/service"
	annotationVersion     = "tidegate.io/version"
	annotationEnvironment = "tidegate.io/environment"
	annotationStrategy    = "tidegate.io/strategy"
	annotationIgnore      = "tidegate.io/ignore"
)

// The labels that Kubernetes recommends.
const (
	labelName    = "app.kubernetes.io/name"
	labelVersion = "app.kubernetes.io/version"
)

// revisionAnnotation counts the pod templates of a Deployment. The controller raises it with each rollout, including
// a rollback.
const revisionAnnotation = "deployment.kubernetes.io/revision"

// source is that of all reports.
const source = "kubernetes"

// Rollout is a rollout of a Deployment as it stands.
type Rollout struct {
	// Environment is empty where the Deployment does not name one.
	Environment string
	Report      openapi.DeploymentReport
}

// Observe tells how the newest rollout of a Deployment stands. Why says why there is nothing to report: the
// controller has not seen the newest template yet, or the Deployment is to be left alone.
//
// A rollout is done when the controller has observed the generation, the wanted number of replicas is updated, ready
// and available, and no old replica is left, see
// https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status. The external id is the
// Deployment's uid and revision. Unlike the generation, the revision does not change when the Deployment is scaled.
func Observe(d *appsv1.Deployment) (r Rollout, why string) {
	revision := d.Annotations[revisionAnnotation]
	service := serviceOf(d)
	version := versionOf(d, service)
	switch {
	case d.Annotations[annotationIgnore] == "true":
		return r, "it is annotated to be ignored"
	case d.Spec.Paused:
		// Its template may differ from that of the newest revision.
		return r, "it is paused"
	case d.Status.ObservedGeneration < d.Generation || revision == "":
		return r, "its newest generation was not observed yet"
	case wanted(d) == 0:
		return r, "it is scaled to zero"
	case version == "":
		return r, fmt.Sprintf(
			"its version is unknown: set the label %s or the annotation %s of its pods, or tag its image",
			labelVersion,
			annotationVersion,
		)
	}
	status, at := statusOf(d)
	return Rollout{
		Environment: d.Annotations[annotationEnvironment],
		Report: openapi.DeploymentReport{
			Service:     service,
			Version:     version,
			Status:      status,
			Source:      source,
			ExternalID:  string(d.UID) + "/" + revision,
			Strategy:    strategyOf(d),
			Description: fmt.Sprintf("Revision %s of Deployment %s/%s.", revision, d.Namespace, d.Name),
			At:          at,
		},
	}, ""
}

// statusOf is how the rollout stands, and since when; zero where that is not known.
func statusOf(d *appsv1.Deployment) (openapi.DeploymentStatus, time.Time) {
	progressing := condition(d, appsv1.DeploymentProgressing)
	n := wanted(d)
	status := d.Status
	switch {
	case status.UpdatedReplicas == n && status.Replicas == n && status.ReadyReplicas == n && status.AvailableReplicas == n:
		return openapi.DeploymentStatusSucceeded, progressing.LastUpdateTime.Time
	case progressing.Status == corev1.ConditionFalse && progressing.Reason == "ProgressDeadlineExceeded" && status.UpdatedReplicas == 0:
		// None of its pods was made: a quota or an admission webhook refused them.
		return openapi.DeploymentStatusRefused, progressing.LastTransitionTime.Time
	case progressing.Status == corev1.ConditionFalse && progressing.Reason == "ProgressDeadlineExceeded":
		return openapi.DeploymentStatusFailed, progressing.LastTransitionTime.Time
	}
	return openapi.DeploymentStatusStarted, time.Time{}
}

// condition is the condition of the type, or the zero condition.
func condition(d *appsv1.Deployment, kind appsv1.DeploymentConditionType) appsv1.DeploymentCondition {
	for _, c := range d.Status.Conditions {
		if c.Type == kind {
			return c
		}
	}
	return appsv1.DeploymentCondition{}
}

// wanted is the number of replicas that there shall be. It is one unless the Deployment says otherwise.
func wanted(d *appsv1.Deployment) int32 {
	if d.Spec.Replicas == nil {
		return 1
	}
	return *d.Spec.Replicas
}

func serviceOf(d *appsv1.Deployment) string {
	return cmp.Or(d.Annotations[annotationService], d.Spec.Template.Annotations[annotationService],
		d.Labels[labelName], d.Spec.Template.Labels[labelName], d.Name)
}

// versionOf looks at the pods first and at the Deployment afterwards, because the pods are what is rolled out. A
// rollback changes the pods and the annotations of the Deployment, but not the Deployment's labels. Therefore the
// image is preferred to these labels.
func versionOf(d *appsv1.Deployment, service string) string {
	pods := d.Spec.Template.ObjectMeta
	return cmp.Or(pods.Annotations[annotationVersion], pods.Labels[labelVersion], d.Annotations[annotationVersion],
		imageVersion(d, service), d.Labels[labelVersion])
}

// imageVersion is the tag of the image of the container that has the name of the service. If there is no such
// container, it is the tag of the service's image.
func imageVersion(d *appsv1.Deployment, service string) string {
	var images []string
	for _, container := range d.Spec.Template.Spec.Containers {
		if container.Name == service {
			return hooks.ImageVersion([]string{container.Image}, service)
		}
		images = append(images, container.Image)
	}
	return hooks.ImageVersion(images, service)
}

func strategyOf(d *appsv1.Deployment) openapi.DeploymentStrategy {
	if named := openapi.DeploymentStrategy(d.Annotations[annotationStrategy]); named.Valid() {
		return named
	}
	if d.Spec.Strategy.Type == appsv1.RecreateDeploymentStrategyType {
		return openapi.DeploymentStrategyRecreate
	}
	return openapi.DeploymentStrategyRolling
}
