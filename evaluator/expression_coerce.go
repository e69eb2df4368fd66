package evaluator

import (
	"bytes"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// toNumber is JavaScript's unary plus.
func (d *datum) toNumber(m *meter) float64 {
	switch d.kind {
	case datumNull:
		return 0
	case datumBool, datumNumber:
		return d.number
	case datumString:
		m.spend(len(d.text) / digits)
		return parseNumber(d.text)
	case datumList:
		text := d.toText(m)
		m.spend(len(text) / digits)
		return parseNumber(text)
	default:
		return math.NaN()
	}
}

// toText is JavaScript's String.
func (d *datum) toText(m *meter) string {
	if d.kind == datumString {
		return d.text
	}
	text := string(d.appendText(m, nil))
	m.fill(len(text))
	return text
}

// maxNesting bounds how deep lists inside lists are written: an attribute may hold itself.
const maxNesting = 100

// appendText appends JavaScript's String of the value.
func (d *datum) appendText(m *meter, to []byte) []byte { return d.appendNested(m, to, 0) }

func (d *datum) appendNested(m *meter, to []byte, depth int) []byte {
	switch d.kind {
	case datumUndefined:
		return append(to, "undefined"...)
	case datumNull:
		return append(to, "null"...)
	case datumBool:
		return strconv.AppendBool(to, d.number != 0)
	case datumNumber:
		return appendNumber(to, d.number)
	case datumString:
		m.spend(len(d.text) / stretch)
		return append(to, d.text...)
	case datumList:
		length := d.length()
		if !m.spend(1 + length) {
			return to
		}
		for i := 0; i < length && !m.exceeded(); i++ {
			if i > 0 {
				to = append(to, ',')
			}
			if item := d.item(i); !item.nullish() && depth < maxNesting && len(to) < maxExpressionBytes {
				to = item.appendNested(m, to, depth+1)
			}
		}
		return to
	default:
		return append(to, "[object Object]"...)
	}
}

// Numbers as ECMAScript writes them: plainly from 1e-6 to below 1e21, otherwise with an exponent without padding.
const (
	leastPlain = 1e-6
	abovePlain = 1e21
)

func appendNumber(to []byte, n float64) []byte {
	switch {
	case n != n:
		return append(to, "NaN"...)
	case n == 0:
		return append(to, '0') // the negative one too
	case math.IsInf(n, 1):
		return append(to, "Infinity"...)
	case math.IsInf(n, -1):
		return append(to, "-Infinity"...)
	}
	if abs := math.Abs(n); abs >= leastPlain && abs < abovePlain {
		return strconv.AppendFloat(to, n, 'f', -1, 64)
	}
	start := len(to)
	to = strconv.AppendFloat(to, n, 'e', -1, 64)
	if i := bytes.IndexByte(to[start:], 'e') + start; len(to) == i+4 && to[i+2] == '0' { // e-07 is written e-7
		to[i+2] = to[i+3]
		to = to[:i+3]
	}
	return to
}

// parseNumber reads a string as ECMAScript's Number does. It returns NaN for a string that it cannot read.
func parseNumber(s string) float64 {
	s = strings.TrimFunc(s, isScriptSpace)
	if s == "" {
		return 0
	}
	if len(s) > 2 && s[0] == '0' {
		switch s[1] | 0x20 {
		case 'x':
			return parseDigits(s[2:], 16)
		case 'o':
			return parseDigits(s[2:], 8)
		case 'b':
			return parseDigits(s[2:], 2)
		}
	}
	switch s {
	case "Infinity", "+Infinity":
		return math.Inf(1)
	case "-Infinity":
		return math.Inf(-1)
	}
	if !isDecimal(s) {
		return math.NaN()
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(n, 0) {
		return math.NaN()
	}
	return n
}

// isScriptSpace is what JavaScript trims: its white space and its line terminators.
func isScriptSpace(r rune) bool {
	switch r {
	case '\t', '\n', '\v', '\f', '\r', ' ', 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff:
		return true
	}
	return r >= 0x2000 && r <= 0x200a
}

// isDecimal reports digits with at most one dot, a sign before, an exponent behind.
func isDecimal(s string) bool {
	s = strings.TrimLeft(s[:1], "+-") + s[1:]
	digits, dots := 0, 0
	for len(s) > 0 && (s[0] == '.' || s[0]-'0' <= 9) {
		if s[0] == '.' {
			dots++
		} else {
			digits++
		}
		s = s[1:]
	}
	if digits == 0 || dots > 1 {
		return false
	}
	if s == "" {
		return true
	}
	if s[0]|0x20 != 'e' || len(s) == 1 {
		return false
	}
	s = s[1:]
	s = strings.TrimLeft(s[:1], "+-") + s[1:]
	return s != "" && isNumeric(s)
}

// parseDigits reads digits of a base that is a power of two, without a sign.
func parseDigits(s string, base int) float64 {
	n := 0.0
	for i := range len(s) {
		digit, err := strconv.ParseUint(s[i:i+1], base, 8)
		if err != nil {
			return math.NaN()
		}
		n = n*float64(base) + float64(digit)
	}
	return n
}

// strictlyEqual is ===.
func strictlyEqual(m *meter, a, b *datum) bool {
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case datumUndefined, datumNull, datumRoot:
		return true
	case datumBool, datumNumber:
		return a.number == b.number
	case datumString:
		m.spend(min(len(a.text), len(b.text)) / equalPerStep)
		return a.text == b.text
	default:
		return sameObject(a.ref, b.ref)
	}
}

// sameObject reports whether two lists or objects are one and the same, as far as Go can tell.
func sameObject(a, b any) bool {
	if a == nil || b == nil || reflect.TypeOf(a) != reflect.TypeOf(b) {
		return false
	}
	va, vb := reflect.ValueOf(a), reflect.ValueOf(b)
	switch va.Kind() {
	case reflect.Slice:
		return va.Len() > 0 && va.Len() == vb.Len() && va.Pointer() == vb.Pointer()
	case reflect.Map, reflect.Pointer:
		return va.Pointer() == vb.Pointer()
	default:
		return false
	}
}

// sameValueZero is how a list's includes compares: NaN equals NaN.
func sameValueZero(m *meter, a, b *datum) bool {
	return strictlyEqual(m, a, b) || a.kind == datumNumber && b.kind == datumNumber && a.number != a.number && b.number != b.number
}

// looselyEqual is ==.
func looselyEqual(m *meter, a, b *datum) bool {
	switch {
	case a.nullish() || b.nullish():
		return a.nullish() && b.nullish()
	case a.kind == b.kind || a.composite() && b.composite():
		return strictlyEqual(m, a, b)
	case a.kind == datumBool || b.kind == datumBool:
		return looseNumber(m, a) == looseNumber(m, b)
	case a.composite() && b.kind == datumString || a.kind == datumString && b.composite():
		return a.toText(m) == b.toText(m)
	default:
		return looseNumber(m, a) == looseNumber(m, b)
	}
}

// looseNumber is the number that == compares: an object counts as its text.
func looseNumber(m *meter, d *datum) float64 {
	if d.composite() {
		return parseNumber(d.toText(m))
	}
	return d.toNumber(m)
}

// order compares as < and > do. It returns -1, 0 or 1. It returns false if neither < nor > nor the equality of <=
// holds.
func order(m *meter, a, b *datum) (int, bool) {
	textA, textB := a.kind == datumString || a.composite(), b.kind == datumString || b.composite()
	if textA && textB {
		x, y := a.toText(m), b.toText(m)
		m.spend((len(x) + len(y)) / stretch)
		return compareUnits(x, y), true
	}
	x, y := looseNumber(m, a), looseNumber(m, b)
	switch {
	case x < y:
		return -1, true
	case x > y:
		return 1, true
	default:
		return 0, x == y
	}
}
