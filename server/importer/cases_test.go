package importer_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/importer"
)

// importCase is a small file, and what its flags serve once it is imported.
type importCase struct {
	name string
	file string
	// flag is asked for context, and has to serve value: "" for the code default.
	flag    string
	context map[string]any
	value   string
	// reported has the place of a loss that must be among the flag's; "" where nothing may be lost.
	reported string
}

// checkDocumented checks the cases, which the docs have as a table.
func checkDocumented(t *testing.T, source importer.Source, cases []importCase) {
	t.Helper()
	rows := make([]documented, len(cases))
	for i, c := range cases {
		if rows[i] = (documented{kind: kept, says: c.name}); c.reported != "" {
			rows[i].kind = closed
		}
	}
	requireTable(t, source.Format, rows)
	check(t, source, cases)
}

// check reads the file of every case and asks its flag.
func check(t *testing.T, source importer.Source, cases []importCase) {
	t.Helper()
	for _, c := range cases {
		plan, err := importer.Read([]byte(c.file), source)
		require.NoError(t, err, c.name)
		imported := importPlan(t, plan)
		value := imported.answer(t, c.flag, c.context).value
		require.Equal(t, c.value, string(value), "%s: %s to %s", c.name, c.flag, encode(t, c.context))
		var places []string
		for _, loss := range plan.Losses {
			if loss.Flag == c.flag && loss.Effect != importer.EffectDropped {
				places = append(places, loss.Path)
			}
		}
		if c.reported == "" {
			require.Empty(t, places, "%s: %s", c.name, encode(t, plan.Losses))
		} else {
			require.Contains(t, places, c.reported, "%s: %s", c.name, encode(t, plan.Losses))
		}
	}
}

// with is a context with a targeting key and one attribute.
func with(name string, value any) map[string]any {
	return map[string]any{"targetingKey": "anna", name: value}
}

// list is a list as JSON has it.
func list(t *testing.T, text string) (v []any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text), &v))
	return v
}
