package importer

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
)

// The parts of what an SDK connection of GrowthBook gives.
type (
	growthFeature struct {
		Default any          `json:"defaultValue"`
		Rules   []growthRule `json:"rules"`
	}
	growthRule struct {
		ID            string         `json:"id"`
		Condition     map[string]any `json:"condition"`
		Force         any            `json:"force"`
		Coverage      *float64       `json:"coverage"`
		HashAttribute string         `json:"hashAttribute"`
		Seed          string         `json:"seed"`
		Key           string         `json:"key"`
		Variations    []any          `json:"variations"`
		Weights       []float64      `json:"weights"`
		Namespace     []any          `json:"namespace"`
		Parents       []any          `json:"parentConditions"`
		hasForce      bool
	}
)

// growthBook reads the features of an SDK connection. A feature is always on; rules force values or split them.
func (r *reader) growthBook() error {
	file, err := openInto[struct {
		Features    map[string]any   `json:"features"`
		SavedGroups map[string][]any `json:"savedGroups"`
		Encrypted   string           `json:"encryptedFeatures"`
	}](r.document, "")
	if err != nil {
		return err
	}
	if file.Encrypted != "" {
		return fmt.Errorf("%w: its features are encrypted; turn the encryption of the SDK connection off for the export", ErrFormat)
	}
	if file.Features == nil {
		return fmt.Errorf("%w: it has no features", ErrFormat)
	}
	x := growthReader{reader: r, groups: file.SavedGroups}
	for _, key := range sortedKeys(file.Features) {
		path := at("/features", key)
		f, err := openInto[growthFeature](file.Features[key], path)
		if err != nil {
			return err
		}
		x.forces(&f, file.Features[key])
		x.feature(key, &f, path)
	}
	return nil
}

type growthReader struct {
	*reader
	groups map[string][]any // lists of values, of whichever attribute a condition compares with them
	values []any            // of the flag at hand
	list   []evaluator.Variation
}

// forces tells rules that force null from rules that force nothing.
func (x *growthReader) forces(f *growthFeature, part any) {
	object, _ := part.(map[string]any)
	rules, _ := object["rules"].([]any)
	for i := range f.Rules {
		rule, _ := rules[i].(map[string]any)
		_, f.Rules[i].hasForce = rule["force"]
	}
}

func (x *growthReader) feature(key string, def *growthFeature, path string) {
	x.values = nil
	x.collect(def.Default)
	for i := range def.Rules {
		if def.Rules[i].hasForce {
			x.collect(def.Rules[i].Force)
		}
		for _, v := range def.Rules[i].Variations {
			x.collect(v)
		}
	}
	kind, ok := typeOf(x.values)
	if !ok {
		x.lose(path, "flag %q is left out: its values must all be booleans, texts, numbers or objects", key)
		return
	}
	x.list = variationsOf(x.values, nil)
	f := Flag{Key: key, Type: kind, Variations: x.list}
	f.Config = evaluator.FlagConfig{Enabled: true, Fallthrough: evaluator.Serve{Variation: x.variation(def.Default)}}
	off := f.Config.Fallthrough.Variation
	f.Config.OffVariation = &off
	for i := range def.Rules {
		x.rule(&f, &def.Rules[i], at(path, "rules", i))
	}
	x.addFlag(path, f)
}

func (x *growthReader) collect(v any) {
	for _, seen := range x.values {
		if string(raw(seen)) == string(raw(v)) {
			return
		}
	}
	x.values = append(x.values, v)
}

func (x *growthReader) variation(v any) string {
	for i := range x.values {
		if string(raw(x.values[i])) == string(raw(v)) {
			return x.list[i].Key
		}
	}
	return ""
}

