package evaluator

import (
	"math"
	"slices"
	"unsafe"
)

// maxFractionalWeight bounds the sum of the weights of fractional, as flagd does.
const maxFractionalWeight = math.MaxInt32

// fractional picks a variant by the bucket of a key. The key is the first argument if that is text. Otherwise it is
// the flag's key and the targeting key. It gives null where there is nothing to bucket by or its entries make no
// sense.
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
	if constant := n.shares; constant != nil && constant.from == entries {
		if !keyed || !constant.valid {
			return datum{kind: datumNull}, true
		}
		return constant.list.pick(key.bytes()), true
	}
	return m.fractionalOf(&key, keyed, n.args[entries:], f)
}

// fractionalOf picks among entries of which some have to be evaluated.
func (m *machine) fractionalOf(key *writing, keyed bool, entries []node, f scope) (datum, bool) {
	var shares shareList
	valid, ok := m.fractionalShares(&shares, entries, f)
	switch {
	case !ok:
		return datum{}, false
	case !valid || !keyed:
		return datum{kind: datumNull}, true
	default:
		return shares.pick(key.bytes()), true
	}
}

// constantShares are the entries of a fractional that are all constant, prepared.
type constantShares struct {
	from  int // the first argument that is an entry
	valid bool
	list  shareList
}

// sharesOf prepares the entries if n is a fractional, and all of them are constant.
func sharesOf(n *node) *constantShares {
	if n.op != opFractional || n.spread || len(n.args) == 0 {
		return nil
	}
	s := &constantShares{}
	if first := &n.args[0]; first.op != opConstant || first.value.kind == datumString {
		s.from = 1 // what users are bucketed by
	}
	entries := n.args[s.from:]
	if slices.ContainsFunc(entries, func(e node) bool { return e.op != opConstant }) {
		return nil
	}
	m := machine{meter: expressionMeter()}
	s.valid, _ = m.fractionalShares(&s.list, entries, 0) // constants do not fail
	return s
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

// defaultKey writes the flag's key and the targeting key. It reports false if there is no targeting key.
func (m *machine) defaultKey(to *writing) bool {
	root := datum{kind: datumRoot}
	key := m.member(&root, AttributeTargetingKey)
	if key.falsy() {
		return false
	}
	to.addText(m.flag.key)
	to.add(&m.meter, &key)
	return true
}

// fractionalShares reads the entries, each a variant and a weight. All are evaluated, even if one is not valid, since
// any of them may fail.
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
		m.fill(2 * datumBytes)
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
	if !m.fill(args.count * int(unsafe.Sizeof(node{}))) {
		return datum{}, false
	}
	nodes := make([]node, args.count)
	for i := range nodes {
		nodes[i] = node{op: opConstant, value: args.at(i)}
	}
	return m.fractional(&node{op: opFractional, args: nodes, at: n.at}, f)
}
