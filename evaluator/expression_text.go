package evaluator

import (
	"math"
	"strings"
)

// contains is JavaScript's includes, of lists and of strings.
func (m *machine) contains(list, item *datum) (datum, bool) {
	switch list.kind {
	case datumString:
		m.spend(len(list.text) / stretch)
		return datumOfBool(strings.Contains(list.text, item.toText(&m.meter))), true
	case datumList:
		if made, ok := list.ref.(*listing); ok {
			for i := range made.items {
				if sameValueZero(&m.meter, &made.items[i], item) {
					return datumOfBool(true), true
				}
			}
			return datumOfBool(false), true
		}
		for i := range list.length() {
			if element := list.item(i); sameValueZero(&m.meter, &element, item) {
				return datumOfBool(true), true
			}
		}
		return datumOfBool(false), true
	default:
		return datum{}, false
	}
}

// textsOf prepares the list that in looks into, if it is constant and has nothing but texts.
func textsOf(args []node) *keySet {
	if len(args) < 2 || args[1].op != opConstant || args[1].value.kind != datumList {
		return nil
	}
	list := &args[1].value
	texts := make([]string, list.length())
	for i := range texts {
		item := list.item(i)
		if item.kind != datumString {
			return nil
		}
		texts[i] = item.text
	}
	set := newKeySet(texts)
	return &set
}

// cat joins texts. Built code writes null as such, the interpreter leaves it out.
func (m *machine) cat(n *node, f scope) (datum, bool) {
	if n.built && !n.spread {
		if loose := m.loose(n); loose >= 0 {
			return m.catLoosely(n, f, loose)
		}
	}
	if n.spread {
		d, ok := m.eval(&n.args[0], f)
		switch {
		case !ok || d.nullish():
			return datum{}, false
		case d.kind == datumString:
			return d, true
		case d.kind != datumList:
			return datumOfText(d.toText(&m.meter)), true
		}
		var text []byte
		for i := range d.length() {
			if item := d.item(i); !item.nullish() {
				text = item.appendText(&m.meter, text)
			}
			if m.exceeded() {
				break
			}
		}
		return datumOfText(string(text)), m.fill(len(text))
	}
	var text writing
	if !m.write(&text, n, n.args, f) {
		return datum{}, false
	}
	return datumOfText(string(text.bytes())), true
}

// write adds the texts of arguments of cat.
func (m *machine) write(to *writing, n *node, args []node, f scope) bool {
	for i := range args {
		d, ok := m.eval(&args[i], f)
		if !ok {
			return false
		}
		before := to.length
		if n.built || !d.nullish() {
			to.add(&m.meter, &d)
		}
		if added := to.length - before; !m.spend(added/stretch) || !m.fill(added) {
			return false
		}
	}
	return true
}

// loose returns the index of the first argument of a built cat that is "or" or "and". The engine writes such an
// argument without parentheses behind the plus sign. So what stands before it becomes part of its first condition.
func (m *machine) loose(n *node) int {
	for i := range n.args {
		if a := &n.args[i]; a.built && (a.op == opOr || a.op == opAnd) {
			return i
		}
	}
	return -1
}

// catLoosely is cat with "or" or "and" at an index. The text before it counts as true unless it is empty, so the
// result is nearly always the first argument of the "or" or "and". Only an "or" goes on, and only if there is no text
// before it and its first argument is the empty text. Then what follows in cat is added to its last argument.
func (m *machine) catLoosely(n *node, f scope, at int) (datum, bool) {
	var before writing
	if !m.write(&before, n, n.args[:at], f) {
		return datum{}, false
	}
	terms := &n.args[at]
	first, ok := m.eval(&terms.args[0], f)
	if !ok {
		return datum{}, false
	}
	m.frame(f).kept = first
	if terms.op == opAnd || before.length > 0 || first.kind != datumString || first.text != "" {
		return first, true
	}
	for i := 1; i < len(terms.args); i++ {
		d, ok := m.eval(&terms.args[i], f)
		if !ok {
			return datum{}, false
		}
		if m.frame(f).kept = d; d.truthy() {
			return d, true
		}
	}
	return m.plus(m.frame(f).kept, n.args[at+1:], f)
}

// plus adds as JavaScript's plus sign does, whatever the operands are.
func (m *machine) plus(sum datum, rest []node, f scope) (datum, bool) {
	for i := range rest {
		d, ok := m.eval(&rest[i], f)
		if !ok {
			return datum{}, false
		}
		if sum.kind == datumString || sum.composite() || d.kind == datumString || d.composite() {
			sum = datumOfText(string(d.appendText(&m.meter, sum.appendText(&m.meter, nil))))
			if !m.fill(len(sum.text)) {
				return datum{}, false
			}
		} else {
			sum = datumOfNumber(sum.toNumber(&m.meter) + d.toNumber(&m.meter))
		}
	}
	return sum, true
}

// substr cuts by UTF-16 code units. A negative length leaves out the end.
func (m *machine) substr(n *node, f scope) (datum, bool) {
	var args argumentList
	if !m.arguments(n, f, &args) || args.at(0).kind != datumString {
		return datum{}, false
	}
	text, from, length := args.at(0).text, args.at(1), args.at(2)
	m.spend(len(text) / stretch)
	size := unitLength(text)
	start := integerOf(&m.meter, &from)
	if start < 0 {
		start = math.Max(float64(size)+start, 0)
	}
	start = math.Min(start, float64(size))
	remaining := float64(size) - start
	end := remaining
	zero := datumOfNumber(0)
	if at, comparable := order(&m.meter, &length, &zero); comparable && at < 0 {
		end = math.Trunc(remaining + length.toNumber(&m.meter))
		if length.kind != datumNumber { // a text joins the number rather than being added
			joined := datumOfText(string(length.appendText(&m.meter, appendNumber(nil, remaining))))
			end = integerOf(&m.meter, &joined)
		}
	} else if length.kind != datumUndefined {
		end = integerOf(&m.meter, &length)
	}
	end = math.Min(math.Max(end, 0), remaining)
	if !isASCII(text) { // each character is looked at, and those that are cut out are made anew
		m.spend(len(text) / elementsPerStep)
		m.fill(4 * int(end))
	}
	return datumOfText(unitSlice(text, int(start), int(start+end))), true
}

// integerOf is ECMAScript's ToIntegerOrInfinity.
func integerOf(m *meter, d *datum) float64 {
	n := d.toNumber(m)
	if d.kind == datumUndefined || n != n {
		return 0
	}
	return math.Trunc(n)
}
