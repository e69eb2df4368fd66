package evaluator

// machine evaluates one expression. It lives on the stack, and nothing of it is kept: the context is read through it.
type machine struct {
	// context is a copy: a pointer to the caller's would put that on the heap.
	context Context
	flag    *flag           // nil while a constant is computed
	meter                   // in steps of expressions
	trace   *targetingTrace // nil unless the evaluation is explained
	outer   frame
	inner   []frame // one for each list that is being looked through
}

// scope is the number of a frame: 0 is the outermost, and each lies inside the one before. Pointers from frame to
// frame would put all frames on the heap.
type scope int

// frame returns the frame of a scope. The frame moves when another one is entered.
func (m *machine) frame(f scope) *frame {
	if f == 0 {
		return &m.outer
	}
	return &m.inner[f-1]
}

// enter makes a frame inside f.
func (m *machine) enter(f scope, inner frame) scope {
	m.inner = append(m.inner[:f], inner)
	return f + 1
}

// start evaluates an expression whose variables are looked up in value.
func (m *machine) start(n *node, value datum) (datum, bool) {
	m.outer.value = value
	return m.eval(n, 0)
}

// frame is what a variable is looked up in: the context, or one element of a list.
type frame struct {
	// value is datumRoot in the outermost frame.
	value datum
	// kept is the temporary variable of the engine's built code. Most operators of built code write a value into it.
	// Comparisons read it after their second operand was evaluated, and it may have been overwritten by then. That
	// decides about errors, so it is reproduced.
	kept datum
	// list and index are where the element comes from; between says what the first "../" leads to.
	list    datum
	index   int
	between between
}

// between is what lies between an element of a list and what surrounds the list.
type between uint8

const (
	betweenNothing  between = iota
	betweenList             // the list
	betweenIterator         // an object of the list and the index
)

// level is what the first "../" leads to.
func (f *frame) level() datum {
	switch f.between {
	case betweenList:
		return f.list
	case betweenIterator:
		return datum{kind: datumLevel, ref: &leveling{iterator: f.list, index: f.index}}
	default:
		return datum{kind: datumNull}
	}
}

// whole is what the frame looks variables up in, as a copy: reduce overwrites its pair for each element.
func (f *frame) whole() datum {
	if pair, ok := f.value.ref.(*pairing); ok {
		return datum{kind: datumPair, ref: &pairing{pair.accumulator, pair.current}}
	}
	return f.value
}

// eval evaluates a node; false means that it fails, as JavaScript does by an exception.
func (m *machine) eval(n *node, f scope) (datum, bool) {
	if n.op == opConstant {
		return n.value, n.value.kind != datumString && n.value.kind != datumList || m.spend(n.value.extent())
	}
	if !m.spend(1) {
		return datum{}, false
	}
	var d datum
	text, ok := m.text(n, f)
	if ok {
		d = m.keep(n, f, datumOfText(text))
	} else {
		d, ok = m.apply(n, f)
	}
	if d.kind == datumString && len(d.text) >= stretch || d.kind == datumList {
		m.spend(d.extent())
	}
	ok = ok && !m.exceeded()
	if m.trace != nil {
		m.trace.step(n, d, ok)
	}
	return d, ok
}

// text is the value of a variable that is a text of the context, as most are. It gives what apply gives, but faster.
func (m *machine) text(n *node, f scope) (string, bool) {
	if n.direct == nil || !m.inContext(f) {
		return "", false
	}
	if n.direct.reserved == reservedFlagKey {
		return m.flag.key, true
	}
	return m.context.text(n.direct.name, n.direct.reserved)
}

func (m *machine) apply(n *node, f scope) (datum, bool) {
	switch n.op {
	case opContext:
		m.fill(3 * datumBytes)
		return m.frame(f).whole(), true
	case opIndex:
		return datumOfNumber(float64(m.frame(f).index)), true
	case opVar, opVarShort, opVarName, opVarOf:
		return m.variable(n, f)
	case opList:
		return m.list(n, f)
	case opIf:
		return m.choose(n, f)
	case opOr, opAnd:
		return m.logical(n, f)
	case opNot, opIsTrue:
		return m.truth(n, f)
	case opMissing, opMissingSome:
		return m.missing(n, f)
	case opMap, opFilter, opSome, opAll, opNone:
		return m.iterate(n, f)
	case opReduce:
		return m.reduce(n, f)
	case opMax, opMin:
		return m.extreme(n, f)
	case opAdd, opSubtract, opMultiply, opDivide, opRemainder:
		return m.arithmetic(n, f)
	case opIn:
		return m.in(n, f)
	case opCat:
		return m.cat(n, f)
	case opSubstr:
		return m.substr(n, f)
	case opMerge:
		return m.merge(n, f)
	case opFractional:
		return m.fractional(n, f)
	case opSemVer:
		return m.semVer(n, f)
	case opStartsWithText, opEndsWithText:
		return m.affix(n, f)
	case opFail:
		return datum{}, false
	default:
		return m.compare(n, f)
	}
}

