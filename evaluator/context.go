package evaluator

import (
	"math"
	"time"
)

// The attributes that have a meaning of their own.
const (
	// AttributeTargetingKey is what targets and segments list. Rollouts bucket by it unless they name another
	// attribute.
	AttributeTargetingKey = "targetingKey"
	// The attributes that availability of scope instance looks at.
	AttributeServiceName       = "serviceName"
	AttributeServiceVersion    = "serviceVersion"
	AttributeServiceInstanceID = "serviceInstanceId"
)

// inlineAttributes is how many attributes a prepared Context holds without allocating.
const inlineAttributes = 8

// Context is what a flag is evaluated for: a targeting key and attributes. It is a value: every method that adds to
// it returns a new one. The zero Context has no targeting key and no attributes.
//
// Every attribute counts as its JSON form would: all numbers are doubles, a time.Time is the string that it marshals
// to. So a context means the same in a process that evaluates and on a server that is asked.
type Context struct {
	values       map[string]any // OpenFeature's flattened context, read as it is
	targetingKey string
	service      string // the process's own identity, see WithInstance
	version      string
	instanceID   string
	count        int
	timestamp    int64
	inline       [inlineAttributes]namedAttribute
}

// namedAttribute is one attribute of a prepared context.
type namedAttribute struct {
	name   string
	text   string
	number float64
	kind   kind
}

// NewContext returns a context with the targeting key; "" means that it has none.
func NewContext(targetingKey string) Context { return Context{targetingKey: targetingKey} }

// MapContext returns a context that reads OpenFeature's flattened context as it is, with "targetingKey" among the
// attributes. The map is neither copied nor modified; it must not be modified while the Context is used. Values may be
// of any Go type that marshals to a JSON boolean, number, string, array or object. There are two exceptions: structs,
// and types that marshal themselves (time.Time and json.Number are allowed). Such values are present, but no operator
// reads them.
func MapContext(attributes map[string]any) Context { return Context{values: attributes} }

// WithString returns c with a string attribute.
func (c Context) WithString(name, value string) Context {
	c.set(namedAttribute{name: name, kind: kindString, text: value})
	return c
}

// WithInt returns c with an integer attribute. Beyond ±(2^53 − 1) it counts as the nearest double, and no rollout can
// bucket by it.
func (c Context) WithInt(name string, value int64) Context {
	c.set(namedAttribute{name: name, kind: kindNumber, number: float64(value)})
	return c
}

// WithFloat returns c with a number attribute. NaN counts as no attribute.
func (c Context) WithFloat(name string, value float64) Context {
	if math.IsNaN(value) {
		c.set(namedAttribute{name: name, kind: kindMissing})
		return c
	}
	c.set(namedAttribute{name: name, kind: kindNumber, number: value})
	return c
}

// WithBool returns c with a boolean attribute.
func (c Context) WithBool(name string, value bool) Context {
	a := namedAttribute{name: name, kind: kindBool}
	if value {
		a.number = 1
	}
	c.set(a)
	return c
}

// WithTime returns c with a time attribute, which counts as its RFC 3339 form.
func (c Context) WithTime(name string, value time.Time) Context {
	return c.WithString(name, value.Format(time.RFC3339Nano))
}

// With returns c with an attribute of any type that MapContext knows.
func (c Context) With(name string, value any) Context {
	a := attributeOf(value)
	if a.kind == kindTime {
		return c.WithString(name, a.timeText())
	}
	if a.kind != kindList && a.kind != kindObject {
		c.set(namedAttribute{name: name, kind: a.kind, text: a.text, number: a.number})
		return c
	}
	c.set(namedAttribute{name: name, kind: kindElsewhere})
	c.setValue(name, value)
	return c
}

// At returns c with the time that expressions know as $flagd.timestamp, in whole seconds since 1970. Evaluation has no
// clock of its own: without At, $flagd.timestamp is null. Snapshot.Timed tells whether any flag asks for the time.
func (c Context) At(now time.Time) Context {
	c.timestamp = now.Unix()
	return c
}

// WithInstance returns c with the identity of the process that evaluates. The identity gives serviceName,
// serviceVersion and serviceInstanceId where the context lacks them. It never completes the identity of another
// service: if the context names another service than this, all three are the context's own.
func (c Context) WithInstance(service, version, instanceID string) Context {
	c.service, c.version, c.instanceID = service, version, instanceID
	return c
}

func (c *Context) set(a namedAttribute) {
	if a.name == AttributeTargetingKey {
		c.targetingKey = ""
		if a.kind == kindString && a.text != "" {
			c.targetingKey = a.text // goes before whatever else has that name
			return
		}
	}
	for i := range c.inline[:c.count] {
		if c.inline[i].name == a.name {
			c.inline[i] = a
			return
		}
	}
	if c.count < inlineAttributes {
		c.inline[c.count] = a
		c.count++
		return
	}
	c.setValue(a.name, a.value())
}

// setValue puts an attribute into a copy of the map, so that neither the caller's map nor another Context changes.
func (c *Context) setValue(name string, value any) {
	values := make(map[string]any, len(c.values)+1)
	for k, v := range c.values {
		values[k] = v
	}
	values[name] = value
	c.values = values
}

func (a *namedAttribute) value() any {
	switch a.kind {
	case kindString:
		return a.text
	case kindNumber:
		return a.number
	case kindBool:
		return a.number != 0
	default:
		return nil
	}
}
