package importer

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/tidegate-io/tidegate/evaluator"
)

// flagdMapper makes rules of an expression of the usual shape: if, conditions, and variants or splits. Everything else,
// and every condition that JSONLogic would take as met by a context without the attribute, stays an expression.
type flagdMapper struct {
	flag       *Flag
	def        *flagdFlag
	evaluators map[string]any
	notes      []string
}

// rules reports whether the configuration has rules that say what the expression says.
func (m *flagdMapper) rules() bool {
	c := &m.flag.Config
	serve, terminal := m.serve(m.def.Targeting)
	if terminal {
		c.Fallthrough = serve
		return m.finish()
	}
	branches, ok := m.argumentsOf(m.def.Targeting, "if")
	if !ok {
		return false
	}
	i := 0
	for ; i+1 < len(branches); i += 2 {
		clauses, ok := m.clauses(branches[i])
		if !ok {
			return false
		}
		serve, ok := m.serve(branches[i+1])
		if !ok {
			return false
		}
		c.Rules = append(c.Rules, evaluator.Rule{ID: "rule-" + strconv.Itoa(len(c.Rules)+1), Clauses: clauses, Serve: serve})
	}
	var otherwise any
	if i < len(branches) {
		otherwise = branches[i]
	}
	if c.Fallthrough, ok = m.serve(otherwise); !ok {
		return false
	}
	return m.finish()
}

// finish sets the off variation. A split that finds nothing to bucket by gives the default variant, so that is what it
// has to be then; otherwise being off leaves the answer to the code default, as flagd does.
func (m *flagdMapper) finish() bool {
	c := &m.flag.Config
	splits := c.Fallthrough.Rollout != nil || slices.ContainsFunc(c.Rules, func(r evaluator.Rule) bool { return r.Serve.Rollout != nil })
	if splits {
		c.OffVariation = m.def.DefaultVariant
		if !c.Enabled && c.OffVariation != nil {
			m.notes = append(m.notes, "while the flag is off, flagd leaves the answer to the code default; here it serves its off variation, "+strconv.Quote(*c.OffVariation))
		}
	}
	return true
}

// argumentsOf are the arguments of the operator if the expression is one of it.
func (m *flagdMapper) argumentsOf(v any, operator string) ([]any, bool) {
	rule, ok := m.followed(v).(map[string]any)
	if !ok || len(rule) != 1 {
		return nil, false
	}
	args, ok := rule[operator].([]any)
	return args, ok
}

// followed is what a reference refers to.
func (m *flagdMapper) followed(v any) any {
	rule, ok := v.(map[string]any)
	if !ok || len(rule) != 1 {
		return v
	}
	if name, ok := rule["$ref"].(string); ok {
		return m.evaluators[name]
	}
	return v
}

// serve is a variant by its name, null for the default variant, or a split.
func (m *flagdMapper) serve(v any) (evaluator.Serve, bool) {
	switch v := v.(type) {
	case nil:
		if m.def.DefaultVariant == nil {
			return evaluator.Serve{}, false
		}
		return evaluator.Serve{Variation: *m.def.DefaultVariant}, true
	case string:
		return evaluator.Serve{Variation: v}, m.has(v)
	case bool:
		name := strconv.FormatBool(v)
		return evaluator.Serve{Variation: name}, m.has(name)
	}
	args, ok := m.argumentsOf(v, "fractional")
	if !ok {
		return evaluator.Serve{}, false
	}
	return m.split(args)
}

func (m *flagdMapper) has(variant string) bool {
	_, ok := m.def.Variants[variant]
	return ok
}

// split maps fractional if its shares are whole thousandths of a percent, so that everybody stays in their bucket.
func (m *flagdMapper) split(args []any) (evaluator.Serve, bool) {
	seed, bucketBy := "", evaluator.AttributeTargetingKey
	if len(args) > 0 {
		if parts, ok := m.argumentsOf(args[0], "cat"); ok {
			if seed, bucketBy, ok = m.key(parts); !ok {
				return evaluator.Serve{}, false
			}
			args = args[1:]
		}
	}
	var shares []evaluator.WeightedServing
	total := 0
	for _, arg := range args {
		entry, _ := arg.([]any)
		if len(entry) < 1 || len(entry) > 2 {
			return evaluator.Serve{}, false
		}
		variant, isText := entry[0].(string)
		weight := 1.0
		if len(entry) == 2 {
			isNumber := false
			if weight, isNumber = entry[1].(float64); !isNumber {
				return evaluator.Serve{}, false
			}
		}
		if !isText || !m.has(variant) || weight != float64(int(weight)) || weight < 0 || weight > evaluator.TotalWeight {
			return evaluator.Serve{}, false
		}
		shares = append(shares, evaluator.WeightedServing{Variation: variant, Weight: int(weight)})
		total += int(weight)
	}
	for i := range shares {
		if total == 0 || shares[i].Weight*evaluator.TotalWeight%total != 0 {
			return evaluator.Serve{}, false
		}
		shares[i].Weight = shares[i].Weight * evaluator.TotalWeight / total
	}
	return evaluator.Serve{Rollout: &evaluator.Rollout{BucketBy: bucketBy, Seed: seed, Weights: shares}}, total > 0
}

