package importer

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
)

// into decodes a part of a document into a struct, and reports the members that the struct does not have. The error
// names the part.
func into[T any](r *reader, part any, path string) (T, error) {
	return openInto[T](r.known(part, reflect.TypeFor[T](), path), path)
}

// openInto is into without a look at members that the struct does not have.
func openInto[T any](part any, path string) (T, error) {
	var t T
	encoded, err := json.Marshal(part)
	if err == nil {
		err = json.Unmarshal(encoded, &t)
	}
	var mismatch *json.UnmarshalTypeError
	switch {
	case errors.As(err, &mismatch):
		return t, fmt.Errorf(
			"%w: %s: %smust be %s, not %s",
			ErrFormat,
			orRoot(path),
			member(mismatch.Field),
			typeName(mismatch.Type),
			mismatch.Value,
		)
	case err != nil:
		return t, fmt.Errorf("%w: %s: %w", ErrFormat, orRoot(path), err)
	}
	return t, nil
}

// member is the name of the member at the end of a path of encoding/json, as a prefix; "" where there is none. The
// path itself cannot be shown: it lacks the keys of objects, and has Go's names of embedded structs.
func member(path string) string {
	if path == "" {
		return ""
	}
	return strconv.Quote(path[strings.LastIndexByte(path, '.')+1:]) + " "
}

// typeName says what JSON calls the values of a Go type.
func typeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return typeName(t.Elem())
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "a boolean"
	default:
		return "a number"
	}
}

func orRoot(path string) string {
	if path == "" {
		return "its top"
	}
	return path
}

// at is the path of a member or element.
func at(path string, steps ...any) string {
	for _, step := range steps {
		name := fmt.Sprint(step)
		path += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
	}
	return path
}

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// raw is a value as JSON. What came from JSON can always be written.
func raw(v any) json.RawMessage {
	encoded, err := json.Marshal(v)
	if err != nil {
		panic("importer: encode what was decoded: " + err.Error())
	}
	return encoded
}

func raws[T any](values []T) []json.RawMessage {
	list := make([]json.RawMessage, len(values))
	for i := range values {
		list[i] = raw(values[i])
	}
	return list
}

// typeOf is the type of the values. It returns false if they are not all of one type.
func typeOf(values []any) (evaluator.Type, bool) {
	var found evaluator.Type
	for _, v := range values {
		t := evaluator.TypeObject
		switch v.(type) {
		case bool:
			t = evaluator.TypeBoolean
		case string:
			t = evaluator.TypeString
		case float64:
			t = evaluator.TypeNumber
		case map[string]any:
		default:
			return "", false
		}
		if found != "" && t != found {
			return "", false
		}
		found = t
	}
	return found, found != ""
}

// vary gives the flag a variation for each value, by its name, and sets the flag's type. It fails if the values are
// not all of one type.
func (f *Flag) vary(named map[string]any) (ok bool) {
	names := sortedKeys(named)
	values := make([]any, len(names))
	for i, name := range names {
		values[i] = named[name]
		f.Variations = append(f.Variations, evaluator.Variation{Key: name, Value: raw(values[i])})
	}
	f.Type, ok = typeOf(values)
	return ok
}

// keyOf makes a key of a name: letters, digits, dots, underscores and hyphens.
func keyOf(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.TrimSuffix(b.String(), "-")
}

// variationsOf gives values keys: on and off for booleans, otherwise made of names or of the values themselves.
func variationsOf(values []any, names []string) []evaluator.Variation {
	variations := make([]evaluator.Variation, len(values))
	used := map[string]bool{}
	for i, v := range values {
		key := ""
		switch v := v.(type) {
		case bool:
			key = map[bool]string{true: "on", false: "off"}[v]
		case string:
			key = keyOf(v)
		case float64:
			key = keyOf(strconv.FormatFloat(v, 'f', -1, 64))
		}
		name := ""
		if i < len(names) {
			name = names[i]
		}
		if _, isBool := v.(bool); name != "" && !isBool {
			key = keyOf(name)
		}
		if key == "" || used[key] || len(key) > 60 {
			key = "variation-" + strconv.Itoa(i+1)
		}
		used[key] = true
		variations[i] = evaluator.Variation{Key: key, Name: name, Value: raw(v)}
	}
	return variations
}

// percentages turns shares of any sum into weights that sum to 100 000. What rounding leaves over goes to the largest
// share.
func percentages(variations []string, shares []float64) []evaluator.WeightedServing {
	sum, largest := 0.0, 0
	for i, share := range shares {
		sum += share
		if share > shares[largest] {
			largest = i
		}
	}
	if sum <= 0 {
		return nil
	}
	weights := make([]evaluator.WeightedServing, len(shares))
	left := evaluator.TotalWeight
	for i, share := range shares {
		weight := int(share/sum*evaluator.TotalWeight + 0.5)
		weights[i] = evaluator.WeightedServing{Variation: variations[i], Weight: weight}
		left -= weight
	}
	weights[largest].Weight += left
	return weights
}

// absentOr makes a negated clause match the contexts that lack the attribute, too, as it does in most other systems.
func absentOr(c evaluator.Clause) evaluator.Clause {
	missing := evaluator.Clause{Attribute: c.Attribute, Operator: evaluator.OpExists, Negate: true}
	return evaluator.Clause{Any: []evaluator.Clause{missing, c}}
}
