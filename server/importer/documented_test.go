package importer_test

import (
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What becomes of a part of a source's flags.
const (
	kept    = "kept"    // the flag serves the same to everybody
	closed  = "closed"  // the flag serves nothing more than before, and is reported
	refused = "refused" // the flag is off or left out, and is reported
)

// documented is a row of a table of docs/migrating.md, with a file that shows it. Its flag is "f".
type documented struct {
	kind, says string
	file       any
	context    map[string]any
	// value is what the flag serves to the context, "" for the code default.
	value string
	// reported has the place of a loss that must be among the flag's; "" where nothing may be lost.
	reported string
}

const migrating = "../../docs/migrating.md"

// holdDocs demands three things. The docs have the cases as a table. Each case is as it says. The source's engine
// agrees: what is kept is equal, and what is not kept lets nobody in.
func holdDocs(t *testing.T, d *differential, cases []documented) {
	t.Helper()
	requireTable(t, d.source.Format, cases)
	var checked []importCase
	for _, c := range cases {
		checked = append(checked, importCase{name: c.says, file: string(encode(t, c.file)), flag: "f", context: c.context, value: c.value, reported: c.reported})
		require.Equal(t, c.kind == kept, c.reported == "", c.says)
	}
	check(t, d.source, checked)

	j := d.judge(t)
	for _, c := range cases {
		context := map[string]any{}
		maps.Copy(context, c.context)
		verdict := j.ask(t, question{Definition: c.file, Contexts: []map[string]any{context}, Now: judged().UnixMilli()})["f"][0]
		imported := importFile(t, c.file, d.source)
		ours := imported.answer(t, "f", c.context)
		require.Empty(t, ours.problem(&verdict, imported.reported["f"]), "%s: the source answers %s", c.says, describe(verdict.Value))
		if c.kind == kept {
			require.Equal(t, describe(verdict.Value), describe(ours.value), c.says)
		}
	}
}

// requireTable finds the table between its marks. It is written anew with
//
//	go test ./server/importer -run Documented -update
func requireTable(t *testing.T, format string, cases []documented) {
	t.Helper()
	var table strings.Builder
	table.WriteString("| | what becomes of it |\n|---|---|\n")
	for _, kind := range []string{kept, closed, refused} {
		for _, c := range cases {
			if c.kind == kind {
				fmt.Fprintf(&table, "| %s | %s |\n", kind, strings.ReplaceAll(c.says, "|", `\|`))
			}
		}
	}
	page, err := os.ReadFile(migrating)
	require.NoError(t, err)
	begin, end := "<!-- cases of "+format+" -->\n", "<!-- end of "+format+" -->"
	before, rest, found := strings.Cut(string(page), begin)
	require.True(t, found, "docs/migrating.md lacks %q", begin)
	current, after, found := strings.Cut(rest, end)
	require.True(t, found, "docs/migrating.md lacks %q", end)
	if *update {
		require.NoError(t, os.WriteFile(migrating, []byte(before+begin+table.String()+end+after), 0o644))
		return
	}
	require.Equal(t, table.String(), current, "docs/migrating.md")
}

func TestDocumentedUnleash(t *testing.T)    { holdDocs(t, unleashDifferential(), unleashCases()) }
func TestDocumentedGrowthBook(t *testing.T) { holdDocs(t, growthDifferential(), growthCases()) }
func TestDocumentedFlagsmith(t *testing.T)  { holdDocs(t, flagsmithDifferential(), flagsmithCases()) }
