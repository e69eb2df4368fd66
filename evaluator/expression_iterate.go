package evaluator

import "reflect"

// iterate is map, filter, some, all and none: args are the list and what is asked of each element.
func (m *machine) iterate(n *node, f scope) (datum, bool) {
	list, ok := m.elementsOf(n, f)
	if !ok {
		return datum{}, false
	}
	if list.kind == datumString && !n.built && n.op >= opSome { // by its characters
		if !m.grow(len(list.text)) {
			return datum{}, false
		}
		list = datumOfList(unitsIn(list.text))
	}
	length, ok := m.iterable(n, &list)
	if !ok {
		return datum{}, false
	}
	if n.op == opAll && list.kind == datumList && length == 0 {
		return datumOfBool(false), true
	}
	within := betweenIterator
	if !n.built && n.op >= opSome {
		within = betweenList
	}
	inner := m.enter(f, frame{list: list, between: within})
	var items []datum
	for i := range length {
		element := list.item(i)
		m.frame(inner).value, m.frame(inner).index = element, i
		d, ok := m.eval(&n.args[1], inner)
		if !ok || !m.spend(1) {
			return datum{}, false
		}
		switch {
		case n.op == opMap:
			m.fill(datumBytes)
			items = append(items, d)
		case n.op == opFilter && d.truthy():
			m.fill(datumBytes)
			items = append(items, element)
		case n.op == opSome && d.truthy():
			return datumOfBool(true), true
		case n.op == opNone && d.truthy(), n.op == opAll && !d.truthy():
			return datumOfBool(false), true
		}
	}
	if n.op == opMap || n.op == opFilter {
		return datumOfList(items), true
	}
	return datumOfBool(n.op != opSome), true
}

// elementsOf evaluates the list of an iteration. In built code, "all" of a falsy value is true, and undefined stands
// for that value. In all other cases a falsy value is an empty list.
func (m *machine) elementsOf(n *node, f scope) (datum, bool) {
	if !n.built || n.op != opAll {
		return m.evalOrEmpty(&n.args[0], f)
	}
	list, ok := m.eval(&n.args[0], f)
	m.keep(n, f, list)
	if list.falsy() {
		return datum{}, ok
	}
	return list, ok
}

// evalOrEmpty evaluates what is to be a list. A falsy value counts as an empty list. An "and" in built code is the
// exception: there the engine writes the empty list behind the last term, where it never has an effect.
func (m *machine) evalOrEmpty(n *node, f scope) (datum, bool) {
	d, ok := m.eval(n, f)
	if d.falsy() && !(n.built && n.op == opAnd) {
		return datum{kind: datumList, ref: &listing{}}, ok
	}
	return d, ok
}

// iterable returns the number of elements of a list. The interpreter's loops of some, all and none also take a string
// for the list of its characters, and any other value for an empty list.
func (m *machine) iterable(n *node, list *datum) (int, bool) {
	switch {
	case list.kind == datumList:
		return list.length(), true
	case list.kind == datumUndefined && n.built && n.op == opAll:
		return 0, true
	case n.built || n.op < opSome:
		return 0, false
	default:
		return 0, true
	}
}

// reduce folds a list: args are the list, what is done with each pair, and perhaps what to start with.
func (m *machine) reduce(n *node, f scope) (datum, bool) {
	list, ok := m.evalOrEmpty(&n.args[0], f)
	if !ok {
		return datum{}, false
	}
	pair := &pairing{}
	from := 0
	if len(n.args) > 2 {
		if pair.accumulator, ok = m.eval(&n.args[2], f); !ok || !shallow(&m.meter, &pair.accumulator) {
			return datum{}, false
		}
	}
	if list.kind != datumList {
		return datum{}, false
	}
	length := list.length()
	if len(n.args) == 2 {
		if length == 0 {
			return datum{}, false
		}
		pair.accumulator, from = list.item(0), 1
	}
	within := betweenNothing
	if !n.built {
		within = betweenList
	}
	inner := m.enter(f, frame{list: list, value: datum{kind: datumPair, ref: pair}, between: within})
	for i := from; i < length; i++ {
		pair.current = list.item(i)
		d, ok := m.eval(&n.args[1], inner)
		if !ok || !m.spend(1) || !shallow(&m.meter, &d) {
			return datum{}, false
		}
		pair.accumulator = d
	}
	return pair.accumulator, true
}

// shallow reports whether a value holds no list or object. The engine lets no other value accumulate.
func shallow(m *meter, d *datum) bool {
	switch d.kind {
	case datumList:
		m.spend(d.length() / elementsPerStep)
		for i := range d.length() {
			if item := d.item(i); item.composite() {
				return false
			}
		}
	case datumObject:
		if d.ref == nil {
			return true
		}
		object := reflect.ValueOf(d.ref)
		m.spend(object.Len())
		for member := object.MapRange(); member.Next(); {
			if inner := reflected(member.Value()).datum(); inner.composite() {
				return false
			}
		}
	case datumRoot, datumPair, datumLevel:
		return false
	}
	return true
}
