//go:build kubernetes

package kubernetes_test

import "testing"

const deploymentManifest = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout
  namespace: NAMESPACE
  labels: {app.kubernetes.io/version: "VERSION"}
spec:
  replicas: 2
  progressDeadlineSeconds: 5
  selector: {matchLabels: {app: checkout}}
  template:
    metadata:
      labels: {app: checkout}
      annotations: {tidegate.test/ready-after: "READY"}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: checkout, image: "registry.example/checkout:VERSION"}]
`

// Only the Deployment has the label, which a rollback does not take back.
func TestTheWatcherTellsWhatRuns(t *testing.T) {
	c := newCluster(t, "shop")
	c.watch("test", "shop")
	c.apply(deploymentManifest, "NAMESPACE", "shop", "VERSION", "1.0.0", "READY", "0s")
	c.await("checkout 1.0.0 succeeded")
	c.apply(deploymentManifest, "NAMESPACE", "shop", "VERSION", "2.0.0", "READY", "1s")
	c.await("checkout 1.0.0 succeeded", "checkout 2.0.0 succeeded")
	c.kubectl("", "-n", "shop", "rollout", "undo", "deployment/checkout")
	c.await("checkout 1.0.0 succeeded", "checkout 2.0.0 succeeded", "checkout 1.0.0 succeeded")
	c.apply(deploymentManifest, "NAMESPACE", "shop", "VERSION", "3.0.0", "READY", "never")
	c.await("checkout 1.0.0 succeeded", "checkout 2.0.0 succeeded", "checkout 1.0.0 succeeded", "checkout 3.0.0 failed")
}

// A paused Deployment has a template that does not run. Rights in one namespace alone are enough for that one.
func TestTheWatcherLeavesAPauseAloneAndFollowsWhatItMay(t *testing.T) {
	c := newCluster(t, "payments")
	c.kubectl("", "create", "namespace", "allowed")
	c.kubectl("", "-n", "allowed", "create", "role", "watch", "--verb=get,list,watch", "--resource=deployments.apps")
	c.kubectl("", "-n", "allowed", "create", "rolebinding", "watch", "--role=watch", "--user=shop-only")
	c.apply(deploymentManifest, "NAMESPACE", "allowed", "VERSION", "1.0.0", "READY", "0s")
	c.kubectl("", "-n", "allowed", "rollout", "status", "deployment/checkout")
	c.kubectl("", "-n", "allowed", "rollout", "pause", "deployment/checkout")
	c.kubectl("", "-n", "allowed", "set", "image", "deployment/checkout", "checkout=registry.example/checkout:2.0.0")
	c.watch("shop-only", "payments", "allowed")
	c.kubectl("", "-n", "allowed", "create", "deployment", "other", "--image=registry.example/other:7.0.0")
	c.await("other 7.0.0 succeeded")
	c.kubectl("", "-n", "allowed", "rollout", "resume", "deployment/checkout")
	c.await("other 7.0.0 succeeded", "checkout 2.0.0 succeeded")
}
