package evaluator

import (
	"reflect"
	"strings"
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
	reservedFlagKey // $flagd.flagKey, which expressions alone know
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

// text finds what a direct ref names if it is a string. If it returns false, attribute finds out what the value is.
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

// key returns the targeting key, of whatever type. The empty key that OpenFeature passes counts as no key.
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

// orInstance returns the context's own attribute. Without one it returns what the process's identity says, unless the
// context names another service than the process.
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
