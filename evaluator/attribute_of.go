package evaluator

import (
	"encoding/json"
	"iter"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// attributeOf reads a Go value as its JSON form would be read.
func attributeOf(value any) attribute {
	switch v := value.(type) {
	case nil:
		return attribute{}
	case string:
		return attribute{kind: kindString, text: v}
	case bool:
		return boolean(v)
	case float64:
		return number(v)
	case int:
		return attribute{kind: kindNumber, number: float64(v)}
	case int64:
		return attribute{kind: kindNumber, number: float64(v)}
	case []any:
		return attribute{kind: present(v != nil, kindList), ref: value}
	case []string:
		return attribute{kind: present(v != nil, kindList), ref: value}
	case map[string]any:
		return attribute{kind: present(v != nil, kindObject), ref: value}
	case json.Number:
		return jsonNumber(v)
	case time.Time:
		if year := v.Year(); year < 0 || year > 9999 {
			return attribute{kind: kindOther} // has no JSON form
		}
		return attribute{kind: kindTime, ref: value}
	default:
		return reflected(reflect.ValueOf(v))
	}
}

// present returns k, or kindMissing for a nil slice or map, whose JSON form is null.
func present(present bool, k kind) kind {
	if present {
		return k
	}
	return kindMissing
}

// timeText returns the string that a time marshals to.
func (a *attribute) timeText() string {
	t, _ := a.ref.(time.Time)
	return t.Format(time.RFC3339Nano)
}

func boolean(b bool) attribute {
	if b {
		return attribute{kind: kindBool, number: 1}
	}
	return attribute{kind: kindBool}
}

func number(n float64) attribute {
	if math.IsNaN(n) {
		return attribute{}
	}
	return attribute{kind: kindNumber, number: n}
}

func jsonNumber(n json.Number) attribute {
	f, err := n.Float64()
	if err != nil {
		return attribute{kind: kindOther}
	}
	return number(f)
}

// reflected reads the rarer types: other sizes of number, named types, pointers, typed slices and maps.
func reflected(v reflect.Value) attribute {
	switch v.Kind() {
	case reflect.String:
		return attribute{kind: kindString, text: v.String()}
	case reflect.Bool:
		return boolean(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return attribute{kind: kindNumber, number: float64(v.Int())}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return attribute{kind: kindNumber, number: float64(v.Uint())}
	case reflect.Float32:
		return number(shortest(v.Float()))
	case reflect.Float64:
		return number(v.Float())
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return attribute{}
		}
		if v.Elem().Kind() == reflect.Pointer || !v.Elem().CanInterface() {
			return attribute{kind: kindOther} // a chain of pointers may be endless
		}
		return attributeOf(v.Elem().Interface())
	case reflect.Slice, reflect.Array:
		return reflectedList(v)
	case reflect.Map:
		if v.IsNil() {
			return attribute{}
		}
		if v.Type().Key().Kind() == reflect.String {
			return attribute{kind: kindObject, ref: v.Interface()}
		}
	}
	return attribute{kind: kindOther}
}

// shortest returns the double that the shortest decimal form of a float32 stands for. JSON holds that decimal form.
func shortest(f float64) float64 {
	n, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', -1, 32), 64)
	if err != nil {
		return f // cannot be: what FormatFloat writes, ParseFloat reads
	}
	return n
}

func reflectedList(v reflect.Value) attribute {
	if v.Kind() == reflect.Slice && v.IsNil() {
		return attribute{}
	}
	if v.Type().Elem().Kind() == reflect.Uint8 {
		return attribute{kind: kindOther} // JSON makes it a string in base64
	}
	return attribute{kind: kindList, ref: v.Interface()}
}

// elements yields what a list holds.
func elements(list any) iter.Seq[attribute] {
	return func(yield func(attribute) bool) {
		v := reflect.ValueOf(list)
		for i := range v.Len() {
			if !yield(reflected(v.Index(i))) {
				return
			}
		}
	}
}

// members yields what an object holds, in the order of names.
func members(object any) iter.Seq2[string, attribute] {
	return func(yield func(string, attribute) bool) {
		v := reflect.ValueOf(object)
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, key := range keys {
			if !yield(key.String(), reflected(v.MapIndex(key))) {
				return
			}
		}
	}
}