// keep writes what built code puts into its temporary variable.
func (m *machine) keep(n *node, f scope, d datum) datum {
	if n.built {
		m.frame(f).kept = d
	}
	return d
}

// stretch is how much text counts as one step, and how many elements of a list: the code that gets them may look at
// all.
const (
	stretch         = 64
	elementsPerStep = 8
	// digits is how much text is read as a number in one step.
	digits = 16
	// equalPerStep is how much text is compared with another in one step.
	equalPerStep = 1024
)

// extent is the work that a text or list stands for.
func (d *datum) extent() int {
	if d.kind == datumString {
		return len(d.text) / stretch
	}
	return d.length() / elementsPerStep
}

// grow takes the work and the room of making n elements of a list, and reports whether there was enough left.
func (m *machine) grow(n int) bool { return m.fill(n*datumBytes) && m.spend(n) }

// arguments evaluates the arguments of an operator that takes a list of them.
func (m *machine) arguments(n *node, f scope, args *argumentList) bool {
	for i := range n.args {
		d, ok := m.eval(&n.args[i], f)
		if !ok {
			return false
		}
		args.add(d)
	}
	if !n.spread || args.at(0).kind != datumList {
		return true
	}
	list := args.at(0)
	args.reset()
	if !m.grow(list.length()) {
		return false
	}
	for i := range list.length() {
		args.add(list.item(i))
	}
	return true
}

func (m *machine) list(n *node, f scope) (datum, bool) {
	if !m.fill(len(n.args) * datumBytes) {
		return datum{}, false
	}
	items := make([]datum, len(n.args))
	for i := range items {
		var ok bool
		if items[i], ok = m.eval(&n.args[i], f); !ok {
			return datum{}, false
		}
	}
	return datumOfList(items), true
}

// choose is if: conditions and results in turn, then the result for when no condition holds.
func (m *machine) choose(n *node, f scope) (datum, bool) {
	i := 0
	for ; i+1 < len(n.args); i += 2 {
		condition, ok := m.eval(&n.args[i], f)
		if !ok {
			return datum{}, false
		}
		if condition.truthy() {
			return m.eval(&n.args[i+1], f)
		}
	}
	if i < len(n.args) {
		return m.eval(&n.args[i], f)
	}
	return datum{kind: datumNull}, true
}

// logical gives the first argument that decides, or the last.
func (m *machine) logical(n *node, f scope) (datum, bool) {
	d := datum{kind: datumNull}
	for i := range n.args {
		var ok bool
		if d, ok = m.eval(&n.args[i], f); !ok {
			return datum{}, false
		}
		m.keep(n, f, d)
		if d.truthy() == (n.op == opOr) {
			return d, true
		}
	}
	return d, true
}

// truth is ! and !!. The interpreter looks into a list, built code does not.
func (m *machine) truth(n *node, f scope) (datum, bool) {
	d, ok := m.eval(&n.args[0], f)
	if !ok {
		return datum{}, false
	}
	if !n.built && d.kind == datumList {
		if d.length() == 0 {
			d = datum{}
		} else {
			d = d.item(0)
		}
	}
	return datumOfBool(d.truthy() == (n.op == opIsTrue)), true
}

// merge joins lists and single values into one list.
func (m *machine) merge(n *node, f scope) (datum, bool) {
	var args argumentList
	if !m.arguments(n, f, &args) {
		return datum{}, false
	}
	if !m.fill(args.count * datumBytes) {
		return datum{}, false
	}
	items := make([]datum, 0, args.count)
	for i := range args.count {
		d := args.at(i)
		if d.kind != datumList {
			items = append(items, d)
			continue
		}
		if !m.grow(d.length()) {
			return datum{}, false
		}
		for j := range d.length() {
			items = append(items, d.item(j))
		}
	}
	return datumOfList(items), true
}
