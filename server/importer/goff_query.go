package importer

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// goffQuery is a query of GO Feature Flag: a comparison, or several that are joined.
type goffQuery struct {
	// join is "and" or "or" of parts; "" for a comparison.
	join  string
	parts []*goffQuery
	not   bool
	goffComparison
}

// goffComparison compares an attribute with what is written in the query.
type goffComparison struct {
	path     []string
	operator string
	kind     goffKind
	// value is a string, float64, bool or nil, or a list of these, as the kind says.
	value any
}

// goffKind is what is written in a query. It decides how the attribute is compared, whatever the attribute holds.
type goffKind string

const (
	goffText    goffKind = "a text"
	goffVersion goffKind = "a version"
	goffInt     goffKind = "a whole number"
	goffDouble  goffKind = "a number"
	goffBool    goffKind = "a boolean"
	goffNull    goffKind = "null"
	goffTexts   goffKind = "a list of texts"
	goffInts    goffKind = "a list of whole numbers"
	goffDoubles goffKind = "a list of numbers"
)

// maxQueryDepth bounds parentheses.
const maxQueryDepth = 16

// parseQuery reads a query by the grammar of GO Feature Flag. "and" and "or" have the same rank: the one that is
// written first is joined first. "not" stands only before parentheses. A query that does not follow the grammar is an
// error here, while GO Feature Flag takes as much of it as it can make sense of.
func parseQuery(query string) (*goffQuery, error) {
	words, err := queryWords(joinedLines(query))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errGoffRefuses, err)
	}
	p := queryParser{words: words}
	q, err := p.query()
	if err == nil && len(p.words) > 0 {
		err = fmt.Errorf("%q is not expected", p.words[0])
	}
	if err != nil {
		err = fmt.Errorf("%w: %w", errGoffRefuses, err)
	}
	return q, err
}

// joinedLines puts the lines of a query together, without the spaces at their beginnings.
func joinedLines(query string) string {
	lines := strings.Split(query, "\n")
	for i := range lines {
		lines[i] = strings.TrimLeft(lines[i], " ")
	}
	return strings.Join(lines, "")
}

var queryWord = regexp.MustCompile(
	`^(?:"(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|[^"\\])*"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)*|==|!=|>=|<=|>|<|[()\[\],]|` +
		`[A-Za-z][-_:0-9A-Za-z]*(?:\.[A-Za-z][-_:0-9A-Za-z]*)*)`,
)

// queryWords splits a query into words. A space has to stand between two words, but not beside parentheses, brackets
// and commas.
func queryWords(query string) (words []string, err error) {
	for query = strings.TrimLeft(query, " "); query != ""; query = strings.TrimLeft(query, " ") {
		word := queryWord.FindString(query)
		if word == "" {
			return nil, fmt.Errorf("%.20q is not expected", query)
		}
		query = query[len(word):]
		if query != "" && !strings.ContainsAny(word, "()[],") && !strings.ContainsAny(query[:1], " ()],") {
			return nil, fmt.Errorf("a space is missing behind %q", word)
		}
		words = append(words, word)
	}
	return words, nil
}

type queryParser struct {
	words []string
	depth int
}

// take takes the next word if it is one of the given.
func (p *queryParser) take(words ...string) (string, bool) {
	if len(p.words) > 0 && slices.Contains(words, p.words[0]) {
		word := p.words[0]
		p.words = p.words[1:]
		return word, true
	}
	return "", false
}

func (p *queryParser) next() (word string) {
	if len(p.words) > 0 {
		word, p.words = p.words[0], p.words[1:]
	}
	return word
}

func (p *queryParser) query() (*goffQuery, error) {
	left, err := p.single()
	for err == nil {
		join, ok := p.take("and", "or")
		if !ok {
			break
		}
		var right *goffQuery
		right, err = p.single()
		left = &goffQuery{join: join, parts: []*goffQuery{left, right}}
	}
	return left, err
}

