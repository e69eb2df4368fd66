package deploy_test

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// windDown is what a server may take after its drain grace: 10 s for streams whose clients do not read, 15 s for
// requests.
const windDown = 25 * time.Second

// secretSettings must never stand in a file with their values.
var secretSettings = []string{"FLAGD_DATABASE_URL", "FLAGD_LISTEN_DATABASE_URL", "FLAGD_REDIS_URL", "FLAGD_BOOTSTRAP_ADMIN_TOKEN", "FLAGD_GITHUB_WEBHOOK_SECRET"}

// container is the part of a Kubernetes container that is checked.
type container struct {
	Env []struct {
		Name, Value string
		ValueFrom   struct {
			SecretKeyRef map[string]any `yaml:"secretKeyRef"`
		} `yaml:"valueFrom"`
	}
	Ports []struct {
		Name          string
		ContainerPort int `yaml:"containerPort"`
	}
	StartupProbe   probe `yaml:"startupProbe"`
	LivenessProbe  probe `yaml:"livenessProbe"`
	ReadinessProbe probe `yaml:"readinessProbe"`
	Lifecycle      struct {
		PreStop struct{ Sleep struct{ Seconds int } } `yaml:"preStop"`
	}
	SecurityContext struct {
		AllowPrivilegeEscalation *bool `yaml:"allowPrivilegeEscalation"`
		ReadOnlyRootFilesystem   bool  `yaml:"readOnlyRootFilesystem"`
		Capabilities             struct{ Drop []string }
	} `yaml:"securityContext"`
}

type probe struct {
	HTTPGet struct{ Path, Port string } `yaml:"httpGet"`
}

// deployment is the part of a Kubernetes Deployment that is checked.
type deployment struct {
	Spec struct {
		Replicas int
		Selector struct {
			MatchLabels map[string]string `yaml:"matchLabels"`
		}
		Template struct {
			Metadata struct{ Labels map[string]string }
			Spec     struct {
				TerminationGracePeriodSeconds int `yaml:"terminationGracePeriodSeconds"`
				SecurityContext               struct {
					RunAsNonRoot bool `yaml:"runAsNonRoot"`
				} `yaml:"securityContext"`
				Containers []container
			}
		}
	}
}

func TestKubernetesDeployment(t *testing.T) {
	t.Parallel()
	var d deployment
	read(t, "kubernetes/deployment.yaml", &d)
	pod := d.Spec.Template.Spec
	assert.Equal(t, 2, d.Spec.Replicas)
	assert.True(t, pod.SecurityContext.RunAsNonRoot)
	require.Len(t, pod.Containers, 1)
	c := pod.Containers[0]
	assert.True(t, c.SecurityContext.ReadOnlyRootFilesystem)
	require.NotNil(t, c.SecurityContext.AllowPrivilegeEscalation)
	assert.False(t, *c.SecurityContext.AllowPrivilegeEscalation)
	assert.Equal(t, []string{"ALL"}, c.SecurityContext.Capabilities.Drop)
	for path, p := range map[string]probe{"/livez": c.LivenessProbe, "/readyz": c.ReadinessProbe} {
		assert.Equal(t, path, p.HTTPGet.Path)
		assert.Equal(t, c.Ports[0].Name, p.HTTPGet.Port)
	}
	assert.Equal(t, "/livez", c.StartupProbe.HTTPGet.Path)

	var grace string
	for _, variable := range c.Env {
		if variable.Name == "FLAGD_DRAIN_GRACE" {
			grace = variable.Value
		}
		for _, secret := range secretSettings {
			if variable.Name == secret {
				assert.Empty(t, variable.Value, "%s stands in the manifest", secret)
				assert.NotEmpty(t, variable.ValueFrom.SecretKeyRef, "%s comes from no secret", secret)
			}
		}
	}
	preStop := time.Duration(c.Lifecycle.PreStop.Sleep.Seconds) * time.Second
	checkStop(t, grace, preStop, time.Duration(pod.TerminationGracePeriodSeconds)*time.Second)
}

