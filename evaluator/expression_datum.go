package evaluator

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// datumKind is what a value is in JavaScript.
type datumKind uint8

const (
	datumUndefined datumKind = iota
	datumNull
	datumBool
	datumNumber
	datumString
	datumList
	datumObject
	datumRoot  // the context as a whole
	datumFlagd // what $flagd gives: text is the flag's key, number the time
	datumPair  // what reduce hands to its expression: accumulator and current, in ref
	datumLevel // what "../" leads to inside map and filter: the list and the index, in ref
)

// datum is a value while an expression is evaluated.
type datum struct {
	kind   datumKind
	number float64 // of a number; 1 for true
	text   string
	ref    any // a list: []any, []string, *listing or another slice; an object: a map
}

// listing is a list that an expression has made.
type listing struct{ items []datum }

// pairing is what reduce hands to its expression.
type pairing struct{ accumulator, current datum }

// leveling is the level between a mapper and what surrounds it.
type leveling struct {
	iterator datum
	index    int
}

func datumOfBool(b bool) datum {
	if b {
		return datum{kind: datumBool, number: 1}
	}
	return datum{kind: datumBool}
}

func datumOfNumber(n float64) datum { return datum{kind: datumNumber, number: n} }

func datumOfText(s string) datum { return datum{kind: datumString, text: s} }

func datumOfList(items []datum) datum { return datum{kind: datumList, ref: &listing{items}} }

// datumBytes is the memory of one element of a list that an expression makes.
const datumBytes = 48

// datumOf reads a Go value as its JSON form. A present value without a JSON form counts as an object without members.
func datumOf(value any) datum { return attributeOf(value).datum() }

// datum returns the value in JavaScript's terms; what is missing is null.
func (a attribute) datum() datum {
	switch a.kind {
	case kindBool:
		return datum{kind: datumBool, number: a.number}
	case kindNumber:
		return datum{kind: datumNumber, number: a.number}
	case kindString:
		return datum{kind: datumString, text: a.text}
	case kindTime:
		return datumOfText(a.timeText())
	case kindList:
		return datum{kind: datumList, ref: a.ref}
	case kindObject:
		return datum{kind: datumObject, ref: a.ref}
	case kindOther:
		return datum{kind: datumObject}
	default:
		return datum{kind: datumNull}
	}
}

// nullish reports null or undefined.
func (d *datum) nullish() bool { return d.kind <= datumNull }

// composite reports JavaScript's typeof "object" without null.
func (d *datum) composite() bool { return d.kind >= datumList }

// falsy is JavaScript's.
func (d *datum) falsy() bool {
	switch d.kind {
	case datumUndefined, datumNull:
		return true
	case datumBool:
		return d.number == 0
	case datumNumber:
		return d.number == 0 || d.number != d.number
	case datumString:
		return d.text == ""
	default:
		return false
	}
}

// truthy is the engine's: an empty list or object is not.
func (d *datum) truthy() bool {
	switch d.kind {
	case datumList:
		return d.length() > 0
	case datumObject:
		return d.ref != nil && reflect.ValueOf(d.ref).Len() > 0
	default:
		return !d.falsy()
	}
}

// length is that of a list.
func (d *datum) length() int {
	switch list := d.ref.(type) {
	case *listing:
		return len(list.items)
	case []any:
		return len(list)
	case []string:
		return len(list)
	default:
		return reflect.ValueOf(list).Len()
	}
}

// item is an element of a list.
func (d *datum) item(i int) datum {
	switch list := d.ref.(type) {
	case *listing:
		return list.items[i]
	case []any:
		return datumOf(list[i])
	case []string:
		return datumOfText(list[i])
	default:
		return reflected(reflect.ValueOf(list).Index(i)).datum()
	}
}

// member is the property of that name, undefined where there is none. Of the properties that JavaScript itself gives
// to values, it knows only the length of lists and strings. The names of the others are refused when they are
// compiled.
func (d *datum) member(name string) datum {
	switch d.kind {
	case datumString:
		return textMember(d.text, name)
	case datumList:
		if name == "length" {
			return datumOfNumber(float64(d.length()))
		}
		if i, ok := arrayIndex(name); ok && i < d.length() {
			return d.item(i)
		}
	case datumObject:
		return d.objectMember(name)
	case datumFlagd:
		switch {
		case name == "flagKey":
			return datumOfText(d.text)
		case name == "timestamp" && d.number != 0:
			return datumOfNumber(d.number)
		}
	case datumPair:
		pair, _ := d.ref.(*pairing)
		switch name {
		case "accumulator":
			return pair.accumulator
		case "current":
			return pair.current
		}
	case datumLevel:
		level, _ := d.ref.(*leveling)
		switch name {
		case "iterator":
			return level.iterator
		case "index":
			return datumOfNumber(float64(level.index))
		}
	}
	return datum{}
}

func (d *datum) objectMember(name string) datum {
	switch object := d.ref.(type) {
	case nil:
		return datum{}
	case map[string]any:
		value, ok := object[name]
		if !ok {
			return datum{}
		}
		return datumOf(value)
	case map[string]string:
		text, ok := object[name]
		if !ok {
			return datum{}
		}
		return datumOfText(text)
	default:
		member := reflect.ValueOf(object).MapIndex(reflect.ValueOf(name).Convert(reflect.TypeOf(object).Key()))
		if !member.IsValid() {
			return datum{}
		}
		return reflected(member).datum()
	}
}

// textMember is the length of a string or one of its UTF-16 code units.
func textMember(text, name string) datum {
	if name == "length" {
		return datumOfNumber(float64(unitLength(text)))
	}
	i, ok := arrayIndex(name)
	if !ok || i >= unitLength(text) {
		return datum{}
	}
	return datumOfText(unitSlice(text, i, i+1))
}

// arrayIndex reads a canonical index: digits without leading zeros.
func arrayIndex(name string) (int, bool) {
	if name == "" || len(name) > 9 || len(name) > 1 && name[0] == '0' || !isNumeric(name) {
		return 0, false
	}
	i, err := strconv.Atoi(name)
	return i, err == nil
}

// unitLength is the length in UTF-16 code units.
func unitLength(s string) int {
	n := 0
	for _, r := range s {
		n += unitsOf(r)
	}
	return n
}

// unitSlice cuts by UTF-16 code units. Half of a pair of surrogates becomes U+FFFD, since it has no UTF-8.
func unitSlice(s string, from, to int) string {
	if from >= to {
		return ""
	}
	if isASCII(s) {
		return s[from:to]
	}
	var cut []rune
	at := 0
	for _, r := range s {
		switch end := at + unitsOf(r); {
		case at >= to:
			return string(cut)
		case end <= from:
		case at < from || end > to:
			cut = append(cut, utf8.RuneError)
		default:
			cut = append(cut, r)
		}
		at += unitsOf(r)
	}
	return string(cut)
}

// unitsOf is how many code units a rune takes.
func unitsOf(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

// unitsIn are the code units of a text, each as a text.
func unitsIn(s string) []datum {
	units := make([]datum, 0, len(s))
	for i, r := range s {
		switch {
		case unitsOf(r) == 2:
			units = append(units, datumOfText(string(utf8.RuneError)), datumOfText(string(utf8.RuneError)))
		case r == utf8.RuneError:
			units = append(units, datumOfText(string(r)))
		default:
			units = append(units, datumOfText(s[i:i+utf8.RuneLen(r)]))
		}
	}
	return units
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// compareUnits compares as JavaScript does, by UTF-16 code units.
func compareUnits(a, b string) int {
	if isASCII(a) || isASCII(b) {
		return strings.Compare(a, b)
	}
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}
