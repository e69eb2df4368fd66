package importer

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
)

// parseQuery reads the query of a rule of GO Feature Flag: comparisons such as `key eq "x"`, joined by and, or, not and
// parentheses. JSONLogic, its other language, is not read.
func parseQuery(query string) ([]evaluator.Clause, error) {
	p := queryParser{words: queryWords(query)}
	c, err := p.either()
	if err != nil {
		return nil, fmt.Errorf("the query cannot be said here: %w", err)
	}
	if len(p.words) > 0 {
		return nil, fmt.Errorf("the query cannot be said here: %q is not expected", p.words[0])
	}
	return []evaluator.Clause{c}, nil
}

// queryWords splits at spaces, but for texts in quotes; parentheses, brackets and commas are words of their own.
func queryWords(query string) []string {
	var words []string
	for query = strings.TrimSpace(query); query != ""; query = strings.TrimSpace(query) {
		end := 1
		switch {
		case query[0] == '"':
			for end < len(query) && query[end] != '"' {
				if query[end] == '\\' {
					end++
				}
				end++
			}
			end = min(end+1, len(query))
		case strings.IndexByte("()[],", query[0]) < 0:
			if end = strings.IndexAny(query, " \t\n()[],\""); end <= 0 {
				end = len(query)
			}
		}
		words = append(words, query[:end])
		query = query[end:]
	}
	return words
}

type queryParser struct {
	words []string
	depth int
}

// maxQueryDepth bounds parentheses.
const maxQueryDepth = 16

// take takes the next word if it is the given one.
func (p *queryParser) take(word string) bool {
	if len(p.words) > 0 && strings.EqualFold(p.words[0], word) {
		p.words = p.words[1:]
		return true
	}
	return false
}

func (p *queryParser) next() string {
	if len(p.words) == 0 {
		return ""
	}
	word := p.words[0]
	p.words = p.words[1:]
	return word
}

func (p *queryParser) either() (evaluator.Clause, error) {
	first, err := p.both()
	list := []evaluator.Clause{first}
	for err == nil && p.take("or") {
		var c evaluator.Clause
		c, err = p.both()
		list = append(list, c)
	}
	if len(list) == 1 {
		return first, err
	}
	return evaluator.Clause{Any: list}, err
}

func (p *queryParser) both() (evaluator.Clause, error) {
	first, err := p.single()
	list := []evaluator.Clause{first}
	for err == nil && p.take("and") {
		var c evaluator.Clause
		c, err = p.single()
		list = append(list, c)
	}
	if len(list) == 1 {
		return first, err
	}
	return evaluator.Clause{All: list}, err
}

func (p *queryParser) single() (evaluator.Clause, error) {
	if p.take("not") {
		c, err := p.single()
		c.Negate = !c.Negate
		return c, err
	}
	if !p.take("(") {
		return p.comparison()
	}
	if p.depth++; p.depth > maxQueryDepth {
		return evaluator.Clause{}, fmt.Errorf("parentheses are nested more than %d deep", maxQueryDepth)
	}
	c, err := p.either()
	if err == nil && !p.take(")") {
		err = fmt.Errorf("a closing parenthesis is missing")
	}
	p.depth--
	return c, err
}

func (p *queryParser) comparison() (evaluator.Clause, error) {
	name, operator := p.next(), strings.ToLower(p.next())
	if name == "" || strings.ContainsAny(name[:1], `{"[`) {
		return evaluator.Clause{}, fmt.Errorf("%q is no attribute", name)
	}
	if name == "key" || name == "targetingKey" {
		name = evaluator.AttributeTargetingKey
	}
	c := evaluator.Clause{Attribute: name}
	if operator == "pr" {
		c.Operator = evaluator.OpExists
		return c, nil
	}
	operators := map[string]evaluator.Operator{
		"eq": evaluator.OpIn, "==": evaluator.OpIn, "ne": evaluator.OpIn, "!=": evaluator.OpIn, "in": evaluator.OpIn,
		"co": evaluator.OpContains, "sw": evaluator.OpStartsWith, "ew": evaluator.OpEndsWith,
		"lt": evaluator.OpLessThan, "<": evaluator.OpLessThan, "le": evaluator.OpLessThanOrEqual, "<=": evaluator.OpLessThanOrEqual,
		"gt": evaluator.OpGreaterThan, ">": evaluator.OpGreaterThan, "ge": evaluator.OpGreaterThanOrEqual, ">=": evaluator.OpGreaterThanOrEqual,
	}
	var ok bool
	if c.Operator, ok = operators[operator]; !ok {
		return c, fmt.Errorf("there is no operator %q", operator)
	}
	values, err := p.values()
	if err != nil {
		return c, err
	}
	c.Values, c.Negate = raws(values), operator == "ne" || operator == "!="
	if _, isText := values[0].(string); isText && c.Operator != evaluator.OpIn && isVersionOrder(c.Operator) {
		c.Operator = map[evaluator.Operator]evaluator.Operator{
			evaluator.OpLessThan: evaluator.OpSemverLessThan, evaluator.OpLessThanOrEqual: evaluator.OpSemverLessThanOrEqual,
			evaluator.OpGreaterThan: evaluator.OpSemverGreaterThan, evaluator.OpGreaterThanOrEqual: evaluator.OpSemverGreaterThanOrEqual,
		}[c.Operator]
	}
	return c, nil
}

// isVersionOrder reports the operators that compare numbers, or versions where they are given a text.
func isVersionOrder(op evaluator.Operator) bool {
	return op == evaluator.OpLessThan || op == evaluator.OpLessThanOrEqual || op == evaluator.OpGreaterThan || op == evaluator.OpGreaterThanOrEqual
}

// values are one value, or several in brackets.
func (p *queryParser) values() ([]any, error) {
	if !p.take("[") {
		v, err := p.value()
		return []any{v}, err
	}
	var values []any
	for {
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		values = append(values, v)
		if p.take("]") {
			return values, nil
		}
		if !p.take(",") {
			return nil, fmt.Errorf("a closing bracket is missing")
		}
	}
}

func (p *queryParser) value() (any, error) {
	word := p.next()
	if strings.HasPrefix(word, `"`) {
		return strconv.Unquote(word)
	}
	switch strings.ToLower(word) {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	if n, err := strconv.ParseFloat(word, 64); err == nil {
		return n, nil
	}
	if _, isVersion := evaluator.CompareVersions(word, word); isVersion {
		return word, nil
	}
	return nil, fmt.Errorf("%q is no value", word)
}