func (x *growthReader) rule(f *Flag, def *growthRule, path string) {
	clauses, ok := x.conditions(def.Condition, at(path, "condition"))
	if len(def.Parents) > 0 {
		x.lose(at(path, "parentConditions"), "a rule cannot ask for another flag; only a flag as a whole can")
		ok = false
	}
	if len(def.Namespace) > 0 {
		x.lose(at(path, "namespace"), "there are no namespaces here: experiments are not kept apart")
	}
	if !ok {
		x.lose(path, "the rule is left out; the rules after it decide")
		return
	}
	id := def.ID
	if id == "" {
		id = "rule-" + strconv.Itoa(len(f.Config.Rules)+1)
	}
	rule := evaluator.Rule{ID: id, Clauses: clauses}
	coverage := 1.0
	if def.Coverage != nil {
		coverage = *def.Coverage
	}
	bucketBy := growthAttribute(def.HashAttribute)
	seed := def.Seed
	if seed == "" {
		seed = def.Key
	}
	switch {
	case len(def.Variations) > 0:
		rule.Serve = x.experiment(f, def, coverage, bucketBy, seed)
	case def.hasForce && coverage < 1:
		rule.Serve = split(percentages([]string{x.variation(def.Force), f.Config.Fallthrough.Variation}, []float64{coverage, 1 - coverage}), bucketBy, seed)
		x.lose(at(path, "coverage"), "whom the share leaves out gets the default value here; in GrowthBook the rules after this one decide")
		f.Rebucketed = true
	case def.hasForce:
		rule.Serve = evaluator.Serve{Variation: x.variation(def.Force)}
	default:
		x.lose(path, "the rule neither forces a value nor splits any; it is left out")
		return
	}
	f.Config.Rules = append(f.Config.Rules, rule)
}

// experiment splits the share of those who take part; the rest gets the default value.
func (x *growthReader) experiment(f *Flag, def *growthRule, coverage float64, bucketBy, seed string) evaluator.Serve {
	names, shares := []string{}, []float64{}
	for i, v := range def.Variations {
		weight := 1 / float64(len(def.Variations))
		if i < len(def.Weights) {
			weight = def.Weights[i]
		}
		names, shares = append(names, x.variation(v)), append(shares, weight*coverage)
	}
	if coverage < 1 {
		names, shares = append(names, f.Config.Fallthrough.Variation), append(shares, 1-coverage)
	}
	f.Rebucketed = true
	return split(percentages(names, shares), bucketBy, seed)
}

func growthAttribute(name string) string {
	if name == "" || name == "id" {
		return evaluator.AttributeTargetingKey
	}
	return name
}

// conditions maps a condition in MongoDB's words: attributes and what is asked of them, all of which has to hold.
func (x *growthReader) conditions(condition map[string]any, path string) ([]evaluator.Clause, bool) {
	list := []evaluator.Clause{}
	for _, name := range sortedKeys(condition) {
		c, ok := x.condition(name, condition[name], at(path, name))
		if !ok {
			return nil, false
		}
		list = append(list, c...)
	}
	return list, true
}

func (x *growthReader) condition(name string, value any, path string) ([]evaluator.Clause, bool) {
	if !strings.HasPrefix(name, "$") {
		return x.attribute(growthAttribute(name), value, path)
	}
	if object, isObject := value.(map[string]any); name == "$not" && isObject {
		inner, ok := x.conditions(object, path)
		if ok {
			x.lose(path, negatedGroup)
		}
		return []evaluator.Clause{{All: inner, Negate: true}}, ok && len(inner) > 0
	}
	parts, isList := value.([]any)
	if !isList || len(parts) == 0 || name != "$or" && name != "$and" && name != "$nor" {
		x.lose(path, "there is no %q here", name)
		return nil, false
	}
	var groups []evaluator.Clause
	for i, part := range parts {
		object, _ := part.(map[string]any)
		inner, ok := x.conditions(object, at(path, i))
		if !ok || len(inner) == 0 {
			return nil, false
		}
		groups = append(groups, evaluator.Clause{All: inner})
	}
	if name == "$and" {
		return groups, true
	}
	if name == "$nor" {
		x.lose(path, negatedGroup)
	}
	return []evaluator.Clause{{Any: groups, Negate: name == "$nor"}}, true
}

