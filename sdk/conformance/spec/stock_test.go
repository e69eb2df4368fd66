package spec

import (
	"encoding/json"
	"testing"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
)

// stock is a shop with the flags that the scenarios name.
func stock(t *testing.T) *streamtest.Shop {
	t.Helper()
	shop := streamtest.NewShop(t)
	for _, flag := range []evaluator.Flag{
		fixed("new-checkout", evaluator.TypeBoolean, "on", `true`),
		fixed("greeting", evaluator.TypeString, "informal", `"hello"`),
		fixed("page-size", evaluator.TypeNumber, "normal", `25`),
		fixed("discount", evaluator.TypeNumber, "quarter", `0.25`),
		fixed("layout", evaluator.TypeObject, "wide", `{"columns":2,"title":"Two"}`),
		fixed("zero-boolean", evaluator.TypeBoolean, "zero", `false`),
		fixed("zero-string", evaluator.TypeString, "zero", `""`),
		fixed("zero-number", evaluator.TypeNumber, "zero", `0`),
		fixed("zero-object", evaluator.TypeObject, "zero", `{}`),
		fixed("int-32", evaluator.TypeNumber, "most", `2147483647`),
		fixed("int-53", evaluator.TypeNumber, "most", `9007199254740991`),
		disabled(fixed("disabled-boolean", evaluator.TypeBoolean, "on", `true`)),
		disabled(fixed("disabled-string", evaluator.TypeString, "on", `"hello"`)),
		disabled(fixed("disabled-number", evaluator.TypeNumber, "on", `1`)),
		streamtest.Switch("changing", true),
		audience(), onlyAda(), level(), allLevels(),
	} {
		shop.AddFlag(t, flag)
	}
	return shop
}

func fixed(key string, kind evaluator.Type, variation, value string) evaluator.Flag {
	flag := streamtest.Fixed(key, kind, value)
	flag.Variations[0].Key = variation
	flag.Config.OffVariation = &variation
	flag.Config.Fallthrough.Variation = variation
	return flag
}

func disabled(flag evaluator.Flag) evaluator.Flag {
	flag.Config.Enabled, flag.Config.OffVariation = false, nil
	return flag
}

// words is a string flag. It has a variation for each word, and the value of the variation is the word. It serves the
// first word unless a rule serves another.
func words(key string, word ...string) evaluator.Flag {
	flag := evaluator.Flag{Key: key, Type: evaluator.TypeString}
	for _, w := range word {
		flag.Variations = append(flag.Variations, evaluator.Variation{Key: w, Value: json.RawMessage(`"` + w + `"`)})
	}
	flag.Config = evaluator.FlagConfig{Enabled: true, OffVariation: &word[0], Fallthrough: evaluator.Serve{Variation: word[0]}}
	return flag
}

func rule(id, serve string, clauses ...evaluator.Clause) evaluator.Rule {
	return evaluator.Rule{ID: id, Clauses: clauses, Serve: evaluator.Serve{Variation: serve}}
}

func clause(attribute string, operator evaluator.Operator, value string) evaluator.Clause {
	return evaluator.Clause{Attribute: attribute, Operator: operator, Values: []json.RawMessage{json.RawMessage(value)}}
}

func audience() evaluator.Flag {
	flag := words("audience", "public", "staff", "senior", "gold")
	flag.Config.Rules = []evaluator.Rule{
		rule("staff", "staff", clause("email", evaluator.OpEndsWith, `"@example.com"`)),
		rule("senior", "senior", clause("plan", evaluator.OpIn, `"pro"`), clause("age", evaluator.OpGreaterThanOrEqual, `65`),
			clause("customer", evaluator.OpIn, `true`)),
		rule("gold", "gold", clause("account.tier", evaluator.OpIn, `"gold"`)),
	}
	return flag
}

func onlyAda() evaluator.Flag {
	flag := streamtest.Switch("only-ada", true)
	flag.Config.Fallthrough.Variation = "off"
	flag.Config.Targets = []evaluator.Target{{Variation: "on", Values: []string{"ada"}}}
	return flag
}

// levels are the places where a context may come from. A later level overrides an earlier one.
var levels = []string{"API", "transaction", "client", "invocation", "before-hook"}

func level() evaluator.Flag {
	flag := words("level", append([]string{"nowhere"}, levels...)...)
	for _, l := range levels {
		flag.Config.Rules = append(flag.Config.Rules, rule(l, l, clause("level", evaluator.OpIn, `"`+l+`"`)))
	}
	return flag
}

func allLevels() evaluator.Flag {
	flag := streamtest.Switch("all-levels", true)
	flag.Config.Fallthrough.Variation = "off"
	all := evaluator.Rule{ID: "all", Serve: evaluator.Serve{Variation: "on"}}
	for _, attribute := range []string{"api", "transaction", "client", "invocation", "hook"} {
		all.Clauses = append(all.Clauses, clause(attribute, evaluator.OpIn, `"yes"`))
	}
	flag.Config.Rules = []evaluator.Rule{all}
	return flag
}