func TestKubernetesSelectorsFindTheDeployment(t *testing.T) {
	t.Parallel()
	var d deployment
	read(t, "kubernetes/deployment.yaml", &d)
	labels := d.Spec.Template.Metadata.Labels
	assert.Equal(t, labels, d.Spec.Selector.MatchLabels)
	var service struct {
		Spec struct{ Selector map[string]string }
	}
	read(t, "kubernetes/service.yaml", &service)
	assert.Equal(t, labels, service.Spec.Selector)
	var budget struct {
		Spec struct {
			MaxUnavailable int `yaml:"maxUnavailable"`
			Selector       struct {
				MatchLabels map[string]string `yaml:"matchLabels"`
			}
		}
	}
	read(t, "kubernetes/poddisruptionbudget.yaml", &budget)
	assert.Equal(t, labels, budget.Spec.Selector.MatchLabels)
	assert.Less(t, budget.Spec.MaxUnavailable, d.Spec.Replicas)

	var kustomization struct{ Resources []string }
	read(t, "kubernetes/kustomization.yaml", &kustomization)
	files, err := filepath.Glob("kubernetes/*.yaml")
	require.NoError(t, err)
	assert.Len(t, kustomization.Resources, len(files)-1, "every file but the kustomization is a resource")
	for _, resource := range kustomization.Resources {
		assert.FileExists(t, filepath.Join("kubernetes", resource))
	}
}

func TestComposeStopsInTime(t *testing.T) {
	t.Parallel()
	var compose struct {
		Services map[string]struct {
			StopGracePeriod string `yaml:"stop_grace_period"`
			ReadOnly        bool   `yaml:"read_only"`
			Environment     map[string]string
		}
	}
	read(t, "compose.yaml", &compose)
	for _, name := range []string{"flagd-1", "flagd-2"} {
		service := compose.Services[name]
		assert.True(t, service.ReadOnly, name)
		checkStop(t, service.Environment["FLAGD_DRAIN_GRACE"], 0, duration(t, service.StopGracePeriod))
		assert.Contains(t, service.Environment["FLAGD_DATABASE_URL"], "${POSTGRES_PASSWORD:?", "a password stands in the file")
	}
	assert.Contains(t, compose.Services, "postgres")
	assert.Contains(t, compose.Services, "redis")
}

func TestSystemdStopsInTime(t *testing.T) {
	t.Parallel()
	unit := text(t, "systemd/tidegate.service")
	grace := regexp.MustCompile(`FLAGD_DRAIN_GRACE=(\S+)`).FindStringSubmatch(unit)
	timeout := regexp.MustCompile(`(?m)^TimeoutStopSec=(\S+)$`).FindStringSubmatch(unit)
	require.NotNil(t, grace)
	require.NotNil(t, timeout)
	checkStop(t, grace[1], 0, duration(t, timeout[1]))
}

// checkStop checks that a server is not killed while it drains.
func checkStop(t *testing.T, grace string, before, killed time.Duration) {
	t.Helper()
	needed := before + duration(t, grace) + windDown
	assert.Greater(t, killed, needed, "the server may need %v from being asked to stop", needed)
}

// setting is where the command line declares a flag.
var setting = regexp.MustCompile(`flags\.\w+Var\(\s*&s\.\w+,\s*"([a-z-]+)"`)

func TestDeployNamesOnlySettingsThatExist(t *testing.T) {
	t.Parallel()
	known := make(map[string]bool)
	for _, flag := range setting.FindAllStringSubmatch(text(t, "../cmd/flagd/settings.go"), -1) {
		known["FLAGD_"+strings.ToUpper(strings.ReplaceAll(flag[1], "-", "_"))] = true
	}
	require.NotEmpty(t, known)
	for _, file := range []string{"Dockerfile", "compose.yaml", "kubernetes/deployment.yaml", "systemd/tidegate.service"} {
		for _, name := range regexp.MustCompile(`\bFLAGD_[A-Z_]+`).FindAllString(text(t, file), -1) {
			assert.True(t, known[name], "%s sets %s, which flagd does not know", file, name)
		}
	}
	for _, secret := range secretSettings {
		assert.True(t, known[secret], "%s is no setting", secret)
	}
}

func text(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(content)
}

// read decodes a file of one YAML document, in which no key may be twice.
func read(t *testing.T, file string, into any) {
	t.Helper()
	decoder := yaml.NewDecoder(strings.NewReader(text(t, file)))
	require.NoError(t, decoder.Decode(into), file)
	require.ErrorIs(t, decoder.Decode(new(any)), io.EOF, "%s holds more than one document", file)
}

func duration(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text)
	require.NoError(t, err)
	return d
}
