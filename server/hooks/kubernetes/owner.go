package kubernetes

import (
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// primarySuffix ends the name of a primary. Flagger makes the primary from the Deployment that a Canary names.
const primarySuffix = "-primary"

// ownerOf is the tool that decides what a Deployment rolls out. It is "" if that is Kubernetes itself. Flagger owns
// the primary of a Canary, but it does not mark the Deployment that the Canary names. That Deployment is recognised
// by the primary beside it.
func ownerOf(d *appsv1.Deployment, beside func(name string) *appsv1.Deployment) string {
	if tool := controllerOf(d); tool != "" {
		return tool
	}
	if primary := beside(d.Name + primarySuffix); primary != nil && controllerOf(primary) == flaggerName {
		return flaggerName
	}
	return ""
}

const (
	flaggerName      = "Flagger"
	argoRolloutsName = "Argo Rollouts"
)

func controllerOf(d *appsv1.Deployment) string {
	owner := metav1.GetControllerOf(d)
	switch {
	case owner == nil:
		return ""
	case owner.Kind == "Canary" && strings.HasPrefix(owner.APIVersion, "flagger.app/"):
		return flaggerName
	case owner.Kind == "Rollout" && strings.HasPrefix(owner.APIVersion, "argoproj.io/"):
		return argoRolloutsName
	}
	return ""
}
