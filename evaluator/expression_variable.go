package evaluator

import (
	"slices"
	"strings"
)

// variable finds what a path leads to.
func (m *machine) variable(n *node, f scope) (datum, bool) {
	switch n.op {
	case opVar:
		d := m.walk(m.frame(f).value, n.path)
		if d.nullish() {
			d = datum{kind: datumNull}
			if len(n.args) > 0 {
				var ok bool
				if d, ok = m.eval(&n.args[0], f); !ok {
					return datum{}, false
				}
			}
		}
		return m.keep(n, f, d), true
	case opVarName:
		return m.nullIfMissing(m.frame(f).value, n.path[0]), true
	case opVarShort:
		return m.variableShort(n, f), true
	default:
		return m.variableOf(n, f)
	}
}

// walk follows the names as far as there is anything.
func (m *machine) walk(d datum, path []string) datum {
	for _, name := range path {
		if d.nullish() {
			return d
		}
		d = m.member(&d, name)
	}
	return d
}

// member is datum.member, for the context as well.
func (m *machine) member(d *datum, name string) datum {
	if d.kind != datumRoot {
		if d.kind == datumString {
			m.spend(len(d.text) / stretch)
		}
		return d.member(name)
	}
	switch name {
	case keyFlagd:
		return datum{kind: datumFlagd, text: m.flag.key, number: float64(m.context.timestamp)}
	case AttributeTargetingKey:
		if text, ok := m.context.keyText(); ok {
			return datumOfText(text)
		}
	case AttributeServiceName, AttributeServiceVersion, AttributeServiceInstanceID:
		ref := refer(name)
		if a := m.context.attribute(&ref); a.kind != kindMissing {
			return a.datum()
		}
	}
	if a := m.context.own(name); a.kind != kindMissing {
		return a.datum()
	}
	if m.context.holds(name) {
		return datum{kind: datumNull}
	}
	return datum{}
}

// holds reports whether the context has the attribute, if only as null.
func (c *Context) holds(name string) bool {
	for i := range c.inline[:c.count] {
		if c.inline[i].name == name {
			return true
		}
	}
	_, ok := c.values[name]
	return ok
}

func (m *machine) nullIfMissing(d datum, name string) datum {
	if d.falsy() {
		return datum{kind: datumNull}
	}
	if d = m.member(&d, name); d.kind == datumUndefined {
		return datum{kind: datumNull}
	}
	return d
}

// variableShort joins the steps by &&, so it may end at a falsy value on the way.
func (m *machine) variableShort(n *node, f scope) datum {
	d := m.frame(f).value
	for _, name := range n.path {
		if d.falsy() {
			break
		}
		d = m.member(&d, name)
	}
	if d.kind == datumUndefined {
		return datum{kind: datumNull}
	}
	return d
}

// variableOf computes the path, and leaves lists by "../".
func (m *machine) variableOf(n *node, f scope) (datum, bool) {
	var args argumentList
	if !m.arguments(n, f, &args) {
		return datum{}, false
	}
	key, fallback := args.at(0), args.at(1)
	if fallback.kind == datumUndefined {
		fallback = datum{kind: datumNull}
	}
	from, key := m.climb(f, key)
	if key.nullish() || key.kind == datumString && key.text == "" {
		return from, true
	}
	text := key.toText(&m.meter)
	if !m.split(text) {
		return datum{}, false
	}
	path := splitPath(text)
	for _, name := range path {
		if from.nullish() {
			return fallback, true
		}
		if from = m.member(&from, name); from.kind == datumUndefined {
			return fallback, true
		}
	}
	return from, true
}

// climb follows every "../" of the key. From an element, the first one leads to what is between the element and the
// list. The second leads to what surrounds the list, and the third to the next list's level.
func (m *machine) climb(f scope, key datum) (datum, datum) {
	from, atLevel := m.frame(f).whole(), false
	for key.kind == datumString && strings.HasPrefix(key.text, "../") && f > 0 {
		key.text = key.text[len("../"):]
		if atLevel {
			f--
			from = m.frame(f).whole()
		} else {
			from = m.frame(f).level()
		}
		atLevel = !atLevel
	}
	return from, key
}

