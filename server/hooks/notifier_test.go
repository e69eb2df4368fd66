package hooks_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"text/template"
	"time"

	"github.com/Masterminds/sprig/v3"
	"github.com/expr-lang/expr"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/hooks"
)

// notifier sends what Argo's notifications engine (v0.5.0) sends for the published recipe. It evaluates conditions
// and templates with the libraries of the engine. It remembers what it has sent in the same way as the engine. It
// looks at objects as often as it is shown them.
type notifier struct {
	*bench
	kind, root string
	conditions []notifierCondition
	body       *template.Template
	// told are the keys of what was delivered, as the engine keeps them in an annotation.
	told map[string]bool
	// away: nobody answers. sent counts what was delivered.
	away bool
	sent int
}

type notifierCondition struct {
	When    string `yaml:"when"`
	OncePer string `yaml:"oncePer"`
}

// notify prepares the recipe of a kind; root is what its templates call the object.
func notify(b *bench, kind, root string) *notifier {
	b.Helper()
	b.webhook(kind, `{}`)
	data := publishedConfigMap(b, openapi.WebhookKind(kind))
	n := &notifier{bench: b, kind: kind, root: root, told: make(map[string]bool)}
	require.NoError(b, yaml.Unmarshal([]byte(data["trigger.tidegate"]), &n.conditions))
	require.NotEmpty(b, n.conditions)
	n.body = parseBody(b, data["template.tidegate"], func() time.Time { return b.now })
	return n
}

// publishedConfigMap is the data of the ConfigMap that a webhook's setup prints.
func publishedConfigMap(t testing.TB, kind openapi.WebhookKind) map[string]string {
	t.Helper()
	setup, err := hooks.Setup(kind, address)
	require.NoError(t, err)
	for _, part := range setup {
		if strings.Contains(part.Title, "ConfigMap") {
			var configMap struct{ Data map[string]string }
			require.NoError(t, yaml.Unmarshal([]byte(part.Text), &configMap))
			require.Contains(t, configMap.Data["service.webhook.tidegate"], "url: "+address)
			return configMap.Data
		}
	}
	require.Fail(t, "no ConfigMap is published")
	return nil
}

// parseBody reads the body of a published template, with the functions that the engine gives it.
func parseBody(t testing.TB, published string, now func() time.Time) *template.Template {
	t.Helper()
	var document struct {
		Webhook map[string]struct{ Method, Body string }
	}
	require.NoError(t, yaml.Unmarshal([]byte(published), &document))
	require.Equal(t, "POST", document.Webhook["tidegate"].Method)
	functions := sprig.TxtFuncMap()
	functions["now"] = now
	body, err := template.New("").Funcs(functions).Parse(document.Webhook["tidegate"].Body)
	require.NoError(t, err)
	return body
}

// see looks at the object as it is a second later, and sends what has to be sent about it.
func (n *notifier) see(object map[string]any) {
	n.Helper()
	n.now = n.now.Add(time.Second)
	object = asStored(n, object)
	for i, c := range n.conditions {
		key := fmt.Sprintf("[%d]", i)
		if true != n.evaluate(c.When, object) {
			delete(n.told, key)
			continue
		}
		if c.OncePer != "" {
			key = fmt.Sprintf("%v:%s", n.evaluate(c.OncePer, object), key)
		}
		if n.told[key] {
			continue
		}
		// If the delivery failed, it is tried again. The exception is a message that is sent only once: it counts as
		// sent.
		n.told[key] = n.deliver(object) || c.OncePer != ""
	}
}

// evaluate gives nil if the expression cannot be evaluated. The engine does the same.
func (n *notifier) evaluate(expression string, object map[string]any) any {
	n.Helper()
	program, err := expr.Compile(expression)
	require.NoError(n, err)
	value, err := expr.Run(program, map[string]any{n.root: object})
	if err != nil {
		n.Logf("%s: %v", expression, err)
		return nil
	}
	return value
}

func (n *notifier) deliver(object map[string]any) bool {
	n.Helper()
	if n.away {
		return false
	}
	code := n.send(n.kind, "", n.render(object)).Code
	require.Contains(n, []int{200, 409}, code)
	n.sent++
	return code == 200
}

func (n *notifier) render(object map[string]any) []byte {
	n.Helper()
	var rendered strings.Builder
	require.NoError(n, n.body.Execute(&rendered, map[string]any{n.root: object}))
	require.True(n, json.Valid([]byte(rendered.String())), rendered.String())
	return []byte(rendered.String())
}

// asStored is the object as it comes from Kubernetes: it has only maps, lists, texts and whole numbers.
func asStored(t testing.TB, object map[string]any) (stored map[string]any) {
	t.Helper()
	encoded, err := json.Marshal(object)
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(encoded, &stored))
	return stored
}

// deployed lists what is known of the deployments, oldest first.
func (b *bench) deployed() (list []string) {
	b.Helper()
	for _, d := range b.deployments() {
		list = append([]string{d.Version + " " + string(d.Status)}, list...)
	}
	return list
}
