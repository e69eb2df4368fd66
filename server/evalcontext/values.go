package evalcontext

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tidegate-io/tidegate/evaluator"
)

// reader reads a context and enforces the limits of a context.
type reader struct {
	*jsontext.Decoder
	elements int
}

// object reads the next object into m. depth is the number of lists and objects around its members.
func (d *reader) object(m map[string]any, depth int) error {
	if depth > evaluator.MaxContextDepth {
		return evaluator.ErrContextDepth
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for {
		name, err := d.ReadToken()
		if err != nil {
			return err
		}
		if name.Kind() == '}' {
			return nil
		}
		key := name.String()
		value, err := d.value(depth)
		if err != nil {
			return err
		}
		if m[key] = value; depth == 1 && len(m) > evaluator.MaxContextAttributes {
			return evaluator.ErrContextAttributes
		}
	}
}

func (d *reader) list(depth int) ([]any, error) {
	if depth > evaluator.MaxContextDepth {
		return nil, evaluator.ErrContextDepth
	}
	if _, err := d.ReadToken(); err != nil {
		return nil, err
	}
	list := []any{}
	for d.PeekKind() != ']' {
		value, err := d.value(depth)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	_, err := d.ReadToken()
	return list, err
}

// value reads the next value. The result is the same as in encoding/json.
func (d *reader) value(depth int) (any, error) {
	if d.elements++; d.elements > evaluator.MaxContextElements {
		return nil, evaluator.ErrContextElements
	}
	switch d.PeekKind() {
	case '{':
		m := make(map[string]any)
		return m, d.object(m, depth+1)
	case '[':
		return d.list(depth + 1)
	}
	token, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	switch token.Kind() {
	case '"':
		return token.String(), nil
	case '0':
		number, err := token.Float()
		if err != nil {
			return nil, ErrRange
		}
		return number, nil
	case 't', 'f':
		return token.Bool(), nil
	default:
		return nil, nil
	}
}