func (p *queryParser) single() (*goffQuery, error) {
	_, negated := p.take("not", "NOT")
	if _, open := p.take("("); !open {
		if negated {
			return nil, errors.New("not stands before parentheses alone")
		}
		return p.comparison()
	}
	if p.depth++; p.depth > maxQueryDepth {
		return nil, fmt.Errorf("parentheses are nested more than %d deep", maxQueryDepth)
	}
	q, err := p.query()
	if err != nil {
		return nil, err
	}
	if _, closed := p.take(")"); !closed {
		return nil, errors.New("a closing parenthesis is missing")
	}
	p.depth--
	if negated {
		q = &goffQuery{join: "and", parts: []*goffQuery{q}, not: true}
	}
	return q, nil
}

var queryName = regexp.MustCompile(`^[A-Za-z]`)

func (p *queryParser) comparison() (*goffQuery, error) {
	name := p.next()
	if !queryName.MatchString(name) || isQueryKeyword(name) {
		return nil, fmt.Errorf("%q is no attribute", name)
	}
	c := goffComparison{path: strings.Split(name, ".")}
	word := p.next()
	operators := map[string]string{"==": "eq", "!=": "ne", ">": "gt", "<": "lt", ">=": "ge", "<=": "le"}
	c.operator = operators[word]
	if c.operator == "" && (word == strings.ToLower(word) || word == strings.ToUpper(word) && word != "PR") {
		c.operator = strings.ToLower(word)
	}
	switch c.operator {
	case "pr":
		return &goffQuery{goffComparison: c}, nil
	case "eq", "ne", "gt", "lt", "ge", "le", "co", "sw", "ew", "in":
	default:
		return nil, fmt.Errorf("there is no operator %q", word)
	}
	var err error
	c.kind, c.value, err = p.value()
	return &goffQuery{goffComparison: c}, err
}

// isQueryKeyword reports words that cannot be attributes.
func isQueryKeyword(word string) bool {
	switch word {
	case "and", "or", "not", "NOT", "true", "false", "null", "pr":
		return true
	}
	lower := strings.ToLower(word)
	return (word == lower || word == strings.ToUpper(word)) &&
		slices.Contains([]string{"eq", "ne", "gt", "lt", "ge", "le", "co", "sw", "ew", "in"}, lower)
}

func (p *queryParser) value() (goffKind, any, error) {
	if _, list := p.take("["); list {
		return p.list()
	}
	return queryValue(p.next())
}

// list is a list of one kind.
func (p *queryParser) list() (goffKind, any, error) {
	lists := map[goffKind]goffKind{goffText: goffTexts, goffInt: goffInts, goffDouble: goffDoubles}
	var kind goffKind
	values := []any{}
	for {
		word := p.next()
		k, v, err := queryValue(word)
		if err != nil {
			return "", nil, err
		}
		if kind == "" {
			kind = k
		}
		if lists[k] == "" || k != kind || k == goffInt && word[0] == '-' {
			return "", nil, fmt.Errorf("%s cannot stand in this list", word)
		}
		values = append(values, v)
		if _, end := p.take("]"); end {
			return lists[kind], values, nil
		}
		if _, more := p.take(","); !more {
			return "", nil, errors.New("a closing bracket is missing")
		}
	}
}

// maxQueryInt bounds the whole numbers of a query: within it, doubles are exact.
const maxQueryInt = 1 << 53

func queryValue(word string) (goffKind, any, error) {
	switch {
	case strings.HasPrefix(word, `"`):
		return goffText, word[1 : len(word)-1], nil // escapes stay as they are written
	case word == "true", word == "false":
		return goffBool, word == "true", nil
	case word == "null":
		return goffNull, nil, nil
	}
	n, err := strconv.ParseFloat(word, 64)
	switch dots := strings.Count(word, "."); {
	case queryVersion.MatchString(word):
		return goffVersion, word, nil
	case err != nil || dots == 0 && (n >= maxQueryInt || n <= -maxQueryInt):
		return "", nil, fmt.Errorf("%q is no value", word)
	case dots == 0:
		return goffInt, n, nil
	default:
		return goffDouble, n, nil
	}
}

var queryVersion = regexp.MustCompile(`^(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)$`)
