package importer

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// named are expressions that others refer to by name, so that these can be read.
type named map[string]logic.Expression

// minNamed is the length of the shortest expression that is worth a name.
const minNamed = 100

// name gives a condition a name if it is long. It is what name says, with a number where that is taken by another.
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

// uniqueKey is a key made of a name that is not taken yet; it is taken then.
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