// key reads cat of a seed, or of the flag's key, and an attribute.
func (m *flagdMapper) key(parts []any) (seed, bucketBy string, ok bool) {
	if len(parts) != 2 {
		return "", "", false
	}
	if text, isText := parts[0].(string); isText && text != "" {
		seed = text
	} else if name, isVariable := variable(parts[0]); !isVariable || name != "$flagd.flagKey" {
		return "", "", false
	}
	if bucketBy, ok = variable(parts[1]); !ok {
		return "", "", false
	}
	m.notes = append(m.notes, "a context without "+strconv.Quote(bucketBy)+" is bucketed by the text null in flagd; here it gets the off variation")
	return seed, bucketBy, true
}

// variable is the path of an attribute.
func variable(v any) (path string, ok bool) {
	rule, _ := v.(map[string]any)
	if len(rule) != 1 {
		return "", false
	}
	switch args := rule["var"].(type) {
	case string:
		path = args
	case []any:
		if len(args) == 1 {
			path, _ = args[0].(string)
		}
	}
	return path, path != ""
}

// clauses are those of a condition, all of which have to be met.
func (m *flagdMapper) clauses(v any) ([]evaluator.Clause, bool) {
	if parts, ok := m.argumentsOf(v, "and"); ok && len(parts) > 0 {
		return m.each(parts)
	}
	c, ok := m.clause(v)
	return []evaluator.Clause{c}, ok
}

func (m *flagdMapper) each(parts []any) ([]evaluator.Clause, bool) {
	var list []evaluator.Clause
	for _, part := range parts {
		c, ok := m.clause(part)
		if !ok {
			return nil, false
		}
		list = append(list, c)
	}
	return list, true
}

func (m *flagdMapper) clause(v any) (evaluator.Clause, bool) {
	rule, _ := m.followed(v).(map[string]any)
	if len(rule) != 1 {
		return evaluator.Clause{}, false
	}
	for operator, args := range rule {
		list, _ := args.([]any)
		switch operator {
		case "and":
			all, ok := m.each(list)
			return evaluator.Clause{All: all}, ok && len(list) > 0
		case "or":
			some, ok := m.each(list)
			return evaluator.Clause{Any: some}, ok && len(list) > 0
		case "sem_ver":
			return versionClause(list)
		default:
			return comparisonClause(operator, list)
		}
	}
	return evaluator.Clause{}, false
}

// comparisonClause maps comparisons of an attribute with constants that mean the same to both.
func comparisonClause(operator string, args []any) (evaluator.Clause, bool) {
	if len(args) != 2 {
		return evaluator.Clause{}, false
	}
	attribute, ok := variable(args[0])
	if !ok || attribute[0] == '$' {
		return evaluator.Clause{}, false
	}
	c := evaluator.Clause{Attribute: attribute}
	switch text, isText := args[1].(string); operator {
	case "==", "===":
		c.Operator, c.Values = evaluator.OpIn, []json.RawMessage{raw(args[1])}
		_, isBool := args[1].(bool)
		ok = isText && text != "" || isBool && operator == "==="
	case "in":
		list, isList := args[1].([]any)
		c.Operator, c.Values = evaluator.OpIn, raws(list)
		ok = isList && len(list) > 0 && !slices.ContainsFunc(list, func(v any) bool { t, isText := v.(string); return !isText || t == "" })
	case "starts_with":
		c.Operator, c.Values, ok = evaluator.OpStartsWith, []json.RawMessage{raw(text)}, isText
	case "ends_with":
		c.Operator, c.Values, ok = evaluator.OpEndsWith, []json.RawMessage{raw(text)}, isText
	default:
		ok = false // < of nothing is met in JSONLogic: nothing counts as 0
	}
	return c, ok
}

// versionClause maps the comparisons of sem_ver with a whole version.
func versionClause(args []any) (evaluator.Clause, bool) {
	if len(args) != 3 {
		return evaluator.Clause{}, false
	}
	attribute, ok := variable(args[0])
	operator, _ := args[1].(string)
	version, _ := args[2].(string)
	operators := map[string]evaluator.Operator{
		"=": evaluator.OpSemverEqual, "<": evaluator.OpSemverLessThan, "<=": evaluator.OpSemverLessThanOrEqual,
		">": evaluator.OpSemverGreaterThan, ">=": evaluator.OpSemverGreaterThanOrEqual,
	}
	if _, whole := evaluator.CompareVersions(version, version); !ok || operators[operator] == "" || !whole {
		return evaluator.Clause{}, false
	}
	return evaluator.Clause{Attribute: attribute, Operator: operators[operator], Values: []json.RawMessage{raw(version)}}, true
}
