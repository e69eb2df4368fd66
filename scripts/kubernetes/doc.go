// Package kubernetes has the tests that need a real Kubernetes, which `make test-kubernetes` runs. They have a build
// tag of their own, so that nothing else builds them.
package kubernetes
