package evaluator

import "strings"

// inContext reports whether flagd's own operators work: they look at the context as a whole, so inside lists they fail.
func (m *machine) inContext(f scope) bool { return m.frame(f).value.kind == datumRoot }

// affix is starts_with and ends_with, of two texts; otherwise it gives null.
func (m *machine) affix(n *node, f scope) (datum, bool) {
	whole, part, ok := m.pair(n, f)
	switch {
	case !ok || !m.inContext(f):
		return datum{}, false
	case whole.kind != datumString || part.kind != datumString:
		return datum{kind: datumNull}, true
	case n.op == opStartsWithText:
		return datumOfBool(strings.HasPrefix(whole.text, part.text)), true
	default:
		return datumOfBool(strings.HasSuffix(whole.text, part.text)), true
	}
}

// pair evaluates the arguments of an operator that takes two; both are undefined if there are not as many.
func (m *machine) pair(n *node, f scope) (first, second datum, ok bool) {
	if n.spread || len(n.args) != 2 {
		return m.pairOf(n, f)
	}
	if first, ok = m.eval(&n.args[0], f); ok {
		second, ok = m.eval(&n.args[1], f)
	}
	return first, second, ok
}

// pairOf is pair of an expression that gives the arguments, or of another number of them.
func (m *machine) pairOf(n *node, f scope) (first, second datum, ok bool) {
	var args argumentList
	if ok = m.arguments(n, f, &args); args.count != 2 {
		return datum{}, datum{}, ok
	}
	return args.at(0), args.at(1), ok
}

// semVer compares two versions; it gives null if either is none or the operator is unknown.
func (m *machine) semVer(n *node, f scope) (datum, bool) {
	var args argumentList
	if !m.arguments(n, f, &args) || !m.inContext(f) {
		return datum{}, false
	}
	null := datum{kind: datumNull}
	first, operator, second := args.at(0), args.at(1), args.at(2)
	if args.count != 3 {
		return null, true
	}
	a, ok := m.version(&first)
	if !ok {
		return null, true
	}
	b, ok := m.version(&second)
	if !ok {
		return null, true
	}
	order := a.compare(&b)
	switch operator.toText(&m.meter) {
	case "=":
		return datumOfBool(order == 0), true
	case "!=":
		return datumOfBool(order != 0), true
	case "<":
		return datumOfBool(order < 0), true
	case "<=":
		return datumOfBool(order <= 0), true
	case ">=":
		return datumOfBool(order >= 0), true
	case ">":
		return datumOfBool(order > 0), true
	case "^":
		return datumOfBool(a.major == b.major), true
	case "~":
		return datumOfBool(a.major == b.major && a.minor == b.minor), true
	default:
		return null, true
	}
}

func (m *machine) version(d *datum) (version, bool) {
	text := d.toText(&m.meter)
	m.spend(len(text) / digits)
	return flagdVersion(text)
}

// maxFlagdVersion is the length that flagd's versions may have.
const maxFlagdVersion = 256

// flagdVersion reads a version as flagd does: whole, with up to two v before it and space around it, or a number with
// at most one dot. Its numbers are within 2^53 − 1.
func flagdVersion(s string) (version, bool) {
	if s != "" && s[0]|0x20 == 'v' {
		s = s[1:]
	}
	if isPartialVersion(s) {
		return safeVersion(s)
	}
	if len(s) > maxFlagdVersion {
		return version{}, false
	}
	s = strings.TrimPrefix(strings.TrimFunc(s, isScriptSpace), "v")
	if s == "" || s[0] == 'v' || !isWholeVersion(s) {
		return version{}, false
	}
	return safeVersion(s)
}

// isPartialVersion reports a number or two with a dot between.
func isPartialVersion(s string) bool {
	major, minor, dotted := strings.Cut(s, ".")
	return major != "" && isNumeric(major) && (!dotted || minor != "" && isNumeric(minor))
}

// isWholeVersion reports three numbers before whatever follows.
func isWholeVersion(s string) bool {
	if end := strings.IndexAny(s, "-+"); end >= 0 {
		s = s[:end]
	}
	return strings.Count(s, ".") == 2
}

func safeVersion(s string) (version, bool) {
	v, ok := parseVersion(s)
	return v, ok && isSafeNumber(v.major) && isSafeNumber(v.minor) && isSafeNumber(v.patch)
}

func isSafeNumber(digits string) bool {
	return len(digits) < 16 || compareNumbers(digits, "9007199254740991") <= 0
}
