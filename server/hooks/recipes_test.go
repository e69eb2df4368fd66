package hooks_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/hooks"
)

const address = "https://flags.example.com/hooks/argocd/1f0c"

func TestThePublishedTemplatesRender(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind           openapi.WebhookKind
		root, from, to string
	}{
		{openapi.WebhookKindArgocd, "app", "argocd/application.yaml", "healthy"},
		{openapi.WebhookKindArgoRollouts, "rollout", "argo-rollouts/rollout.yaml", "progressing"},
	} {
		content, err := os.ReadFile(filepath.Join("testdata", test.from))
		require.NoError(t, err)
		var object map[string]any
		require.NoError(t, yaml.Unmarshal(content, &object))
		var rendered strings.Builder
		body := parseBody(t, publishedConfigMap(t, test.kind)["template.tidegate"], func() time.Time { return start })
		require.NoError(t, body.Execute(&rendered, map[string]any{test.root: object}))
		require.JSONEq(t, string(testdata(t, string(test.kind), test.to)), rendered.String())
	}
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

// The documentation page has the same recipes.
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
