package evaluator

// compare is the comparisons of two or more operands.
func (m *machine) compare(n *node, f scope) (datum, bool) {
	var holds, ok bool
	switch {
	case n.built:
		holds, ok = m.compareBuilt(n, f)
	case len(n.args) <= 3:
		holds, ok = m.compareInTurn(n, f)
	default:
		holds, ok = m.compareMany(n, f)
	}
	return datumOfBool(holds), ok
}

// compareBuilt evaluates each operand, checks it against the value that is kept by then, and compares it with the
// operand before.
func (m *machine) compareBuilt(n *node, f scope) (bool, bool) {
	left, ok := m.eval(&n.args[0], f)
	if !ok {
		return false, false
	}
	m.frame(f).kept = left
	for i := 1; i < len(n.args); i++ {
		right, ok := m.eval(&n.args[i], f)
		if !ok {
			return false, false
		}
		if right, ok = checked(&m.meter, right, &m.frame(f).kept, n.op.strict()); !ok {
			return false, false
		}
		if len(n.args) > 2 {
			m.frame(f).kept = right
		}
		if !related(&m.meter, n.op, &left, &right) {
			return false, true
		}
		left = right
	}
	return true, true
}

// checked gives the operand as it is compared with the kept one. If one of the two is not text, both must be numbers.
// Otherwise it fails.
func checked(m *meter, d datum, kept *datum, strict bool) (datum, bool) {
	if strict || textual(&d) && textual(kept) {
		return d, true
	}
	if !numeric(m, &d, kept.kind == datumNull) || !numeric(m, kept, false) {
		return datum{}, false
	}
	switch {
	case kept.kind == datumNull && d.falsy():
		return datum{kind: datumNull}, true
	case d.kind == datumNull && kept.falsy():
		return datumOfNumber(0), true
	default:
		return d, true
	}
}

// textual reports strings and null, which are compared as they are.
func textual(d *datum) bool { return d.kind == datumString || d.kind == datumNull }

// numeric reports whether a value can be taken for a number. If lenient, this includes a text that is no number.
func numeric(m *meter, d *datum, lenient bool) bool {
	n := d.toNumber(m)
	switch {
	case d.kind == datumNumber:
		return n == n
	case d.composite():
		return false
	default:
		return n == n || lenient
	}
}

// related compares two values as JavaScript does.
func related(m *meter, op operation, a, b *datum) bool {
	switch op {
	case opSame:
		return strictlyEqual(m, a, b)
	case opNotSame:
		return !strictlyEqual(m, a, b)
	case opEqual:
		return looselyEqual(m, a, b)
	case opNotEqual:
		return !looselyEqual(m, a, b)
	}
	at, comparable := order(m, a, b)
	if !comparable {
		return false
	}
	switch op {
	case opLess:
		return at < 0
	case opLessOrEqual:
		return at <= 0
	case opGreater:
		return at > 0
	default:
		return at >= 0
	}
}

// compareInTurn is the interpreter's comparison of two or three operands.
func (m *machine) compareInTurn(n *node, f scope) (bool, bool) {
	left, ok := m.eval(&n.args[0], f)
	if !ok {
		return false, false
	}
	for i := 1; i < len(n.args); i++ {
		right, ok := m.eval(&n.args[i], f)
		if !ok {
			return false, false
		}
		holds, ok := compared(&m.meter, n.op, &left, &right)
		if !ok || !holds {
			return false, ok
		}
		left = right
	}
	return true, true
}

func compared(m *meter, op operation, a, b *datum) (holds, ok bool) {
	if op.strict() || textual(a) && textual(b) {
		return related(m, op, a, b), true
	}
	if !numeric(m, a, false) || !numeric(m, b, a.kind == datumNull) {
		return false, false
	}
	x, y := datumOfNumber(a.toNumber(m)), datumOfNumber(b.toNumber(m))
	return related(m, op, &x, &y), true
}

// compareMany is the interpreter's comparison of four or more operands, which must all be numbers in the end.
func (m *machine) compareMany(n *node, f scope) (bool, bool) {
	left, ok := m.eval(&n.args[0], f)
	if !ok {
		return false, false
	}
	for i := 1; i < len(n.args); i++ {
		right, ok := m.eval(&n.args[i], f)
		if !ok {
			return false, false
		}
		if (n.op.strict() || textual(&right) && textual(&left)) && !related(&m.meter, n.op, &left, &right) {
			return false, true
		}
		if !numeric(&m.meter, &right, left.kind == datumNull) || i == 1 && !numeric(&m.meter, &left, false) {
			return false, false
		}
		x, y := datumOfNumber(left.toNumber(&m.meter)), datumOfNumber(right.toNumber(&m.meter))
		if !related(&m.meter, n.op, &x, &y) {
			return false, true
		}
		left = right
	}
	return true, true
}

// in looks for a value in a list, or for a text in a text. Built code evaluates the list first.
func (m *machine) in(n *node, f scope) (datum, bool) {
	var item, list datum
	var ok bool
	switch {
	case n.built && len(n.args) == 1:
		_, ok = m.eval(&n.args[0], f)
		return datumOfBool(false), ok // of no list
	case n.built && n.among != nil: // the list is constant
		item, ok = m.eval(&n.args[0], f)
	case n.built:
		if list, ok = m.evalOrEmpty(&n.args[1], f); ok {
			item, ok = m.eval(&n.args[0], f)
		}
	default:
		var args argumentList
		ok = m.arguments(n, f, &args)
		item, list = args.at(0), args.at(1)
		if list.falsy() {
			list = datum{kind: datumList, ref: &listing{}}
		}
	}
	if !ok {
		return datum{}, false
	}
	if n.among != nil {
		return datumOfBool(item.kind == datumString && n.among.contains(item.text)), true
	}
	return m.contains(&list, &item)
}
