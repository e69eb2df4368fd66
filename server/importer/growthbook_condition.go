package importer

import (
	"slices"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// growthScope is what a condition looks at: the context, the value of another feature, or one element of a list.
type growthScope struct {
	// path is the path of an attribute.
	path func(name string) string
	// element: inside a list, where flagd's own operators do not work.
	element bool
	// clauses: the attributes are those of the context, which rules can ask for.
	clauses bool
}

func scopeOfContext() growthScope {
	return growthScope{clauses: true, path: func(name string) string {
		if name == "id" {
			return evaluator.AttributeTargetingKey
		}
		return name
	}}
}

func scopeOfParent() growthScope { return growthScope{path: func(name string) string { return name }} }

func scopeOfElement() growthScope {
	return growthScope{element: true, path: func(name string) string { return name }}
}

// operand is a value that a condition looks at. It is an attribute, or an element of a list. An element has the path
// "".
type operand struct {
	scope *growthScope
	path  string
}

func (o *operand) value() logic.Expression { return logic.Var(o.path) }

func (o *operand) length() logic.Expression { return logic.Var(o.member("length")) }

func (o *operand) member(name string) string {
	if o.path == "" {
		return name
	}
	return o.path + "." + name
}

func (o *operand) text() logic.Expression { return textOf(o.value()) }

func (o *operand) isText() logic.Expression { return logic.IsString(o.value()) }

func (o *operand) isNumber() logic.Expression { return logic.IsNumber(o.value(), o.length()) }

func (o *operand) isList() logic.Expression {
	return logic.All(logic.Not(o.isText()), logic.Apply("!==", o.length(), nil))
}

// numeric is the text of the number that JavaScript's arithmetic takes the value for.
func (o *operand) numeric() logic.Expression {
	x := o.value()
	return logic.Apply("if", logic.Apply("===", x, true), "1", logic.Apply("in", x, []any{nil, false}), "0", o.text())
}

// conditions maps a condition in MongoDB's words: attributes and what is asked of each. All of it has to hold.
func (x *growthReader) conditions(def map[string]any, scope growthScope, path string) condition {
	return x.inside(def, &scope, path, nil)
}

func (x *growthReader) inside(def map[string]any, scope *growthScope, path string, groups []string) condition {
	var all []condition
	for _, name := range sortedKeys(def) {
		here, value := at(path, name), def[name]
		switch name {
		case "$or":
			all = append(all, x.branches(value, scope, here, groups, true))
		case "$nor":
			all = append(all, not(x.branches(value, scope, here, groups, true)))
		case "$and":
			all = append(all, x.branches(value, scope, here, groups, false))
		case "$not":
			inner, isObject := value.(map[string]any)
			if !isObject {
				x.unknown(here, "$not takes a condition")
				all = append(all, unknowable)
				continue
			}
			all = append(all, not(x.inside(inner, scope, here, groups)))
		case "$savedGroup":
			all = append(all, x.savedGroup(value, scope, here, groups))
		default:
			all = append(all, x.attributeMeets(name, value, scope, here))
		}
	}
	return allOf(all...)
}

// branches are alternatives, or conditions that all have to hold. For GrowthBook, an empty list of alternatives is
// met.
func (x *growthReader) branches(
	value any,
	scope *growthScope,
	path string,
	groups []string,
	alternatives bool,
) condition {
	parts, isList := value.([]any)
	if !isList {
		x.unknown(path, "a list of conditions is needed here")
		return unknowable
	}
	list := make([]condition, len(parts))
	for i, part := range parts {
		object, isObject := part.(map[string]any)
		if list[i] = unknowable; isObject {
			list[i] = x.inside(object, scope, at(path, i), groups)
		} else {
			x.unknown(at(path, i), "this must be a condition")
		}
	}
	if alternatives && len(list) > 0 {
		return anyOf(list...)
	}
	return allOf(list...)
}

func (x *growthReader) attributeMeets(name string, value any, scope *growthScope, path string) condition {
	if strings.HasPrefix(name, "$") {
		x.unknown(path, "there is no %q here", name)
		return unknowable
	}
	o, ok := x.operand(name, scope, path)
	if !ok {
		return unknowable
	}
	return x.valueMeets(o, value, path)
}

// operand is an attribute by its path. In expressions, a number or "length" in a path can also lead to a part of a
// text.
func (x *growthReader) operand(name string, scope *growthScope, path string) (*operand, bool) {
	o := &operand{scope: scope, path: scope.path(name)}
	for i, segment := range strings.Split(o.path, ".") {
		isPart := i > 0 && (segment == "length" || strings.Trim(segment, "0123456789") == "")
		if segment == "" || isPart || segment == "$flagd" || strings.ContainsAny(segment, `\/`) {
			x.lose(path, "an attribute cannot have the path %q here", name)
			return nil, false
		}
	}
	return o, true
}

// valueMeets compares a value with a constant, or asks what the operators of an object ask.
func (x *growthReader) valueMeets(o *operand, asked any, path string) condition {
	switch asked := asked.(type) {
	case string:
		return asks(logic.Apply("===", o.text(), asked))
	case float64:
		return asks(numberIn(o.numeric(), "==", asked))
	case bool:
		if asked {
			return asks(isTruthy(o.value()))
		}
		return asks(logic.Apply("in", o.value(), []any{"", 0, false}))
	case nil:
		return asks(logic.Apply("===", o.value(), nil))
	case []any:
		return x.sameList(o, asked, path)
	case map[string]any:
		if !isOperators(asked) {
			x.lose(path, "a value cannot be compared with the object %s here", raw(asked))
			return unknowable
		}
		var all []condition
		for _, operator := range sortedKeys(asked) {
			all = append(all, x.operator(o, operator, asked[operator], at(path, operator)))
		}
		return allOf(all...)
	}
	return unknowable
}

// isOperators reports whether all members of the object are operators.
func isOperators(object map[string]any) bool {
	for name := range object {
		if !strings.HasPrefix(name, "$") {
			return false
		}
	}
	return len(object) > 0
}

// sameList compares with a list of texts, numbers and booleans, one by one.
func (x *growthReader) sameList(o *operand, list []any, path string) condition {
	all := []logic.Expression{o.isList(), logic.Apply("===", o.length(), len(list))}
	for i, v := range list {
		if !isScalar(v) {
			x.lose(path, "a value cannot be compared with the list %s here", raw(list))
			return unknowable
		}
		all = append(all, logic.Apply("===", logic.Var(o.member(numeral(i))), v))
	}
	return asks(logic.All(all...))
}

func isScalar(v any) bool {
	switch v.(type) {
	case string, float64, bool, nil:
		return true
	}
	return false
}

// group is a saved group that is an object. It reports the members that are not understood.
func (x *growthReader) group(id string) (map[string]any, bool) {
	entry, isGroup := x.groups[id].(map[string]any)
	for _, name := range sortedKeys(entry) {
		if !slices.Contains([]string{"id", "name", "type", "attributeKey", "values", "condition"}, name) {
			x.unknown(at("/savedGroups", id, name), "the import does not know the field %q", name)
		}
	}
	return entry, isGroup
}

// savedGroup is met by those in a saved group. In GrowthBook, a group that is not as it should be matches nobody.
func (x *growthReader) savedGroup(value any, scope *growthScope, path string, groups []string) condition {
	reference, _ := value.(map[string]any)
	id, _ := reference["id"].(string)
	entry, isGroup := x.group(id)
	for _, name := range sortedKeys(reference) {
		if name != "id" && name != "attributeKey" {
			x.unknown(at(path, name), "the import does not know the field %q", name)
			return unknowable
		}
	}
	for _, outer := range groups {
		isGroup = isGroup && outer != id
	}
	if !isGroup {
		x.lose(path, "the saved group %q is not in the file, or asks for itself", id)
		return unknowable
	}
	switch entry["type"] {
	case "list":
		name, ok := reference["attributeKey"].(string)
		if !ok {
			name, _ = entry["attributeKey"].(string)
		}
		values, isList := entry["values"].([]any)
		o, fine := x.operand(name, scope, path)
		if !isList || !fine {
			return unknowable
		}
		return isAmong(o, values)
	case "condition":
		inner, _ := entry["condition"].(map[string]any)
		if inner != nil {
			return x.inside(inner, scope, at("/savedGroups", id, "condition"), append(groups, id))
		}
	}
	x.unknown(at("/savedGroups", id, "type"), "there is no saved group of the type %s", raw(entry["type"]))
	return unknowable
}
