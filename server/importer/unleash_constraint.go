package importer

import (
	"fmt"
	"math"
	"net/netip"
	"strings"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

func (x *unleashReader) constraints(defs []unleashConstraint, path string) []condition {
	list := make([]condition, len(defs))
	for i := range defs {
		list[i] = x.constraint(&defs[i], at(path, "constraints", i))
		if x.named != nil {
			list[i] = x.named.name(list[i], defs[i].String())
		}
	}
	return list
}

// String is a constraint as people read it.
func (c *unleashConstraint) String() string {
	var words []string
	if c.Inverted {
		words = append(words, "not")
	}
	words = append(words, c.Context, c.Operator)
	if c.Value != nil {
		words = append(words, fmt.Sprint(c.Value))
	}
	for _, v := range c.Values[:min(len(c.Values), 3)] {
		words = append(words, fmt.Sprint(v))
	}
	if len(c.Values) > 3 {
		words = append(words, "…")
	}
	return strings.Join(words, " ")
}

// constraint is what a constraint asks for. Unleash compares the text of whatever value the context has.
func (x *unleashReader) constraint(def *unleashConstraint, path string) condition {
	values, ok := unleashTexts(def.Values)
	if !ok {
		x.unknown(at(path, "values"), "the values of a constraint are texts")
		return unknowable
	}
	var c condition
	switch def.Operator {
	case "IN", "NOT_IN":
		c = x.attributeIs(def, values, path)
	case "STR_CONTAINS", "STR_STARTS_WITH", "STR_ENDS_WITH":
		c = x.textIs(def, values, path)
	case "REGEX":
		c = x.matches(def, path)
	case "NUM_EQ", "NUM_GT", "NUM_GTE", "NUM_LT", "NUM_LTE":
		c = x.numberIs(def, path)
	case "SEMVER_EQ", "SEMVER_GT", "SEMVER_GTE", "SEMVER_LT", "SEMVER_LTE":
		c = x.versionIs(def, path)
	case "DATE_AFTER", "DATE_BEFORE":
		c = x.timeIs(def, path)
	case "IN_CIDR":
		c = x.addressIs(def, values, path)
	default:
		x.unknown(at(path, "operator"), "there is no operator %q here", def.Operator)
		return unknowable
	}
	if (def.Operator == "NOT_IN") != def.Inverted {
		c = not(c)
	}
	return x.ofContext(def, c, path)
}

// ofContext keeps out the contexts that lack a value which Unleash's clients know from their configuration: that
// configuration is not known here.
func (x *unleashReader) ofContext(def *unleashConstraint, c condition, path string) condition {
	if def.Context != "appName" && def.Context != "environment" {
		return c
	}
	v, _ := flatVar(def.Context)
	x.lose(
		at(path, "contextName"),
		"Unleash's clients know %s by themselves; here, the application has to give it as an attribute, and is kept out without",
		def.Context,
	)
	return condition{met: logic.All(isPresent(v), c.met), unmet: logic.All(isPresent(v), c.unmet), unsure: true}
}

// unleashTexts are the values that count: without space around them, and not empty.
func unleashTexts(values []any) (texts []string, ok bool) {
	for _, v := range values {
		text, isText := v.(string)
		if !isText {
			return nil, false
		}
		if text = strings.TrimFunc(text, isScriptSpace); text != "" {
			texts = append(texts, text)
		}
	}
	return texts, true
}

// isScriptSpace is what JavaScript trims.
func isScriptSpace(r rune) bool {
	return strings.ContainsRune("\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff", r) ||
		r >= 0x2000 && r <= 0x200a
}

// attribute is the variable of a constraint's attribute.
func (x *unleashReader) attribute(def *unleashConstraint, path string) (logic.Expression, bool) {
	if def.Context == "userId" {
		return logic.Var(evaluator.AttributeTargetingKey), true
	}
	v, ok := flatVar(def.Context)
	if !ok {
		x.unknown(at(path, "contextName"), "an attribute needs a name other than %q", def.Context)
	}
	return v, ok
}

func (x *unleashReader) attributeIs(def *unleashConstraint, values []string, path string) condition {
	v, ok := x.attribute(def, path)
	switch {
	case !ok:
		return unknowable
	case len(values) == 0:
		return never
	case def.Context == "userId":
		return keyIn(values)
	}
	return asks(logic.All(isPresent(v), logic.Apply("in", textOf(v), values)))
}

func (x *unleashReader) textIs(def *unleashConstraint, values []string, path string) condition {
	v, ok := x.attribute(def, path)
	if !ok {
		return unknowable
	}
	some := make([]logic.Expression, 0, len(values))
	for _, value := range values {
		part, ok := partOf(textOf(v), def.Operator[len("STR_"):], value, def.CaseInsensitive)
		if !ok {
			x.lose(
				at(path, "values"),
				"%q cannot be looked for without regard to case here: that takes plain text with at most %d letters",
				value,
				maxSpelled,
			)
			return unknowable
		}
		some = append(some, part)
	}
	c := asks(logic.All(isPresent(v), logic.Any(some...)))
	if def.Context == "userId" && len(values) > 0 {
		operator := map[string]evaluator.Operator{
			partContains: evaluator.OpContains, partStarts: evaluator.OpStartsWith, partEnds: evaluator.OpEndsWith}
		clause := evaluator.Clause{
			Attribute:  evaluator.AttributeTargetingKey,
			Operator:   operator[def.Operator[len("STR_"):]],
			Values:     raws(values),
			IgnoreCase: def.CaseInsensitive,
		}
		negated := clause
		negated.Negate = true
		c.metBy, c.unmetBy = []evaluator.Clause{clause}, []evaluator.Clause{absentOr(negated)}
	}
	return c
}

func (x *unleashReader) numberIs(def *unleashConstraint, path string) condition {
	v, ok := x.attribute(def, path)
	if !ok {
		return unknowable
	}
	bound, ok := unleashNumber(def.Value)
	if !ok {
		x.lose(at(path, "value"), "%s is no number", raw(def.Value))
		return unknowable
	}
	relation := map[string]string{"NUM_EQ": "==", "NUM_GT": ">", "NUM_GTE": ">=", "NUM_LT": "<", "NUM_LTE": "<="}[def.Operator]
	return asks(numberIn(textOf(v), relation, bound))
}

// versionIs compares versions. Unlike sem_ver, Unleash reads no version with a v before it and none with fewer than
// three numbers.
func (x *unleashReader) versionIs(def *unleashConstraint, path string) condition {
	v, ok := x.attribute(def, path)
	if !ok {
		return unknowable
	}
	bound, _ := def.Value.(string)
	bound = strings.TrimPrefix(strings.TrimFunc(bound, isScriptSpace), "v")
	if _, whole := evaluator.CompareVersions(bound, bound); !whole || !wholeVersion(bound) {
		x.lose(at(path, "value"), "%s is no version; nobody is met", raw(def.Value))
		return unknowable
	}
	text := textOf(v)
	relation := map[string]string{"SEMVER_EQ": "=", "SEMVER_GT": ">", "SEMVER_GTE": ">=", "SEMVER_LT": "<", "SEMVER_LTE": "<="}[def.Operator]
	return asks(logic.All(
		logic.Apply("sem_ver", text, relation, bound),
		isWholeVersion(text),
		logic.Apply("!==", logic.Apply("substr", text, 0, 1), "v"),
	))
}

// timeIs compares the time, whatever attribute the constraint names. Here it is the server's time in whole seconds.
func (x *unleashReader) timeIs(def *unleashConstraint, path string) condition {
	text, _ := def.Value.(string)
	bound, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		x.lose(at(path, "value"), "%s is no time such as 2026-01-31T12:00:00Z", raw(def.Value))
		return unknowable
	}
	x.lose(path,
		"the time is the server's, in whole seconds; contexts that bring a currentTime of their own are kept out")
	now := logic.Var("$flagd.timestamp")
	seconds := float64(bound.Unix())
	clock := logic.All(logic.Apply("!!", now), logic.Not(logic.Var("currentTime")))
	before := logic.All(clock, logic.Apply("<", now, seconds))
	after := logic.All(clock, logic.Apply(">", now, seconds))
	since := logic.All(clock, logic.Apply(">=", now, math.Ceil(float64(bound.UnixNano())/1e9)))
	if def.Operator == "DATE_BEFORE" {
		return condition{met: before, unmet: since, unsure: true}
	}
	return condition{met: after, unmet: before, unsure: true}
}

