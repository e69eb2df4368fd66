package evaluator

import (
	"bytes"
	"encoding/json"
	"math"
)

// maxSafeInteger is the largest integer n for which n and n+1 are both exact in a double: beyond it, JSON numbers
// mean different things in different languages.
const maxSafeInteger = 1<<53 - 1

// Value is the value of a variation, or none where the answer is left to the caller's code default. It refers to
// compiled data: copying it costs nothing and it never changes.
type Value struct {
	compiled *value
}

type value struct {
	typ     Type
	boolean bool
	number  float64
	decoded any // as encoding/json decodes it into an any
	raw     json.RawMessage
}

// IsNone reports whether there is no value, so that the caller's code default applies.
func (v Value) IsNone() bool { return v.compiled == nil }

// Type returns the type of the value, "" if there is none.
func (v Value) Type() Type {
	if v.compiled == nil {
		return ""
	}
	return v.compiled.typ
}

// Bool returns the value of a boolean flag; false as second result means that it is of another type or none.
func (v Value) Bool() (bool, bool) {
	if v.compiled == nil || v.compiled.typ != TypeBoolean {
		return false, false
	}
	return v.compiled.boolean, true
}

// Str returns the value of a string flag; false as second result means that it is of another type or none.
func (v Value) Str() (string, bool) {
	if v.compiled == nil {
		return "", false
	}
	s, ok := v.compiled.decoded.(string)
	return s, ok
}

// Float returns the value of a number flag; false as second result means that it is of another type or none.
func (v Value) Float() (float64, bool) {
	if v.compiled == nil || v.compiled.typ != TypeNumber {
		return 0, false
	}
	return v.compiled.number, true
}

// Int returns the value of a number flag if it is an integer within ±(2^53 − 1). False as second result means that it
// is no such integer, that it is of another type, or that there is none.
func (v Value) Int() (int64, bool) {
	n, ok := v.Float()
	if !ok || n != math.Trunc(n) || math.Abs(n) > maxSafeInteger {
		return 0, false
	}
	return int64(n), true
}

// Object returns a copy of the value of an object flag, which the caller may modify; false as second result means
// that it is of another type or none.
func (v Value) Object() (map[string]any, bool) {
	if v.compiled == nil {
		return nil, false
	}
	m, ok := v.compiled.decoded.(map[string]any)
	if !ok {
		return nil, false
	}
	return cloneObject(m), true
}

// Any returns the value as encoding/json decodes it: bool, string, float64 or map[string]any; nil if there is none.
// The caller may modify what it gets.
func (v Value) Any() any {
	if v.compiled == nil {
		return nil
	}
	return cloneJSON(v.compiled.decoded)
}

// JSON returns the value in compact JSON, nil if there is none. It is shared: the caller must not modify it.
func (v Value) JSON() json.RawMessage {
	if v.compiled == nil {
		return nil
	}
	return v.compiled.raw
}

func cloneJSON(v any) any {
	switch v := v.(type) {
	case map[string]any:
		return cloneObject(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = cloneJSON(v[i])
		}
		return list
	default:
		return v
	}
}

func cloneObject(m map[string]any) map[string]any {
	clone := make(map[string]any, len(m))
	for k, v := range m {
		clone[k] = cloneJSON(v)
	}
	return clone
}

// compileValue decodes one value of a flag of type t; the string it returns says what is wrong, "" if nothing is.
func compileValue(t Type, raw json.RawMessage) (*value, string) {
	if len(raw) == 0 {
		return nil, "a variation must have a value"
	}
	var decoded any
	if err := json.Unmarshal(raw, &decoded); err != nil {
		return nil, "the value must be JSON: " + err.Error()
	}
	v := &value{typ: t, decoded: decoded}
	ok := false
	switch t {
	case TypeBoolean:
		v.boolean, ok = decoded.(bool)
	case TypeString:
		_, ok = decoded.(string)
	case TypeNumber:
		v.number, ok = decoded.(float64)
		if ok && isIntegerLiteral(raw) && math.Abs(v.number) > maxSafeInteger {
			return nil, "an integer must lie within ±9007199254740991 (2^53 − 1); use a string beyond that"
		}
	case TypeObject:
		_, ok = decoded.(map[string]any)
	}
	if !ok {
		return nil, "the value must be of the flag's type, " + string(t)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, raw); err != nil {
		return nil, "the value must be JSON: " + err.Error()
	}
	v.raw = bytes.Clone(compact.Bytes())
	return v, ""
}

func isIntegerLiteral(raw json.RawMessage) bool { return !bytes.ContainsAny(raw, ".eE") }
