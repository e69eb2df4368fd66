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

// kind is what an attribute's value is, as operators see it.
type kind uint8

const (
	kindMissing kind = iota // absent, null or NaN
	kindBool
	kindNumber
	kindString
	kindTime
	kindList
	kindObject
	kindOther     // present, but of a type that no operator reads
	kindElsewhere // in a prepared context: look into the map
)

// attribute is the value of an attribute while it is compared. It lives on the stack.
type attribute struct {
	kind   kind
	number float64 // of a number; 1 for true
	text   string
	ref    any // a time.Time, a list or an object
}

// attributeRef names an attribute, prepared for finding it.
type attributeRef struct {
	reserved reserved
	name     string   // the first segment of the path
	rest     []string // what follows, inside objects
}

// reserved marks the attributes that a Context keeps apart.
type reserved uint8

const (
	ordinary reserved = iota
	reservedTargetingKey
	reservedServiceName
	reservedServiceVersion
	reservedInstanceID
)

// refer prepares the attribute path, whose segments are separated by dots.
func refer(path string) attributeRef {
	segments := strings.Split(path, ".")
	ref := attributeRef{name: segments[0]}
	if len(segments) > 1 {
		ref.rest = segments[1:]
		return ref
	}
	switch path {
	case AttributeTargetingKey:
		ref.reserved = reservedTargetingKey
	case AttributeServiceName:
		ref.reserved = reservedServiceName
	case AttributeServiceVersion:
		ref.reserved = reservedServiceVersion
	case AttributeServiceInstanceID:
		ref.reserved = reservedInstanceID
	}
	return ref
}

// direct reports whether text may be asked for the attribute.
func (r *attributeRef) direct() bool {
	return len(r.rest) == 0 && (r.reserved == ordinary || r.reserved == reservedTargetingKey)
}

// text finds what a direct ref names if it is a string; false leaves it to attribute to find out what it is.
func (c *Context) text(name string, r reserved) (string, bool) {
	if r == reservedTargetingKey && c.targetingKey != "" {
		return c.targetingKey, true
	}
	for i := range c.inline[:c.count] {
		if a := &c.inline[i]; a.name == name {
			return a.text, a.kind == kindString && (a.text != "" || r == ordinary)
		}
	}
	text, ok := c.values[name].(string)
	return text, ok && (text != "" || r == ordinary)
}

// attribute finds what ref names.
func (c *Context) attribute(ref *attributeRef) attribute {
	if ref.reserved != ordinary {
		return c.reserved(ref)
	}
	a := c.own(ref.name)
	for _, name := range ref.rest {
		a = a.member(name)
	}
	return a
}

// own finds a top-level attribute of the context itself.
func (c *Context) own(name string) attribute {
	for i := range c.inline[:c.count] {
		a := &c.inline[i]
		if a.name == name && a.kind != kindElsewhere {
			return attribute{kind: a.kind, number: a.number, text: a.text}
		}
	}
	if c.values == nil {
		return attribute{}
	}
	return attributeOf(c.values[name])
}

// reserved finds an attribute that may come from elsewhere than the context's attributes.
func (c *Context) reserved(ref *attributeRef) attribute {
	switch ref.reserved {
	case reservedTargetingKey:
		return c.key()
	case reservedServiceName:
		return c.serviceName()
	case reservedServiceVersion:
		return c.serviceVersion()
	default:
		return c.orInstance(AttributeServiceInstanceID, c.instanceID)
	}
}

// keyText returns the targeting key if it is a string.
func (c *Context) keyText() (string, bool) {
	return c.text(AttributeTargetingKey, reservedTargetingKey)
}

// key returns the targeting key, of whatever type. OpenFeature's empty one is none.
func (c *Context) key() attribute {
	if text, ok := c.keyText(); ok {
		return attribute{kind: kindString, text: text}
	}
	a := c.own(AttributeTargetingKey)
	if a.kind == kindString && a.text == "" {
		return attribute{}
	}
	return a
}

func (c *Context) serviceName() attribute {
	if a := c.own(AttributeServiceName); a.kind != kindMissing || c.service == "" {
		return a
	}
	return attribute{kind: kindString, text: c.service}
}

func (c *Context) serviceVersion() attribute { return c.orInstance(AttributeServiceVersion, c.version) }

// orInstance returns the context's own attribute, or else what the process's identity says, unless the context is
// about another service than the process.
func (c *Context) orInstance(name, identity string) attribute {
	if a := c.own(name); a.kind != kindMissing || identity == "" {
		return a
	}
	if service := c.serviceName(); service.kind != kindString || service.text != c.service {
		return attribute{}
	}
	return attribute{kind: kindString, text: identity}
}

// member finds a member of an object; anything else has none.
func (a attribute) member(name string) attribute {
	if a.kind != kindObject {
		return attribute{}
	}
	switch object := a.ref.(type) {
	case map[string]any:
		return attributeOf(object[name])
	case map[string]string:
		if text, ok := object[name]; ok {
			return attribute{kind: kindString, text: text}
		}
		return attribute{}
	default:
		member := reflect.ValueOf(object).MapIndex(reflect.ValueOf(name).Convert(reflect.TypeOf(object).Key()))
		if !member.IsValid() {
			return attribute{}
		}
		return reflected(member)
	}
}

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

// shortest returns the double that the shortest decimal form of a float32 stands for, since JSON is written so.
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
