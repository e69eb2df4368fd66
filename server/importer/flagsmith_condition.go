package importer

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// rules are groups of conditions and rules, all of which have to hold.
func (x *flagsmithReader) rules(segment *flagsmithSegment, defs []flagsmithRule, path string) condition {
	all := make([]condition, len(defs))
	for i := range defs {
		def, here := &defs[i], at(path, "rules", i)
		var conditions, inner []condition
		for j := range def.Conditions {
			conditions = append(conditions, x.condition(segment, &def.Conditions[j], at(here, "conditions", j)))
		}
		for j := range def.Rules {
			inner = append(inner, x.rules(segment, def.Rules[j:j+1], at(here, "rules", j)))
		}
		all[i] = allOf(x.joined(def.Type, conditions, here), x.joined(def.Type, inner, here))
	}
	return allOf(all...)
}

// joined joins the conditions or the rules of a rule. If there are none at all, the rule holds.
func (x *flagsmithReader) joined(kind string, list []condition, path string) condition {
	switch {
	case kind != "ALL" && kind != "ANY" && kind != "NONE":
		x.lose(at(path, "type"), "there is no type %q here", kind)
		return unknowable
	case len(list) == 0:
		return always
	case kind == "ALL":
		return allOf(list...)
	case kind == "ANY":
		return anyOf(list...)
	default:
		return not(anyOf(list...))
	}
}

var traitPath = regexp.MustCompile(`^\$\.identity\.traits(?:\.(.+)|\['(.+)'\])$`)

// property is what a condition looks at: a trait, or a part of the context by a path. A constant has its value.
func (x *flagsmithReader) property(name, path string) (v logic.Expression, constant *string, ok bool) {
	switch {
	case name == "$.identity.identifier":
		return logic.Var(evaluator.AttributeTargetingKey), nil, true
	case name == "$.environment.name":
		return nil, &x.file.Name, true
	case name == "$.environment.key":
		return nil, &x.file.Key, true
	}
	if match := traitPath.FindStringSubmatch(name); match != nil {
		if name = match[1]; name == "" {
			name = match[2]
		}
	} else if strings.HasPrefix(name, "$.") {
		x.lose(at(path, "property_"), "the path %q cannot be looked up here", name)
		return nil, nil, false
	}
	v, ok = flatVar(name)
	return v, nil, ok
}

func (x *flagsmithReader) condition(segment *flagsmithSegment, def *flagsmithCondition, path string) condition {
	if def.Operator == "PERCENTAGE_SPLIT" {
		return x.percentage(segment, def, path)
	}
	if def.Property == "" {
		return never
	}
	v, constant, ok := x.property(def.Property, path)
	if !ok {
		return unknowable
	}
	if constant != nil {
		c := x.asked(logic.Var("value"), def, path)
		if c.unsure {
			return unknowable
		}
		return known(meets(c, raw(*constant)))
	}
	return x.asked(v, def, path)
}

// asked is what a condition asks of a value.
func (x *flagsmithReader) asked(v logic.Expression, def *flagsmithCondition, path string) condition {
	switch def.Operator {
	case "IS_SET", "IS_NOT_SET":
		return notIf(def.Operator == "IS_NOT_SET", isSet(v, def.Property))
	case "IN":
		return x.isIn(v, def, path)
	case "NOT_CONTAINS":
		text, isText := x.valueText(def.Value)
		if !isText || blankValue(def.Value) {
			return never
		}
		return asks(logic.All(logic.IsString(v), logic.Not(logic.Apply("in", text, textOf(v)))))
	case "REGEX":
		return x.matches(v, def, path)
	case "MODULO":
		return x.modulo(v, def, path)
	case "EQUAL", "NOT_EQUAL", "CONTAINS", "GREATER_THAN", "GREATER_THAN_INCLUSIVE", "LESS_THAN", "LESS_THAN_INCLUSIVE":
		return x.compared(v, def, path)
	}
	x.lose(at(path, "operator"), "there is no operator %q here", def.Operator)
	return unknowable
}

// blankValue is a value that JavaScript takes for false.
func blankValue(v any) bool { return !truthy(v) }

// valueText is JavaScript's String of a condition's value.
func (x *flagsmithReader) valueText(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "null", true
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case float64:
		if math.Abs(v) < 1e15 {
			return strconv.FormatFloat(v, 'f', -1, 64), true
		}
	}
	return "", false
}

