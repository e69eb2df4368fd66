package evaluator

import (
	"math"
	"strings"
)

// inContext reports whether flagd's own operators work: they look at the context as a whole, so inside lists they fail.
func (m *machine) inContext(f scope) bool { return m.frame(f).value.kind == datumRoot }

// maxFractionalWeight bounds the sum of the weights of fractional, as flagd does.
const maxFractionalWeight = math.MaxInt32

// fractional picks a variant by the bucket of a key: the first argument if it is text, otherwise the flag's key and the
// targeting key. It gives null where there is nothing to bucket by or its entries make no sense.
func (m *machine) fractional(n *node, f scope) (datum, bool) {
	if n.spread || !m.inContext(f) {
		return m.fractionalOfList(n, f)
	}
	if len(n.args) == 0 {
		return datum{kind: datumNull}, true
	}
	var key writing
	entries, keyed, ok := m.fractionalKey(&key, n, f)
	if !ok {
		return datum{}, false
	}
	var shares shareList
	valid, ok := m.fractionalShares(&shares, n.args[entries:], f)
	if !ok {
		return datum{}, false
	}
	if !valid || !keyed || shares.total > maxFractionalWeight {
		return datum{kind: datumNull}, true
	}
	hash := newMurmur("").sumBytes(key.bytes())
	return shares.pick(float64(uint64(hash) * uint64(shares.total) >> 32)), true
}

// fractionalKey writes what is hashed and says where the entries begin; keyed is false if there is nothing to hash.
func (m *machine) fractionalKey(to *writing, n *node, f scope) (entries int, keyed, ok bool) {
	first := &n.args[0]
	if first.op == opCat && m.loose(first) < 0 && !first.spread {
		ok = m.write(to, first, first.args, f)
		if m.trace != nil && ok {
			m.trace.step(first, datumOfText(string(to.bytes())), true)
		}
		return 1, true, ok
	}
	if first.op == opList {
		return 0, m.defaultKey(to), true
	}
	d, ok := m.eval(first, f)
	if !ok {
		return 0, false, false
	}
	if d.kind == datumString {
		to.addText(d.text)
		return 1, true, true
	}
	return 0, m.defaultKey(to), true
}

// defaultKey writes the flag's key and the targeting key; it reports false without the latter.
func (m *machine) defaultKey(to *writing) bool {
	root := datum{kind: datumRoot}
	key := m.member(&root, AttributeTargetingKey)
	if key.falsy() {
		return false
	}
	to.addText(m.flag.key)
	to.add(&key)
	return true
}

// fractionalShares reads the entries, each a variant and a weight. All are evaluated, even if one is not valid, since any
// of them may fail.
func (m *machine) fractionalShares(shares *shareList, entries []node, f scope) (valid, ok bool) {
	valid = true
	for i := range entries {
		var entry argumentList
		isList, ok := m.fractionalEntry(&entry, &entries[i], f)
		if !ok {
			return false, false
		}
		variant, weight := entry.at(0), datumOfNumber(1)
		if entry.count == 2 {
			weight = entry.at(1)
		}
		if !isList || entry.count == 0 || entry.count > 2 || variant.composite() || !isWeight(&weight) {
			valid = false
			continue
		}
		shares.add(variant, math.Max(0, weight.number))
	}
	return valid, true
}

// isWeight reports an integer.
func isWeight(d *datum) bool {
	return d.kind == datumNumber && d.number == math.Trunc(d.number) && !math.IsInf(d.number, 0)
}

func (m *machine) fractionalEntry(entry *argumentList, n *node, f scope) (isList, ok bool) {
	if n.op == opList {
		return true, m.arguments(n, f, entry)
	}
	d, ok := m.eval(n, f)
	if !ok || d.kind != datumList {
		return false, ok
	}
	for i := range min(d.length(), 3) {
		entry.add(d.item(i))
	}
	return true, true
}

// fractionalOfList is fractional of an expression that gives its arguments.
func (m *machine) fractionalOfList(n *node, f scope) (datum, bool) {
	var args argumentList
	if !m.arguments(n, f, &args) || !m.inContext(f) {
		return datum{}, false
	}
	nodes := make([]node, args.count)
	for i := range nodes {
		nodes[i] = node{op: opConstant, value: args.at(i)}
	}
	return m.fractional(&node{op: opFractional, args: nodes, at: n.at}, f)
}

// affix is starts_with and ends_with, of two texts; otherwise it gives null.
func (m *machine) affix(n *node, f scope) (datum, bool) {
	var args argumentList
	ok := m.arguments(n, f, &args)
	whole, part := args.at(0), args.at(1)
	switch {
	case !ok || !m.inContext(f):
		return datum{}, false
	case args.count != 2 || whole.kind != datumString || part.kind != datumString:
		return datum{kind: datumNull}, true
	case n.op == opStartsWithText:
		return datumOfBool(strings.HasPrefix(whole.text, part.text)), true
	default:
		return datumOfBool(strings.HasSuffix(whole.text, part.text)), true
	}
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
	a, ok := flagdVersion(first.toText())
	if !ok {
		return null, true
	}
	b, ok := flagdVersion(second.toText())
	if !ok {
		return null, true
	}
	order := a.compare(&b)
	switch operator.toText() {
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

// maxFlagdVersion is the length that flagd's versions may have.
const maxFlagdVersion = 256

// flagdVersion reads a version as flagd does: whole, with up to two v before it and space around it, or a number with at
// most one dot. Its numbers are within 2^53 − 1.
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
