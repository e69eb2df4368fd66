package evaluator

import "math"

// arithmetic is +, -, *, / and %.
func (m *machine) arithmetic(n *node, f scope) (datum, bool) {
	switch {
	case !n.built:
		return m.arithmeticInterpreted(n, f)
	case n.spread:
		return m.arithmeticOfList(n, f)
	}
	result, ok := m.operand(&n.args[0], f)
	if !ok {
		return datum{}, false
	}
	if len(n.args) == 1 {
		switch n.op {
		case opSubtract:
			return datumOfNumber(-result), result == result
		case opDivide:
			return reciprocal(result)
		}
	}
	for i := 1; i < len(n.args); i++ {
		next, ok := m.operand(&n.args[i], f)
		if !ok || n.op == opDivide && next == 0 {
			return datum{}, false
		}
		result = calculate(n.op, result, next)
	}
	return datumOfNumber(result), result == result
}

// operand evaluates to a number, perhaps NaN; it fails on lists and objects.
func (m *machine) operand(n *node, f scope) (float64, bool) {
	d, ok := m.eval(n, f)
	if !ok {
		return 0, false
	}
	return operandOf(&m.meter, &d)
}

// operandOf is a value as a number. A text that is no number becomes NaN. A number that is NaN fails.
func operandOf(m *meter, d *datum) (float64, bool) {
	n := d.toNumber(m)
	return n, !d.composite() && (d.kind != datumNumber || n == n)
}

func reciprocal(n float64) (datum, bool) {
	if n == 0 || n != n {
		return datum{}, false
	}
	return datumOfNumber(1 / n), true
}

func calculate(op operation, a, b float64) float64 {
	switch op {
	case opAdd:
		return a + b
	case opSubtract:
		return a - b
	case opMultiply:
		return a * b
	case opDivide:
		return a / b
	default:
		return math.Mod(a, b)
	}
}

// arithmeticOfList is built code's arithmetic on one expression. If the value is a list, it works over the elements.
// In that case the result is not checked for NaN.
func (m *machine) arithmeticOfList(n *node, f scope) (datum, bool) {
	d, ok := m.eval(&n.args[0], f)
	if !ok {
		return datum{}, false
	}
	if n.op == opAdd || n.op == opSubtract || n.op == opDivide {
		m.keep(n, f, d)
	}
	if d.kind != datumList {
		return arithmeticOfOne(&m.meter, n.op, &d)
	}
	length := d.length()
	if !m.spend(length) {
		return datum{}, false
	}
	return foldNumbers(&m.meter, n.op, &d, length)
}

func arithmeticOfOne(m *meter, op operation, d *datum) (datum, bool) {
	x := d.toNumber(m)
	switch op {
	case opAdd:
		return datumOfNumber(x), x == x
	case opSubtract:
		return datumOfNumber(-x), x == x
	default:
		return datum{}, false
	}
}

func foldNumbers(m *meter, op operation, list *datum, length int) (datum, bool) {
	var result float64
	from := 0
	switch {
	case op == opMultiply:
		result = 1
	case op != opAdd:
		least := 1
		if op == opRemainder {
			least = 2
		}
		if length < least {
			return datum{}, false
		}
		first := list.item(0)
		var ok bool
		if length == 1 {
			return foldOne(m, op, &first)
		}
		if result, ok = operandOf(m, &first); !ok {
			return datum{}, false
		}
		from = 1
	}
	for i := from; i < length; i++ {
		item := list.item(i)
		next, ok := operandOf(m, &item)
		if !ok || op != opAdd && i > 1 && result != result || op == opMultiply && result != result {
			return datum{}, false
		}
		if op == opDivide && item.falsy() {
			return datum{}, false
		}
		result = calculate(op, result, next)
	}
	return datumOfNumber(result), true
}

func foldOne(m *meter, op operation, d *datum) (datum, bool) {
	x, ok := operandOf(m, d)
	if op == opSubtract {
		return datumOfNumber(-x), ok
	}
	if d.falsy() || !ok {
		return datum{}, false
	}
	return datumOfNumber(1 / x), true
}

// arithmeticInterpreted is the interpreter's arithmetic. One operand of + and - may be a list. No result is NaN,
// except the result of a single operand.
func (m *machine) arithmeticInterpreted(n *node, f scope) (datum, bool) {
	if n.spread && (n.op == opAdd || n.op == opSubtract) {
		d, ok := m.eval(&n.args[0], f)
		if !ok {
			return datum{}, false
		}
		if d.kind != datumList {
			return interpretedOne(&m.meter, n.op, &d)
		}
		return m.interpretedMany(n.op, func(i int) datum { return d.item(i) }, d.length())
	}
	var args argumentList
	if !m.arguments(n, f, &args) {
		return datum{}, false
	}
	return m.interpretedMany(n.op, args.at, args.count)
}

func interpretedOne(m *meter, op operation, d *datum) (datum, bool) {
	if d.falsy() {
		return datumOfNumber(0), true
	}
	x := d.toNumber(m)
	if op == opSubtract {
		x = -x
	}
	return datumOfNumber(x), !d.composite() && x == x
}

func (m *machine) interpretedMany(op operation, at func(int) datum, length int) (datum, bool) {
	if !m.spend(length) {
		return datum{}, false
	}
	result, from := 0.0, 0
	switch {
	case op == opMultiply:
		result = 1
	case op != opAdd:
		if length == 0 || op == opRemainder && length < 2 {
			return datum{}, false
		}
		first := at(0)
		if first.composite() {
			return datum{}, false
		}
		result, from = first.toNumber(&m.meter), 1
		if length == 1 && op == opSubtract {
			return datumOfNumber(-result), true
		}
		if length == 1 {
			return reciprocal(result)
		}
	}
	for i := from; i < length; i++ {
		item := at(i)
		if item.composite() || op == opDivide && item.falsy() {
			return datum{}, false
		}
		result = calculate(op, result, item.toNumber(&m.meter))
	}
	return datumOfNumber(result), result == result && (op != opDivide || !math.IsInf(result, 1))
}

// extreme is max and min, of numbers only.
func (m *machine) extreme(n *node, f scope) (datum, bool) {
	var args argumentList
	if !m.arguments(n, f, &args) || args.count == 0 {
		return datum{}, false
	}
	found := args.at(0).number
	for i := range args.count {
		d := args.at(i)
		if d.kind != datumNumber {
			return datum{}, false
		}
		if n.op == opMax && d.number > found || n.op == opMin && d.number < found {
			found = d.number
		}
	}
	return datumOfNumber(found), true
}
