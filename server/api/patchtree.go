package api

import (
	"bytes"
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// tree is a JSON value whose objects are decoded. Everything else stays as it was written, in the bytes that it was
// read from.
type tree struct {
	fields map[string]*tree // nil where it is no object
	text   jsontext.Value
}

// parseTree reads a value, or nil where there is none.
func parseTree(text jsontext.Value) (*tree, error) {
	if len(text) == 0 {
		return nil, nil
	}
	return readTree(text, jsontext.NewDecoder(bytes.NewReader(text)))
}

// readTree reads the next value of decoder, which reads text.
func readTree(text jsontext.Value, decoder *jsontext.Decoder) (*tree, error) {
	if decoder.PeekKind() != '{' {
		value, err := decoder.ReadValue()
		if err != nil {
			return nil, err
		}
		end := decoder.InputOffset()
		return &tree{text: text[end-int64(len(value)) : end]}, nil
	}
	if _, err := decoder.ReadToken(); err != nil {
		return nil, err
	}
	t := &tree{fields: make(map[string]*tree)}
	for decoder.PeekKind() != '}' {
		name, err := decoder.ReadToken()
		if err != nil {
			return nil, err
		}
		key := name.String()
		if t.fields[key], err = readTree(text, decoder); err != nil {
			return nil, err
		}
	}
	_, err := decoder.ReadToken()
	return t, err
}

// merged is the value with the patch applied to it.
func (t *tree) merged(patch *tree) *tree {
	if patch.fields == nil {
		return patch
	}
	result := &tree{fields: make(map[string]*tree, len(patch.fields))}
	if t != nil {
		maps.Copy(result.fields, t.fields)
	}
	for name, value := range patch.fields {
		if value.fields == nil && value.text.Kind() == 'n' {
			delete(result.fields, name)
			continue
		}
		result.fields[name] = result.fields[name].merged(value)
	}
	return result
}

// append encodes the value, with the fields of objects in order.
func (t *tree) append(b []byte) []byte {
	if t.fields == nil {
		return append(b, t.text...)
	}
	b = append(b, '{')
	for i, name := range slices.Sorted(maps.Keys(t.fields)) {
		if i > 0 {
			b = append(b, ',')
		}
		// Names that were read are valid.
		b, _ = jsontext.AppendQuote(b, name)
		b = t.fields[name].append(append(b, ':'))
	}
	return append(b, '}')
}