func isSet(v logic.Expression, name string) condition {
	c := asks(isPresent(v))
	if !strings.ContainsAny(name, "$.") && name != evaluator.AttributeTargetingKey {
		is := evaluator.Clause{Attribute: name, Operator: evaluator.OpExists}
		isNot := is
		isNot.Negate = true
		c.metBy, c.unmetBy = []evaluator.Clause{is}, []evaluator.Clause{isNot}
	}
	return c
}

// isIn is met by the texts of a list, which may be a list in JSON, or be separated by commas.
func (x *flagsmithReader) isIn(v logic.Expression, def *flagsmithCondition, path string) condition {
	var texts []string
	switch value := def.Value.(type) {
	case []any:
		texts = textsOfList(value)
	case string:
		var list []any
		if json.Unmarshal([]byte(value), &list) == nil && list != nil {
			texts = textsOfList(list)
		} else {
			texts = strings.Split(value, ",")
		}
	case nil:
		return never
	default:
		x.lose(at(path, "value"), "%s is no list of texts", raw(value))
		return unknowable
	}
	if len(texts) == 0 {
		return never
	}
	if def.Property == "$.identity.identifier" {
		return keyIn(texts)
	}
	return asks(logic.All(isTruthy(v), logic.Apply("!==", v, true), logic.Apply("in", textOf(v), texts)))
}

// textsOfList are the texts in a list. No other element of the list equals the text of a trait.
func textsOfList(list []any) (texts []string) {
	for _, v := range list {
		if text, isText := v.(string); isText {
			texts = append(texts, text)
		}
	}
	return texts
}

func (x *flagsmithReader) matches(v logic.Expression, def *flagsmithCondition, path string) condition {
	pattern, ok := x.valueText(def.Value)
	if blankValue(def.Value) {
		return never
	}
	match, fine := matchesPattern(textOf(v), pattern, dialect{script: true, newlines: scriptNewlines()})
	if !ok || !fine {
		x.lose(at(path, "value"),
			noPattern, pattern)
		return unknowable
	}
	return asks(logic.All(isPresent(v), match))
}

// modulo asks for the remainder of a number. Texts that only begin like a number are kept out.
func (x *flagsmithReader) modulo(v logic.Expression, def *flagsmithCondition, path string) condition {
	text, _ := x.valueText(def.Value)
	divisorText, remainderText, found := strings.Cut(text, "|")
	divisor, err := strconv.ParseFloat(divisorText, 64)
	remainder, errToo := strconv.ParseFloat(remainderText, 64)
	if !found || err != nil || errToo != nil || divisor == 0 || strings.ContainsAny(text, "xXpP_nN") {
		x.lose(at(path, "value"), "%q is no divisor and remainder, such as 2|0", text)
		return unknowable
	}
	x.lose(path, "only numbers are divided here: a text is kept out, also where it begins like a number")
	isNumber := logic.IsNumber(v, lengthOf(v))
	// Inside "if", so that nothing but a number is divided.
	rest := logic.Apply("if", isNumber, logic.Apply("===", logic.Apply("%", v, divisor), remainder), false)
	other := logic.Any(logic.Apply("===", v, nil), logic.IsBoolean(v))
	return condition{met: rest, unmet: logic.Any(logic.All(isNumber, logic.Not(rest)), other), unsure: true}
}

// lengthOf is the member length of a variable.
func lengthOf(v logic.Expression) logic.Expression {
	object, _ := v.(map[string]any)
	path, _ := object["var"].(string)
	return logic.Var(path + ".length")
}

// percentage is a share of the identifiers, or of the values of a part of the context.
func (x *flagsmithReader) percentage(segment *flagsmithSegment, def *flagsmithCondition, path string) condition {
	text, _ := x.valueText(def.Value)
	percent, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(percent) {
		x.lose(at(path, "value"), "%q is no percentage", text)
		return unknowable
	}
	by := evaluator.AttributeTargetingKey
	who := hasKey()
	switch match := traitPath.FindStringSubmatch(def.Property); {
	case def.Property == "" || def.Property == "$.identity.identifier" || def.Property == "$.identity.key":
	case match != nil && match[1] != "":
		name, ok := flatPath(match[1])
		if !ok {
			return unknowable
		}
		by, who = name, asks(isTruthy(logic.Var(name)))
	case !strings.HasPrefix(def.Property, "$."):
		return never
	default:
		x.lose(at(path, "property_"), "the path %q cannot be looked up here", def.Property)
		return unknowable
	}
	buckets := portions{by: by, shares: layOut([][]float64{{0, percent / 100}}, []string{"in"})}
	return allOf(who, asks(buckets.within(fmt.Sprintf("segment-%d", segment.ID))))
}
