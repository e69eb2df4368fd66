package ofrep

import (
	"errors"

	"github.com/go-json-experiment/json/jsontext"
)

var (
	errTooDeep = errors.New("nested too deep")
	errRange   = errors.New("a number is out of range")
)

// readObject reads the object that comes next into m; depth is how many lists and objects hold its members.
func readObject(d *jsontext.Decoder, m map[string]any, depth int) error {
	if depth > maxDepth {
		return errTooDeep
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
		value, err := readValue(d, depth)
		if err != nil {
			return err
		}
		m[key] = value
	}
}

func readList(d *jsontext.Decoder, depth int) ([]any, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	if _, err := d.ReadToken(); err != nil {
		return nil, err
	}
	list := []any{}
	for d.PeekKind() != ']' {
		value, err := readValue(d, depth)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	_, err := d.ReadToken()
	return list, err
}

// readValue reads the value that comes next into what encoding/json makes of it.
func readValue(d *jsontext.Decoder, depth int) (any, error) {
	switch d.PeekKind() {
	case '{':
		m := make(map[string]any)
		return m, readObject(d, m, depth+1)
	case '[':
		return readList(d, depth+1)
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
			return nil, errRange
		}
		return number, nil
	case 't', 'f':
		return token.Bool(), nil
	default:
		return nil, nil
	}
}