func (x *unleashReader) matches(def *unleashConstraint, path string) condition {
	v, ok := x.attribute(def, path)
	if !ok {
		return unknowable
	}
	pattern, _ := def.Value.(string)
	match, ok := matchesPattern(textOf(v), pattern, dialect{ignoreCase: def.CaseInsensitive, newlines: []string{"\n"}})
	if !ok {
		x.lose(at(path, "value"),
			noPattern, pattern)
		return unknowable
	}
	return asks(logic.All(isPresent(v), match))
}

func (x *unleashReader) addressIs(def *unleashConstraint, values []string, path string) condition {
	v, ok := x.attribute(def, path)
	if !ok {
		return unknowable
	}
	var some []logic.Expression
	for i, value := range values {
		prefix, err := netip.ParsePrefix(value)
		if addr, single := netip.ParseAddr(value); single == nil {
			prefix, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil || !prefix.Addr().Is4() {
			x.lose(at(path, "values", i), "%q is no network of IPv4, which alone are understood here", value)
			continue
		}
		some = append(some, inNetwork(textOf(v), prefix))
	}
	x.sayAddresses(path)
	return condition{met: logic.All(isPresent(v), logic.Any(some...)), unmet: false, unsure: true}
}

func (x *unleashReader) sayAddresses(path string) {
	x.lose(path, "only addresses such as 10.0.0.1 are looked up here, not those of IPv6 or in another spelling")
}
