package deploy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// The parts of a PromQL expression that can be held against what is exposed. What else a query needs to be right is
// promtool's to say.
var (
	metricName = regexp.MustCompile(`\b(?:tidegate|go|process)_[a-z0-9_]+|\bup\b`)
	matchers   = regexp.MustCompile(`([a-z_]+)\{([^}]*)\}`)
	matcher    = regexp.MustCompile(`([a-z_]+)\s*(?:=~|!~|!=|=)\s*"`)
	grouping   = regexp.MustCompile(`\bby \(([a-z_, ]+)\)`)
)

// scrapeLabels are those that Prometheus adds; le is that of every histogram.
var scrapeLabels = []string{"job", "instance"}

// checkExpression holds the names of metrics and labels in an expression against what is exposed.
func checkExpression(t *testing.T, metrics map[string]metric, where, expression string) {
	t.Helper()
	known := slices.Concat(scrapeLabels, []string{"le"})
	names := metricName.FindAllString(expression, -1)
	assert.NotEmpty(t, names, "%s: no metric in %s", where, expression)
	for _, name := range names {
		known = append(known, find(t, metrics, where, name).labels...)
	}
	for _, selector := range matchers.FindAllStringSubmatch(expression, -1) {
		labels := slices.Concat(scrapeLabels, find(t, metrics, where, selector[1]).labels)
		for _, label := range matcher.FindAllStringSubmatch(selector[2], -1) {
			assert.Contains(t, labels, label[1], "%s: %s has no such label", where, selector[1])
		}
	}
	for _, group := range grouping.FindAllStringSubmatch(expression, -1) {
		for label := range strings.SplitSeq(group[1], ", ") {
			assert.Contains(t, known, label, "%s: nothing in %s has such a label", where, expression)
		}
	}
}

// find gives the family that a name in an expression belongs to.
func find(t *testing.T, metrics map[string]metric, where, name string) metric {
	t.Helper()
	if name == "up" {
		return metric{kind: "gauge"}
	}
	if m, exposed := metrics[name]; exposed {
		assert.NotEqual(t, "histogram", m.kind, "%s: %s is a histogram, which has no samples of its own", where, name)
		return m
	}
	for _, suffix := range []string{"_bucket", "_sum", "_count"} {
		if family, found := strings.CutSuffix(name, suffix); found && metrics[family].kind == "histogram" {
			return metrics[family]
		}
	}
	assert.Fail(t, "unknown metric", "%s: the server exposes no %s", where, name)
	return metric{}
}

// alertExpressions gives the expression of every alert, by its name.
func alertExpressions(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("prometheus/alerts.yaml")
	require.NoError(t, err)
	var rules struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	require.NoError(t, decoder.Decode(&rules))
	expressions := make(map[string]string)
	for _, group := range rules.Groups {
		for _, rule := range group.Rules {
			assert.NotEmpty(t, rule.Labels["severity"], "%s has no severity", rule.Alert)
			assert.NotEmpty(t, rule.Annotations["summary"], "%s has no summary", rule.Alert)
			assert.NotEmpty(t, rule.Annotations["description"], "%s has no description", rule.Alert)
			expressions[rule.Alert] = rule.Expr
		}
	}
	require.NotEmpty(t, expressions)
	return expressions
}

func TestEveryAlertIsDocumented(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/operations.md")
	require.NoError(t, err)
	for name := range alertExpressions(t) {
		assert.Contains(t, string(text), "`"+name+"`", "docs/operations.md does not say what to do about %s", name)
	}
}

// dashboardExpressions gives every query of the dashboard, by the title of its panel and its letter.
func dashboardExpressions(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("grafana/tidegate.json")
	require.NoError(t, err)
	var dashboard struct {
		Panels []struct {
			ID      int
			Type    string
			Title   string
			GridPos struct{ H, W, X, Y int }
			Targets []struct{ RefID, Expr string }
		}
		Templating struct {
			List []struct{ Name, Type, Definition string }
		}
	}
	require.NoError(t, json.Unmarshal(text, &dashboard))
	expressions := make(map[string]string)
	ids := make(map[int]bool)
	for _, panel := range dashboard.Panels {
		assert.False(t, ids[panel.ID], "two panels have the id %d", panel.ID)
		ids[panel.ID] = true
		assert.LessOrEqual(t, panel.GridPos.X+panel.GridPos.W, 24, "%s is wider than the page", panel.Title)
		if panel.Type != "row" {
			assert.NotEmpty(t, panel.Targets, "%s shows nothing", panel.Title)
		}
		for _, target := range panel.Targets {
			expressions[panel.Title+" "+target.RefID] = target.Expr
		}
	}
	for _, variable := range dashboard.Templating.List {
		if variable.Type == "query" {
			expressions["variable "+variable.Name] = variable.Definition
		}
	}
	require.NotEmpty(t, expressions)
	return expressions
}

// dashboardAsRules writes the queries of the dashboard as rules, for promtool to read.
func dashboardAsRules(t *testing.T) string {
	t.Helper()
	type rule struct{ Record, Expr string }
	var rules []rule
	for where, expression := range dashboardExpressions(t) {
		// What asks for the values of a variable is Grafana's language.
		if !strings.HasPrefix(where, "variable ") {
			name := fmt.Sprintf("panel:%d", len(rules))
			rules = append(rules, rule{Record: name, Expr: strings.ReplaceAll(expression, "$__rate_interval", "5m")})
		}
	}
	content, err := yaml.Marshal(map[string]any{"groups": []any{map[string]any{"name": "dashboard", "rules": rules}}})
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "dashboard.yaml")
	require.NoError(t, os.WriteFile(file, content, 0o600))
	return file
}

func TestPromtoolAcceptsAlertsAndDashboard(t *testing.T) {
	t.Parallel()
	promtool := flagdtest.Need(t, "PROMTOOL", "the path of a promtool")
	for _, arguments := range [][]string{
		{"check", "rules", "prometheus/alerts.yaml"},
		{"test", "rules", "prometheus/alerts_test.yaml"},
		{"check", "rules", dashboardAsRules(t)},
	} {
		output, err := exec.CommandContext(t.Context(), promtool, arguments...).CombinedOutput()
		require.NoError(t, err, "promtool %s: %s", strings.Join(arguments, " "), output)
	}
}
