package hooks_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/template"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/hooks"
)

const address = "https://flags.example.com/hooks/argocd/1f0c"

// templates are those of a published ConfigMap by name.
func templates(t *testing.T, kind openapi.WebhookKind) map[string]string {
	t.Helper()
	setup, err := hooks.Setup(kind, address)
	require.NoError(t, err)
	bodies := make(map[string]string)
	for _, part := range setup {
		if !strings.Contains(part.Title, "ConfigMap") {
			continue
		}
		var configMap struct{ Data map[string]string }
		require.NoError(t, yaml.Unmarshal([]byte(part.Text), &configMap))
		require.Contains(t, configMap.Data["service.webhook.tidegate"], "url: "+address)
		for name, text := range configMap.Data {
			var document struct {
				Webhook map[string]struct{ Method, Body string }
			}
			if !strings.HasPrefix(name, "template.") {
				continue
			}
			require.NoError(t, yaml.Unmarshal([]byte(text), &document))
			require.Equal(t, "POST", document.Webhook["tidegate"].Method)
			bodies[strings.TrimPrefix(name, "template.")] = document.Webhook["tidegate"].Body
		}
	}
	require.NotEmpty(t, bodies)
	return bodies
}

// render renders a template as the notifications of Argo do, which have the functions of Sprig.
func render(t *testing.T, text, root, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", file))
	require.NoError(t, err)
	var object map[string]any
	require.NoError(t, yaml.Unmarshal(content, &object))
	tmpl, err := template.New("").Funcs(template.FuncMap{
		"toJson": func(v any) (string, error) {
			encoded, err := json.Marshal(v)
			return string(encoded), err
		},
		"default": func(fallback, given any) any {
			if given == nil {
				return fallback
			}
			return given
		},
		"dict": func() map[string]any { return map[string]any{} },
		"dig":  dig,
		"now":  func() time.Time { return start },
		"date": func(layout string, at time.Time) string { return at.Format(layout) },
	}).Parse(text)
	require.NoError(t, err)
	var rendered strings.Builder
	require.NoError(t, tmpl.Execute(&rendered, map[string]any{root: object}))
	return []byte(rendered.String())
}

// dig takes keys, what to give where there is nothing, and an object.
func dig(arguments ...any) any {
	n := len(arguments)
	value := arguments[n-1]
	for _, key := range arguments[:n-2] {
		object, is := value.(map[string]any)
		if !is {
			return arguments[n-2]
		}
		if value, is = object[key.(string)]; !is {
			return arguments[n-2]
		}
	}
	return value
}

func TestThePublishedTemplateOfArgoCD(t *testing.T) {
	t.Parallel()
	rendered := render(t, templates(t, openapi.WebhookKindArgocd)["tidegate"], "app", "argocd/application.yaml")
	require.JSONEq(t, string(testdata(t, "argocd", "healthy")), string(rendered))
}

func TestThePublishedTemplatesOfArgoRollouts(t *testing.T) {
	t.Parallel()
	b := newBench(t, hooks.GitHub{})
	b.webhook("argo-rollouts", `{}`)
	found := templates(t, openapi.WebhookKindArgoRollouts)
	rendered := render(t, found["tidegate-step"], "rollout", "argo-rollouts/rollout.yaml")
	require.JSONEq(t, string(testdata(t, "argo-rollouts", "stepCompleted")), string(rendered))
	for name, status := range map[string]string{
		"tidegate-updated": "started", "tidegate-step": "started", "tidegate-completed": "succeeded", "tidegate-aborted": "failed",
	} {
		outcome := b.accept("argo-rollouts", "", render(t, found[name], "rollout", "argo-rollouts/rollout.yaml"))
		require.Len(t, outcome.Deployments, 1)
		if status == "failed" {
			require.EqualValues(t, status, outcome.Deployments[0].Deployment.Status)
		}
	}
	require.Len(t, b.deployments(), 1)
}

func TestEveryKindHasARecipe(t *testing.T) {
	t.Parallel()
	for _, kind := range []openapi.WebhookKind{"github", "argocd", "argo-rollouts", "flagger", "codedeploy", "generic"} {
		setup, err := hooks.Setup(kind, address)
		require.NoError(t, err)
		require.NotEmpty(t, setup)
		all := ""
		for _, part := range setup {
			require.NotEmpty(t, part.Title)
			require.NotEmpty(t, part.Text)
			all += part.Title + part.Text
		}
		require.NotContains(t, all, "$URL")
		require.NotContains(t, all, "$AUTHURL")
		require.Contains(t, all, "flags.example.com/hooks/argocd/1f0c")
		require.Contains(t, all, "$SECRET")
	}
}

// The page for people has the same recipes.
func TestTheDocumentationHasEveryRecipe(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "deployments.md"))
	require.NoError(t, err)
	for _, kind := range []openapi.WebhookKind{"github", "argocd", "argo-rollouts", "flagger", "codedeploy", "generic"} {
		setup, err := hooks.Setup(kind, "https://flags.example.com/hooks/"+string(kind)+"/$ID")
		require.NoError(t, err)
		for _, part := range setup {
			require.Contains(t, string(page), part.Text, "docs/deployments.md lacks: %s", part.Title)
		}
	}
}