const negatedGroup = "what is negated is met here only by contexts that have the attributes"

func (x *growthReader) attribute(name string, value any, path string) ([]evaluator.Clause, bool) {
	asked, isObject := value.(map[string]any)
	if !isObject {
		if list, isList := value.([]any); isList || value == nil {
			x.lose(path, "an attribute cannot be compared with %s here", raw(list))
			return nil, false
		}
		return []evaluator.Clause{{Attribute: name, Operator: evaluator.OpIn, Values: raws([]any{value})}}, true
	}
	var list []evaluator.Clause
	for _, operator := range sortedKeys(asked) {
		c, ok := x.comparison(name, operator, asked[operator], at(path, operator))
		if !ok {
			return nil, false
		}
		list = append(list, c)
	}
	return list, true
}

func (x *growthReader) comparison(name, operator string, value any, path string) (evaluator.Clause, bool) {
	operators := map[string]evaluator.Operator{
		"$eq": evaluator.OpIn, "$ne": evaluator.OpIn, "$in": evaluator.OpIn, "$nin": evaluator.OpIn, "$inGroup": evaluator.OpIn, "$notInGroup": evaluator.OpIn,
		"$lt": evaluator.OpLessThan, "$lte": evaluator.OpLessThanOrEqual, "$gt": evaluator.OpGreaterThan, "$gte": evaluator.OpGreaterThanOrEqual,
		"$regex": evaluator.OpMatches, "$exists": evaluator.OpExists, "$veq": evaluator.OpSemverEqual, "$vne": evaluator.OpSemverEqual,
		"$vgt": evaluator.OpSemverGreaterThan, "$vgte": evaluator.OpSemverGreaterThanOrEqual,
		"$vlt": evaluator.OpSemverLessThan, "$vlte": evaluator.OpSemverLessThanOrEqual,
	}
	op, ok := operators[operator]
	if inner, isObject := value.(map[string]any); operator == "$not" && isObject {
		list, fine := x.attribute(name, inner, path)
		missing := evaluator.Clause{Attribute: name, Operator: evaluator.OpExists, Negate: true}
		return evaluator.Clause{Any: []evaluator.Clause{missing, {All: list, Negate: true}}}, fine && len(list) > 0
	}
	if !ok {
		x.lose(path, "there is no operator %q here", operator)
		return evaluator.Clause{}, false
	}
	c := evaluator.Clause{Attribute: name, Operator: op, Values: raws([]any{value})}
	switch operator {
	case "$exists":
		c.Values, c.Negate = nil, value == false
		return c, true
	case "$in", "$nin":
		list, _ := value.([]any)
		c.Values = raws(list)
	case "$inGroup", "$notInGroup":
		c.Values = raws(x.groups[fmt.Sprint(value)])
		if len(c.Values) == 0 {
			x.lose(path, "the saved group %v is not in the file, or empty", value)
			return c, false
		}
	case "$lt", "$lte", "$gt", "$gte":
		if text, isText := value.(string); isText {
			return x.textOrder(c, operator, text, path)
		}
	}
	if c.Negate = operator == "$ne" || operator == "$nin" || operator == "$notInGroup" || operator == "$vne"; c.Negate {
		return absentOr(c), true
	}
	return c, true
}

// textOrder is how texts compare: dates do, others do not.
func (x *growthReader) textOrder(c evaluator.Clause, operator, text, path string) (evaluator.Clause, bool) {
	c.Operator = map[string]evaluator.Operator{"$lt": evaluator.OpBefore, "$gt": evaluator.OpAfter}[operator]
	if c.Operator == "" || !strings.Contains(text, "T") {
		x.lose(path, "texts have no order here, but for times by $lt and $gt")
		return c, false
	}
	return c, true
}
