//go:build kubernetes

// Package kubernetes_test tries what Tidegate says of Kubernetes, Argo Rollouts and Flagger against the real ones.
package kubernetes_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/tidegate-io/tidegate/client"
	"github.com/tidegate-io/tidegate/openapi"
	watcher "github.com/tidegate-io/tidegate/server/hooks/kubernetes"
	"github.com/tidegate-io/tidegate/server/servertest"
)

// patience is how long anything may take on a machine that has much else to do.
const patience = 3 * time.Minute

// cluster is the control plane beside a Tidegate.
type cluster struct {
	*testing.T
	server *servertest.Server
}

// newCluster prepares a namespace, a node and a Tidegate.
func newCluster(t *testing.T, namespace string) *cluster {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	require.NoError(t, err)
	client, err := kubernetes.NewForConfig(config)
	require.NoError(t, err)
	runNode(t, client)
	c := &cluster{T: t, server: servertest.Start(t)}
	c.kubectl("", "create", "namespace", namespace)
	return c
}

// kubectl runs kubectl with the input.
func (c *cluster) kubectl(input string, arguments ...string) string {
	c.Helper()
	words := append(strings.Fields(os.Getenv("KUBECTL")), arguments...)
	command := exec.CommandContext(c.Context(), words[0], words[1:]...)
	command.Stdin = strings.NewReader(input)
	output, err := command.CombinedOutput()
	require.NoError(c, err, "%v: %s", arguments, output)
	return string(output)
}

// apply applies a manifest, of which the words are replaced.
func (c *cluster) apply(manifest string, words ...string) {
	c.Helper()
	c.kubectl(strings.NewReplacer(words...).Replace(manifest), "apply", "-f", "-")
}

// watch follows namespaces with the rights of a context until the end of the test, and gives its log.
func (c *cluster) watch(contextName string, namespaces ...string) {
	c.Helper()
	rules := &clientcmd.ClientConfigLoadingRules{ExplicitPath: os.Getenv("KUBECONFIG")}
	config, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, &clientcmd.ConfigOverrides{CurrentContext: contextName}).ClientConfig()
	require.NoError(c, err)
	source, err := watcher.NewSource(config, "")
	require.NoError(c, err)
	to, err := client.New(c.server.URL, servertest.AdminToken)
	require.NoError(c, err)
	ctx, stop := context.WithCancel(context.WithoutCancel(c.Context()))
	done := make(chan error, 1)
	go func() {
		done <- watcher.NewWatcher(watcher.Options{
			Source: source, Namespaces: namespaces, Environment: "production",
			Reporter: &watcher.ServerReporter{Client: to, Project: "default"}, Log: slog.New(slog.DiscardHandler),
		}).Run(ctx)
	}()
	c.Cleanup(func() {
		stop()
		assert.NoError(c, <-done)
	})
}

// run runs a program until the end of the test. Its output is shown if the test fails.
func (c *cluster) run(program string, arguments ...string) {
	c.Helper()
	var output bytes.Buffer
	command := exec.CommandContext(context.WithoutCancel(c.Context()), program, arguments...)
	command.Stdout, command.Stderr = &output, &output
	require.NoError(c, command.Start())
	c.Cleanup(func() {
		require.NoError(c, command.Process.Kill())
		_ = command.Wait()
		if c.Failed() {
			c.Log(output.String())
		}
	})
}

// webhook makes a webhook and gives its address, its secret and the texts of its setup.
func (c *cluster) webhook(kind string) (made openapi.Webhook, texts []string) {
	c.Helper()
	c.server.Must(c, http.StatusCreated, http.MethodPost, "/projects/default/webhooks", fmt.Sprintf(`{"name": %q, "kind": %q}`, kind, kind)).Decode(c, &made)
	for _, part := range made.Setup {
		texts = append(texts, strings.ReplaceAll(part.Text, "$SECRET", made.Secret))
	}
	return made, texts
}

// known lists the deployments of a service, oldest first.
func (c *cluster) known() (list []string) {
	c.Helper()
	var found struct{ Items []openapi.Deployment }
	c.server.Must(c, http.StatusOK, http.MethodGet, "/projects/default/environments/production/deployments", nil).Decode(c, &found)
	for _, d := range found.Items {
		list = append([]string{d.Service + " " + d.Version + " " + string(d.Status)}, list...)
	}
	return list
}

// await waits until the deployments are those.
func (c *cluster) await(want ...string) {
	c.Helper()
	deadline := time.Now().Add(patience)
	for got := c.known(); ; got = c.known() {
		if fmt.Sprint(got) == fmt.Sprint(want) {
			return
		}
		if time.Now().After(deadline) {
			require.Equal(c, want, got)
		}
		time.Sleep(200 * time.Millisecond)
	}
}