// splitPath splits at dots; a backslash takes the meaning from a dot, a slash or another backslash behind it.
func splitPath(s string) []string {
	if s == "." {
		return []string{""}
	}
	var path []string
	var current strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '.' || s[i+1] == '/' || s[i+1] == '\\'):
			i++
			current.WriteByte(s[i])
		case s[i] == '.':
			path = append(path, current.String())
			current.Reset()
		default:
			current.WriteByte(s[i])
		}
	}
	if len(path) != unitLength(s) { // of "..", two names are left and not three
		path = append(path, current.String())
	}
	return path
}

// missing lists the names that lead to nothing.
func (m *machine) missing(n *node, f scope) (datum, bool) {
	if n.op == opMissingSome {
		return m.missingSome(n, f)
	}
	var args argumentList
	if !m.arguments(n, f, &args) {
		return datum{}, false
	}
	if !m.grow(args.count) {
		return datum{}, false
	}
	names := make([]datum, args.count)
	for i := range names {
		names[i] = args.at(i)
	}
	return m.absent(f, names, n.built)
}

// absent lists the names that lead to nothing. Built code takes a name without dots as it is.
func (m *machine) absent(f scope, names []datum, whole bool) (datum, bool) {
	gone := []datum{}
	for i := range names {
		path, ok := m.namesIn(&names[i], whole)
		if !ok {
			return datum{}, false
		}
		d := m.frame(f).value
		for _, name := range path {
			if d.falsy() {
				d = datum{}
				break
			}
			if d = m.member(&d, name); d.kind == datumUndefined {
				break
			}
		}
		if d.kind == datumUndefined {
			m.fill(datumBytes)
			gone = append(gone, names[i])
		}
	}
	return datumOfList(gone), true
}

// namesIn is the path that a name of missing stands for.
func (m *machine) namesIn(name *datum, whole bool) (path []string, ok bool) {
	if whole {
		return []string{name.text}, m.spend(1)
	}
	text := name.toText(&m.meter)
	if !m.split(text) {
		return nil, false
	}
	return splitPath(text), true
}

// split takes the work and the room of splitting a path.
func (m *machine) split(path string) bool {
	return m.spend(1+len(path)/elementsPerStep) && m.fill(2*len(path)+strings.Count(path, ".")*datumBytes)
}

func dotted(name datum) bool { return strings.Contains(name.text, ".") }

// missingSome lists nothing if enough of the names are there.
func (m *machine) missingSome(n *node, f scope) (datum, bool) {
	if n.built {
		return m.missingSomeBuilt(n, f)
	}
	need, ok := m.eval(&n.args[0], f)
	if !ok {
		return datum{}, false
	}
	options, ok := m.eval(&n.args[1], f)
	if !ok || options.nullish() {
		return datum{}, false
	}
	names, counted := m.namesOf(options)
	gone, ok := m.absent(f, names, false)
	if !ok {
		return datum{}, false
	}
	enough := datumOfNumber(float64(len(names) - gone.length()))
	if at, comparable := order(&m.meter, &enough, &need); !counted || comparable && at >= 0 {
		return datumOfList(nil), true
	}
	return gone, true
}

// namesOf gives the elements of a list or the characters of a string. It returns false for a value without a length.
// For such a value the engine says that nothing is missing.
func (m *machine) namesOf(options datum) (names []datum, counted bool) {
	switch options.kind {
	case datumList:
		if !m.grow(options.length()) {
			return nil, false
		}
		for i := range options.length() {
			names = append(names, options.item(i))
		}
	case datumString:
		if !m.grow(len(options.text)) {
			return nil, false
		}
		names = unitsIn(options.text)
	default:
		return nil, false
	}
	return names, true
}

// missingSomeBuilt keeps what is missing. Then it evaluates how many are needed, and returns what is kept after that.
func (m *machine) missingSomeBuilt(n *node, f scope) (datum, bool) {
	options := n.args[1].value
	names, _ := m.namesOf(options)
	gone, ok := m.absent(f, names, len(names) <= 2 && !slices.ContainsFunc(names, dotted))
	if !ok {
		return datum{}, false
	}
	m.frame(f).kept = gone
	need, ok := m.eval(&n.args[0], f)
	if !ok {
		return datum{}, false
	}
	enough := datumOfNumber(float64(len(names) - gone.length()))
	if at, comparable := order(&m.meter, &enough, &need); comparable && at < 0 {
		return m.frame(f).kept, true
	}
	return datumOfList(nil), true
}
