package importer

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// named are expressions by name. Other expressions refer to them, so that people can read these other ones.
type named map[string]logic.Expression

// minNamed is the length of the shortest expression that is worth a name.
const minNamed = 100

// name gives a condition a name if it is long. The name is the given one, or the given one with a number if another
// condition has it already.
func (n named) name(c condition, name string) condition {
	encoded := raw(c.met)
	if len(encoded) < minNamed {
		return c
	}
	given := name
	for i := 2; n[given] != nil && !bytes.Equal(raw(n[given]), encoded); i++ {
		given = fmt.Sprintf("%s (%d)", name, i)
	}
	n[given] = c.met
	if c.met = (map[string]any{"$ref": given}); !c.unsure {
		c.unmet = logic.Not(c.met)
	}
	return c
}

// usedIn are those that an expression refers to.
func (n named) usedIn(expression any) map[string]logic.Expression {
	used := map[string]logic.Expression{}
	for name, condition := range n {
		if bytes.Contains(raw(expression), append([]byte(`{"$ref":`), append(raw(name), '}')...)) {
			used[name] = condition
		}
	}
	return used
}

// uniqueKey makes a key of a name. The key is not taken yet, and is taken from then on.
func uniqueKey(taken map[string]bool, name, id string) string {
	key := keyOf(name)
	if key == "" || taken[key] {
		key = strings.Trim(key+"-"+keyOf(id), "-")
	}
	taken[key] = true
	return key
}

func sortedUnique(texts []string) []string {
	slices.Sort(texts)
	return slices.Compact(texts)
}
