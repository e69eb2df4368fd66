package corpustest

import (
	"encoding/json"

	"github.com/tidegate-io/tidegate/evaluator"
)

type (
	object = map[string]any
	list   = []any
)

// expression makes flagd's JSONLogic. The expression gives a variation or nothing. Now and then it gives something
// that is no variation, and for some contexts it fails. Conditions may refer to one of its $evaluators.
func (c *Corpus) expression() json.RawMessage {
	x := expressions{Corpus: c}
	named := object{"first": x.condition(1), "second": x.condition(2)}
	x.evaluators = []string{"first", "second"}
	rule := x.rule(3)
	if c.once(2) {
		x.evaluators = nil
		rule = x.rule(2)
	} else {
		rule["$evaluators"] = named
	}
	encoded, err := json.Marshal(rule)
	if err != nil {
		panic("corpustest: " + err.Error()) // it is made of what JSON has
	}
	return encoded
}

// expressions makes the parts of one expression.
type expressions struct {
	*Corpus
	evaluators []string // that conditions may refer to
}

// rule is an operator that gives what is served.
func (x *expressions) rule(depth int) object {
	if depth == 0 || x.once(3) {
		return x.fractional()
	}
	branches := list{x.condition(2), x.result(depth - 1)}
	for range x.random.IntN(3) {
		branches = append(branches, x.condition(2), x.result(depth-1))
	}
	if !x.once(3) {
		branches = append(branches, x.result(depth-1))
	}
	return object{"if": branches}
}

func (x *expressions) result(depth int) any {
	switch x.random.IntN(12) {
	case 0:
		return nil
	case 1:
		return pick(x.Corpus, list{"no-variation", true, 7})
	case 2, 3, 4:
		return x.rule(depth)
	default:
		return x.variation()
	}
}

// fractional buckets by texts of ASCII: beyond that, flagd's own implementations differ.
func (x *expressions) fractional() object {
	var args list
	switch x.random.IntN(4) {
	case 0:
		args = append(args, object{"cat": list{object{"var": "$flagd.flagKey"}, object{"var": "account"}}})
	case 1:
		args = append(args, object{"var": "targetingKey"})
	}
	for _, variation := range []string{"a", "b", "c.3"}[:1+x.random.IntN(3)] {
		switch x.random.IntN(5) {
		case 0:
			args = append(args, list{variation})
		case 1:
			args = append(args, list{variation, object{"if": list{x.condition(1), 30, 70}}})
		case 2:
			args = append(args, list{object{"cat": list{variation}}, x.random.IntN(100)})
		default:
			args = append(args, list{variation, x.random.IntN(100)})
		}
	}
	return object{"fractional": args}
}

func (x *expressions) condition(depth int) any {
	if depth > 0 && x.once(3) {
		switch x.random.IntN(3) {
		case 0:
			return object{"and": list{x.condition(depth - 1), x.condition(depth - 1)}}
		case 1:
			return object{"or": list{x.condition(depth - 1), x.condition(depth - 1)}}
		default:
			return object{"!": list{x.condition(depth - 1)}}
		}
	}
	if len(x.evaluators) > 0 && x.once(5) {
		return object{"$ref": pick(x.Corpus, x.evaluators)}
	}
	return x.comparison()
}

func (x *expressions) comparison() object {
	attribute := object{"var": pick(x.Corpus, names)}
	switch x.random.IntN(8) {
	case 0:
		return object{pick(x.Corpus, []string{"==", "===", "!=", "!=="}): list{attribute, pick(x.Corpus, list{"FR", 5, true, nil, "", "17"})}}
	case 1:
		return object{pick(x.Corpus, []string{"<", "<=", ">", ">="}): list{attribute, pick(x.Corpus, list{5, 7.5, 0, "6"})}}
	case 2:
		return object{"in": list{attribute, pick(x.Corpus, list{list{"FR", "DE", 5}, "France, FR"})}}
	case 3:
		return object{"in": list{pick(x.Corpus, list{"FR", "beta", "@"}), attribute}}
	case 4:
		operator := pick(x.Corpus, []string{"=", "!=", "<", "<=", ">", ">=", "^", "~"})
		return object{"sem_ver": list{object{"var": pick(x.Corpus, versioned)}, operator, pick(x.Corpus, []string{"2.3.0", "3.0.0-rc.1", "0.1.0"})}}
	case 5:
		return object{pick(x.Corpus, []string{"starts_with", "ends_with"}): list{attribute, pick(x.Corpus, []string{"F", "R", ".com", ""})}}
	case 6:
		return object{"some": list{object{"var": "tags"}, object{"==": list{object{"var": ""}, pick(x.Corpus, list{"beta", "FR", 5})}}}}
	default:
		return object{"!": list{object{"missing": list{pick(x.Corpus, names)}}}}
	}
}

// decideByExpression puts an expression in the place of what else would decide.
func (c *Corpus) decideByExpression(config *evaluator.FlagConfig) {
	config.Targets, config.Rules, config.Fallthrough = nil, nil, evaluator.Serve{}
	config.Targeting = c.expression()
}
