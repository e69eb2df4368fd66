package evaluator

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// VersionRange is a set of versions, such as ">=2.3.0 <3", "^1.4", "~2.3", "1.x || 2.x", "1.2 - 2.3" or "*". The
// zero VersionRange is empty.
//
// Versions are compared by precedence, prereleases included: 2.4.0-rc.1 is in ">=2.3.0". An upper bound that a
// partial version stands for (as in "<3", "^2", "~2.3", "2.x") leaves out the prereleases of that bound, so 3.0.0-rc.1
// is not in "^2".
type VersionRange struct {
	alternatives [][]comparator
}

// comparator holds for the versions on one side of a bound.
type comparator struct {
	relation relation
	bound    version
}

type relation uint8

const (
	atLeast relation = iota
	above
	below
	atMost
	notEqual
)

// maxRangeLength bounds the text of a range.
const maxRangeLength = 10_000

// ParseVersionRange reads a range. The error says what is allowed.
func ParseVersionRange(s string) (VersionRange, error) {
	var r VersionRange
	if len(s) > maxRangeLength {
		return r, fmt.Errorf("a version range has at most %d bytes", maxRangeLength)
	}
	for alternative := range strings.SplitSeq(s, "||") {
		comparators, err := parseAlternative(alternative)
		if err != nil {
			return VersionRange{}, fmt.Errorf("%q is no version range: %w", s, err)
		}
		r.alternatives = append(r.alternatives, comparators)
	}
	return r, nil
}

// Contains reports whether the version is in the range. A text that is no version is in no range.
func (r VersionRange) Contains(s string) bool {
	v, ok := parseVersion(s)
	return ok && r.contains(&v)
}

// Above reports whether every version in the range is newer than s. It reports false if s is no version.
func (r VersionRange) Above(s string) bool {
	v, ok := parseVersion(s)
	if !ok {
		return false
	}
	for _, comparators := range r.alternatives {
		if !slices.ContainsFunc(comparators, func(c comparator) bool { return c.isLower() && !c.holds(&v) }) {
			return false
		}
	}
	return len(r.alternatives) > 0
}

// isLower reports whether the bound is a lower one.
func (c *comparator) isLower() bool { return c.relation == atLeast || c.relation == above }

func (r *VersionRange) contains(v *version) bool {
	for _, comparators := range r.alternatives {
		if holdAll(comparators, v) {
			return true
		}
	}
	return false
}

func holdAll(comparators []comparator, v *version) bool {
	for i := range comparators {
		if !comparators[i].holds(v) {
			return false
		}
	}
	return true
}

func (c *comparator) holds(v *version) bool {
	order := v.compare(&c.bound)
	switch c.relation {
	case atLeast:
		return order >= 0
	case above:
		return order > 0
	case below:
		return order < 0
	case atMost:
		return order <= 0
	default:
		return order != 0
	}
}

// parseAlternative reads comparators that must all hold, separated by spaces or commas.
func parseAlternative(s string) ([]comparator, error) {
	words := strings.Fields(strings.ReplaceAll(s, ",", " "))
	if len(words) == 0 {
		return nil, errors.New(`each alternative needs a version, such as ">=2.3.0"; "*" stands for all`)
	}
	comparators := []comparator{} // "*" compiles to none
	for i := 0; i < len(words); i++ {
		word := words[i]
		if i+2 < len(words) && words[i+1] == "-" {
			span, err := parseHyphen(word, words[i+2])
			if err != nil {
				return nil, err
			}
			comparators = append(comparators, span...)
			i += 2
			continue
		}
		if operator, _ := cutOperator(word); operator == word && i+1 < len(words) {
			i++ // the operator stands apart from its version
			word += words[i]
		}
		parsed, err := parseComparator(word)
		if err != nil {
			return nil, err
		}
		comparators = append(comparators, parsed...)
	}
	return comparators, nil
}

// cutOperator cuts the comparison operator, if any, off the front of s.
func cutOperator(s string) (operator, rest string) {
	i := 0
	for i < len(s) && strings.IndexByte("<>=!^~", s[i]) >= 0 {
		i++
	}
	return s[:i], s[i:]
}

func parseHyphen(from, to string) ([]comparator, error) {
	lower, err := parsePartial(from)
	if err != nil {
		return nil, err
	}
	upper, err := parsePartial(to)
	if err != nil {
		return nil, err
	}
	return append(lower.comparators(atLeast), upper.comparators(atMost)...), nil
}

func parseComparator(word string) ([]comparator, error) {
	operator, rest := cutOperator(word)
	p, err := parsePartial(rest)
	if err != nil {
		return nil, err
	}
	switch operator {
	case "", "=", "==":
		return p.equal(), nil
	case "!=":
		if p.parts < 3 {
			return nil, fmt.Errorf("%q: != needs a whole version, such as !=2.3.1", word)
		}
		return []comparator{{notEqual, p.version}}, nil
	case ">=":
		return p.comparators(atLeast), nil
	case ">":
		return p.comparators(above), nil
	case "<":
		return p.comparators(below), nil
	case "<=":
		return p.comparators(atMost), nil
	case "^":
		return p.caret(), nil
	case "~":
		return p.tilde(), nil
	default:
		return nil, fmt.Errorf("%q: the operator must be one of = != > >= < <= ^ ~", word)
	}
}
