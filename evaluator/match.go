package evaluator

import (
	"reflect"
	"slices"
	"strings"
	"time"
)

// match compares the attribute with the operands, leaving negation aside.
func (cl *clause) match(a *attribute, m *meter) truth {
	if cl.code == codeExists {
		return truthOf(a.kind != kindMissing)
	}
	if a.kind == kindList {
		return cl.matchList(a.ref, m)
	}
	return cl.matchOne(a, m)
}

// matchOne compares one value that is no list.
func (cl *clause) matchOne(a *attribute, m *meter) truth {
	switch a.kind {
	case kindString:
		return cl.matchString(a.text, m)
	case kindNumber:
		return cl.matchNumber(a.number)
	case kindBool:
		return cl.matchBool(a.number != 0)
	case kindTime:
		return cl.matchTime(a, m)
	default:
		return unknown
	}
}

// matchTime compares a time as the string that it marshals to.
func (cl *clause) matchTime(a *attribute, m *meter) truth {
	if cl.code != codeBefore && cl.code != codeAfter {
		return cl.matchString(a.timeText(), m)
	}
	t := a.ref.(time.Time) // kindTime says so
	return cl.matchInstant(instant{seconds: t.Unix(), nanoseconds: int32(t.Nanosecond())})
}

func (cl *clause) matchBool(b bool) truth {
	switch {
	case cl.code != codeIn || cl.booleans == 0:
		return unknown
	case b:
		return truthOf(cl.booleans&acceptsTrue != 0)
	default:
		return truthOf(cl.booleans&acceptsFalse != 0)
	}
}

// matchList is matchOne for a list: it matches if any of its elements does. Elements that are lists themselves are
// of the wrong type.
func (cl *clause) matchList(list any, m *meter) truth {
	result := no
	cost := elementSteps + int(cl.cost)
	switch list := list.(type) {
	case []any:
		for i := 0; i < len(list) && m.spend(cost); i++ {
			a := attributeOf(list[i])
			if result = either(result, cl.matchOne(&a, m)); result == yes {
				return yes
			}
		}
	case []string:
		for i := 0; i < len(list) && m.spend(cost); i++ {
			if result = either(result, cl.matchString(list[i], m)); result == yes {
				return yes
			}
		}
	default:
		v := reflect.ValueOf(list)
		for i := 0; i < v.Len() && m.spend(cost+reflectedSteps); i++ {
			a := reflected(v.Index(i))
			if result = either(result, cl.matchOne(&a, m)); result == yes {
				return yes
			}
		}
	}
	return result
}

// either is the disjunction of two outcomes. The first of them must not be yes.
func either(a, b truth) truth {
	if b == yes || a == no {
		return b
	}
	return unknown
}

// matchString compares a string, in whatever form the operator reads it.
func (cl *clause) matchString(text string, m *meter) truth {
	if len(text) > shortText && !m.spend(cl.weigh(len(text))) {
		return unknown
	}
	switch cl.code {
	case codeIn:
		return cl.matchIn(text)
	case codeContains, codeStartsWith, codeEndsWith:
		return truthOf(cl.matchPart(text))
	case codeMatches:
		return cl.matchPatterns(text, m)
	case codeBefore, codeAfter:
		if at, ok := parseInstant(text); ok {
			return cl.matchInstant(at)
		}
		return unknown
	case codeSemverEqual, codeSemverLess, codeSemverLessOrEqual, codeSemverGreater, codeSemverGreaterOrEqual,
		codeSemverRange:
		if v, ok := parseVersion(text); ok {
			return cl.matchVersion(&v)
		}
		return unknown
	case codeInCIDR:
		if addr, ok := parseAddress(text); ok {
			return truthOf(cl.operands.networks.contain(addr))
		}
		return unknown
	default:
		return unknown
	}
}

func (cl *clause) matchIn(text string) truth {
	for i := range cl.texts {
		if cl.texts[i] == text {
			return yes
		}
	}
	switch {
	case len(cl.texts) > 0:
		return no
	case cl.operands == nil:
		return unknown
	case cl.operands.keys != nil:
		return truthOf(cl.operands.keys.contains(text))
	case cl.operands.affixes != nil:
		return truthOf(cl.operands.affixes.contain(text))
	default:
		return unknown
	}
}

func (cl *clause) matchPatterns(text string, m *meter) truth {
	for _, p := range cl.operands.patterns {
		if !m.spend(p.weight * (len(text) + 1)) {
			return unknown
		}
		if p.regexp.MatchString(text) {
			return yes
		}
	}
	return no
}

func (cl *clause) matchPart(text string) bool {
	if o := cl.operands; o != nil {
		switch {
		case o.affixes != nil:
			return o.affixes.contain(text)
		case o.parts != nil:
			return o.parts.foundIn(text)
		}
	}
	for _, part := range cl.texts {
		var matched bool
		switch {
		case cl.code == codeContains:
			matched = strings.Contains(text, part)
		case cl.code == codeStartsWith:
			matched = strings.HasPrefix(text, part)
		default:
			matched = strings.HasSuffix(text, part)
		}
		if matched {
			return true
		}
	}
	return false
}

func (cl *clause) matchNumber(n float64) truth {
	if cl.operands == nil {
		return unknown
	}
	numbers := cl.operands.numbers
	switch cl.code {
	case codeBefore, codeAfter:
		if at, ok := epochInstant(n); ok {
			return cl.matchInstant(at)
		}
		return unknown
	case codeIn:
		if len(numbers) == 0 {
			return unknown
		}
		_, found := slices.BinarySearch(numbers, n)
		return truthOf(found)
	// The numbers ascend, so the bound that is easiest to keep stands at one of their ends.
	case codeLess:
		return truthOf(n < numbers[len(numbers)-1])
	case codeLessOrEqual:
		return truthOf(n <= numbers[len(numbers)-1])
	case codeGreater:
		return truthOf(n > numbers[0])
	case codeGreaterOrEqual:
		return truthOf(n >= numbers[0])
	default:
		return unknown
	}
}

func (cl *clause) matchInstant(at instant) truth {
	order := at.compare(cl.operands.instant)
	return truthOf(cl.code == codeBefore && order < 0 || cl.code == codeAfter && order > 0)
}

func (cl *clause) matchVersion(v *version) truth {
	o := cl.operands
	switch cl.code {
	case codeSemverRange:
		if o.intervals != nil {
			return truthOf(o.intervals.contain(v))
		}
		for i := range o.ranges {
			if o.ranges[i].contains(v) {
				return yes
			}
		}
		return no
	case codeSemverEqual:
		return truthOf(containsVersion(o.versions, v))
	}
	order := v.compare(&o.versions[0])
	switch cl.code {
	case codeSemverLess:
		return truthOf(order < 0)
	case codeSemverLessOrEqual:
		return truthOf(order <= 0)
	case codeSemverGreater:
		return truthOf(order > 0)
	default:
		return truthOf(order >= 0)
	}
}

// containsVersion reports whether any of the versions, which ascend, equals v.
func containsVersion(versions []version, v *version) bool {
	from, to := 0, len(versions)
	if to == 1 { // as most are
		return versions[0].compare(v) == 0
	}
	for from < to {
		middle := int(uint(from+to) >> 1)
		switch order := versions[middle].compare(v); {
		case order == 0:
			return true
		case order < 0:
			from = middle + 1
		default:
			to = middle
		}
	}
	return false
}
