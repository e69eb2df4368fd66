package importer

import (
	"reflect"
	"strings"
)

// The world of a format is closed: its structs are the list of the members that it understands. Reading a part of a
// file with into reports every member that is not on the list, at its place. The flag or segment that the member
// stands in is closed, since nobody can know whom the member would have kept out.
//
// A member that is understood but not kept is on the list too, with one of these types. Some members are of type any
// or of a map type. The format itself reads these, and has to look at everything in them.
type (
	// ignored is a member that has no part in an evaluation and holds nothing to keep: when a flag was made, for
	// instance, or what buckets are computed from.
	ignored struct{}
	// dropped is a member without a part in an evaluation that people may miss. One that is not empty is reported.
	dropped struct{}
)

// UnmarshalJSON takes whatever there is.
func (*ignored) UnmarshalJSON([]byte) error { return nil }

// UnmarshalJSON takes whatever there is.
func (*dropped) UnmarshalJSON([]byte) error { return nil }

var (
	ignoredType = reflect.TypeFor[ignored]()
	droppedType = reflect.TypeFor[dropped]()
)

// known is v with only the members that t has. It reports the members that it leaves out.
func (r *reader) known(v any, t reflect.Type, path string) any {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch v := v.(type) {
	case map[string]any:
		switch t.Kind() {
		case reflect.Struct:
			return r.knownMembers(v, t, path)
		case reflect.Map:
			return r.knownValues(v, t.Elem(), path)
		}
	case []any:
		if t.Kind() == reflect.Slice {
			list := make([]any, len(v))
			for i := range v {
				list[i] = r.known(v[i], t.Elem(), at(path, i))
			}
			return list
		}
	}
	return v
}

func (r *reader) knownValues(object map[string]any, t reflect.Type, path string) any {
	kept := make(map[string]any, len(object))
	for _, name := range sortedKeys(object) {
		kept[name] = r.known(object[name], t, at(path, name))
	}
	return kept
}

func (r *reader) knownMembers(object map[string]any, t reflect.Type, path string) any {
	fields := map[string]reflect.Type{}
	listFields(t, fields)
	kept := make(map[string]any, len(object))
	for _, name := range sortedKeys(object) {
		field, ok := fields[name]
		switch {
		case !ok:
			r.unknown(at(path, name), "the import does not know the field %q", name)
		case field == droppedType:
			if !isEmpty(object[name]) {
				r.drop(at(path, name), "%q has no place here and is not kept", name)
			}
		case field != ignoredType:
			kept[name] = r.known(object[name], field, at(path, name))
		}
	}
	return kept
}

// listFields lists the members that a struct has in JSON, with those of the structs that it embeds.
func listFields(t reflect.Type, fields map[string]reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			listFields(f.Type, fields)
		case name != "" && name != "-":
			fields[name] = f.Type
		}
	}
}

// isEmpty reports whether a value says nothing: null, false, 0, and what has nothing in it.
func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return v == ""
	case float64:
		return v == 0
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}
