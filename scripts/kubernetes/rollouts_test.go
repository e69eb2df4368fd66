//go:build kubernetes

package kubernetes_test

import (
	"os"
	"testing"
)

const rolloutManifest = `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: checkout
  namespace: rolling
  annotations:
    notifications.argoproj.io/subscribe.tidegate.tidegate: ""
    tidegate.io/environment: production
spec:
  replicas: 4
  selector: {matchLabels: {app: checkout}}
  template:
    metadata: {labels: {app: checkout}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: checkout, image: "registry.example/checkout:VERSION"}]
  strategy: {canary: {steps: [{setWeight: 25}, {pause: {}}, {setWeight: 50}]}}
`

// The recipe as the webhook's page prints it, with the real controller.
func TestArgoRolloutsByTheRecipe(t *testing.T) {
	c := newCluster(t, "rolling")
	c.kubectl("", "create", "namespace", "argo-rollouts")
	c.kubectl("", "-n", "argo-rollouts", "create", "secret", "generic", "argo-rollouts-notification-secret")
	c.kubectl("", "apply", "--server-side", "-k", os.Getenv("ROLLOUTS_CRDS"))
	made, texts := c.webhook("argo-rollouts")
	c.kubectl("", "-n", "argo-rollouts", "patch", "secret", "argo-rollouts-notification-secret", "-p", `{"stringData": {"tidegate-secret": "`+made.Secret+`"}}`)
	c.apply(texts[1], made.URL, c.server.URL+"/hooks/argo-rollouts/"+made.ID)
	c.run(os.Getenv("ROLLOUTS"), "--kubeconfig", os.Getenv("KUBECONFIG"), "--leader-elect=false", "--namespace", "argo-rollouts", "--namespaced=false")
	version := func(v string) { c.apply(rolloutManifest, "VERSION", v) }
	patch := func(status string) {
		c.kubectl("", "-n", "rolling", "patch", "rollout", "checkout", "--subresource", "status", "--type", "merge", "-p", `{"status": `+status+`}`)
	}
	version("1.0.0")
	c.await("checkout 1.0.0 succeeded")
	version("2.0.0")
	c.await("checkout 1.0.0 succeeded", "checkout 2.0.0 started")
	patch(`{"promoteFull": true}`)
	c.await("checkout 1.0.0 succeeded", "checkout 2.0.0 succeeded")

	version("3.0.0")
	c.await("checkout 1.0.0 succeeded", "checkout 2.0.0 succeeded", "checkout 3.0.0 started")
	version("2.0.0")
	c.await("checkout 1.0.0 succeeded", "checkout 2.0.0 succeeded", "checkout 3.0.0 abandoned", "checkout 2.0.0 succeeded")
}
