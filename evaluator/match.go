package evaluator

import (
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"time"
)

// match compares the attribute with the operands, leaving negation aside.
func (cl *clause) match(a *attribute) truth {
	if cl.code == codeExists {
		return truthOf(a.kind != kindMissing)
	}
	if a.kind == kindList {
		return cl.matchList(a.ref)
	}
	return cl.matchOne(a)
}

// matchOne compares one value that is no list.
func (cl *clause) matchOne(a *attribute) truth {
	switch a.kind {
	case kindString:
		return cl.matchString(a.text)
	case kindNumber:
		return cl.matchNumber(a.number)
	case kindBool:
		return cl.matchBool(a.number != 0)
	case kindTime:
		return cl.matchTime(a)
	default:
		return unknown
	}
}

// matchTime compares a time as the string that it marshals to.
func (cl *clause) matchTime(a *attribute) truth {
	if cl.code != codeBefore && cl.code != codeAfter {
		return cl.matchString(a.timeText())
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
func (cl *clause) matchList(list any) truth {
	result := no
	switch list := list.(type) {
	case []any:
		for _, v := range list {
			a := attributeOf(v)
			if result = either(result, cl.matchOne(&a)); result == yes {
				return yes
			}
		}
	case []string:
		for _, text := range list {
			if result = either(result, cl.matchString(text)); result == yes {
				return yes
			}
		}
	default:
		v := reflect.ValueOf(list)
		for i := range v.Len() {
			a := reflected(v.Index(i))
			if result = either(result, cl.matchOne(&a)); result == yes {
				return yes
			}
		}
	}
	return result
}

// either is the disjunction of two outcomes, the first of which is not yes.
func either(a, b truth) truth {
	if b == yes || a == no {
		return b
	}
	return unknown
}

// matchString compares a string, in whatever form the operator reads it.
func (cl *clause) matchString(text string) truth {
	switch cl.code {
	case codeIn:
		return cl.matchIn(text)
	case codeContains, codeStartsWith, codeEndsWith:
		return truthOf(cl.matchPart(text))
	case codeMatches:
		for _, pattern := range cl.operands.patterns {
			if pattern.MatchString(text) {
				return yes
			}
		}
		return no
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
			return cl.matchAddress(addr)
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
	case cl.operands.foldings != nil:
		return truthOf(cl.operands.foldings.contains(text))
	default:
		return unknown
	}
}

func (cl *clause) matchPart(text string) bool {
	for _, part := range cl.texts {
		var matched bool
		switch {
		case cl.fold && cl.code == codeContains:
			matched = containsFold(text, part)
		case cl.fold && cl.code == codeStartsWith:
			matched = hasPrefixFold(text, part)
		case cl.fold:
			matched = hasSuffixFold(text, part)
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
	for _, bound := range cl.operands.instants {
		order := at.compare(bound)
		if cl.code == codeBefore && order < 0 || cl.code == codeAfter && order > 0 {
			return yes
		}
	}
	return no
}

func (cl *clause) matchVersion(v *version) truth {
	if cl.code == codeSemverRange {
		for i := range cl.operands.ranges {
			if cl.operands.ranges[i].contains(v) {
				return yes
			}
		}
		return no
	}
	for i := range cl.operands.versions {
		order := v.compare(&cl.operands.versions[i])
		var matched bool
		switch cl.code {
		case codeSemverEqual:
			matched = order == 0
		case codeSemverLess:
			matched = order < 0
		case codeSemverLessOrEqual:
			matched = order <= 0
		case codeSemverGreater:
			matched = order > 0
		default:
			matched = order >= 0
		}
		if matched {
			return yes
		}
	}
	return no
}

func (cl *clause) matchAddress(addr netip.Addr) truth {
	for _, prefix := range cl.operands.prefixes {
		if prefix.Contains(addr) {
			return yes
		}
	}
	return no
}
