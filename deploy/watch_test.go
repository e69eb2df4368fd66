package deploy_test

import (
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// The watcher may read Deployments and nothing else, and is told only what it knows.
func TestTheWatcherHasTheLeastRights(t *testing.T) {
	t.Parallel()
	manifest := text(t, "kubernetes/watch/watch.yaml")
	type object struct {
		Kind  string
		Rules []struct {
			Resources, Verbs []string
		}
		Spec struct {
			Template struct {
				Spec struct{ Containers []container }
			}
		}
	}
	kinds := map[string]object{}
	for decoder := yaml.NewDecoder(strings.NewReader(manifest)); ; {
		var o object
		err := decoder.Decode(&o)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		kinds[o.Kind] = o
	}
	require.Len(t, kinds["ClusterRole"].Rules, 1)
	assert.Equal(t, []string{"deployments"}, kinds["ClusterRole"].Rules[0].Resources)
	assert.Equal(t, []string{"get", "list", "watch"}, kinds["ClusterRole"].Rules[0].Verbs)

	known := map[string]bool{"FLAGD_SERVER_URL": true}
	for _, file := range []string{"../cmd/flagd/settings.go", "../cmd/flagd/watch.go", "../cmd/flagd/remoteflags.go"} {
		for _, flag := range setting.FindAllStringSubmatch(text(t, file), -1) {
			known["FLAGD_"+strings.ToUpper(strings.ReplaceAll(flag[1], "-", "_"))] = true
		}
	}
	for _, name := range regexp.MustCompile(`\bFLAGD_[A-Z_]+`).FindAllString(manifest, -1) {
		assert.True(t, known[name], "%s is no setting of flagd watch kubernetes", name)
	}
	containers := kinds["Deployment"].Spec.Template.Spec.Containers
	require.Len(t, containers, 1)
	for _, variable := range containers[0].Env {
		if variable.Name == "FLAGD_TOKEN" {
			assert.NotEmpty(t, variable.ValueFrom.SecretKeyRef)
			assert.Empty(t, variable.Value)
		}
	}
	assert.True(t, containers[0].SecurityContext.ReadOnlyRootFilesystem)
}
