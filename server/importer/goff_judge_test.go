package importer_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/tidegate-io/tidegate/server/importer"
)

// goff is judged by GO Feature Flag's own library.
func goff(random100 bool) differential {
	return differential{engine: "goffengine", start: newGoJudge, source: importer.Source{Format: "goff", Now: judged()},
		generate: func(random *rand.Rand) any { return goffFile(random, random100) }, exact: 0.6, buckets: []string{"company"},
		context: func(random *rand.Rand) map[string]any {
			return contextOf(random, "country", "age", "version", "anonymous", "org", "company")
		}}
}

func TestJudgeGoff(t *testing.T) {
	t.Parallel()
	d := goff(false)
	d.run(t)
}

func TestJudgeGoffSplits(t *testing.T) {
	t.Parallel()
	d := goff(true)
	d.splits(t, 5)
}

// goffFile is a flag file of GO Feature Flag.
func goffFile(random *rand.Rand, split bool) any {
	file := map[string]any{}
	for i := range 10 {
		variations := map[string]any{"on": true, "off": false}
		if chance(random, 0.3) {
			variations = map[string]any{"on": "a", "off": "b"}
		}
		f := map[string]any{"variations": variations, "defaultRule": goffServe(random, split, map[string]any{})}
		targeting := several(random, 0, 3, func(random *rand.Rand) any {
			rule := goffServe(random, split, map[string]any{"query": goffQuery(random, 2)})
			if chance(random, 0.05) {
				rule["disable"] = true
			}
			return rule
		})
		if len(targeting) > 0 {
			f["targeting"] = targeting
		}
		if chance(random, 0.15) {
			f["bucketingKey"] = oneOf(random, "company", "country")
		}
		if chance(random, 0.05) {
			f["disable"] = true
		}
		file[fmt.Sprintf("f%d", i)] = f
	}
	return file
}

func goffServe(random *rand.Rand, split bool, rule map[string]any) map[string]any {
	switch {
	case split && chance(random, 0.5):
		on := oneOf(random, 10.0, 33.3, 50, 90)
		rule["percentage"] = map[string]any{"on": on, "off": 100 - on}
	case chance(random, 0.2):
		rule["percentage"] = oneOf(random, map[string]any{"on": 100, "off": 0}, map[string]any{"off": 50})
	default:
		rule["variation"] = oneOf(random, "on", "on", "off")
	}
	return rule
}

func goffQuery(random *rand.Rand, depth int) string {
	if depth > 0 {
		space := oneOf(random, " ", " ", " ", "\n  ")
		switch random.IntN(6) {
		case 0, 1:
			return goffQuery(random, depth-1) + " " + oneOf(random, "and", "or") + " " + goffQuery(random, depth-1)
		case 2:
			return strings.TrimSpace(oneOf(random, "not ", "NOT ", "") + "(" + oneOf(random, "", " ") + goffQuery(random, depth-1) + ")")
		case 3:
			return goffQuery(random, depth-1) + " " + oneOf(random, "and", "or") + " not (" + space[:1] + goffQuery(random, depth-1) + " )"
		}
	}
	name := oneOf(random, "country", "age", "version", "anonymous", "key", "targetingKey", "missing", "country", "age")
	if chance(random, 0.03) {
		name = "org.name"
	}
	if chance(random, 0.1) {
		return name + " pr"
	}
	kind := oneOf(random, goffValues()...)
	if chance(random, 0.01) { // GO Feature Flag refuses most of these
		kind.operators = "gt co in eq"
	}
	return name + " " + oneOf(random, strings.Fields(kind.operators)...) + " " + oneOf(random, kind.values...)
}

type goffKind struct {
	operators string
	values    []string
}

// goffValues are values of every kind, with the operators that GO Feature Flag takes for it. It takes the order of
// texts, too, which cannot be said here.
func goffValues() []goffKind {
	return []goffKind{
		{"eq ne co sw ew == != CO EQ in", []string{`"FR"`, `"fr"`, `"F"`, `"@example.com"`, `"anna"`, `"20"`, `""`, `"1.2.3"`, `"skI"`}},
		{"eq ne gt lt ge le == < >=", []string{"1", "8", "18", "20", "-3", "0", "-1"}},
		{"eq ne gt lt ge le == < >=", []string{"20.5", "8.0", "-0.5", "0.1"}},
		{"eq ne == !=", []string{"true", "false", "null"}},
		{"eq ne gt lt ge le", []string{"1.0.0", "1.2.3", "2.3.0"}},
		{"in IN in in eq", []string{`["FR","IT"]`, `["anna", "20"]`, `[1,8,20]`, `[20.5,8.0]`, `[18]`}},
	}
}
