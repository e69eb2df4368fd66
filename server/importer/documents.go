package importer

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v3"
)

// maxFile bounds the size of a file.
const maxFile = 64 << 20

// decode reads a file to its end: every document of it, in JSON or else in YAML. An object that has a member twice is
// refused with its place, since readers differ in which of the two they take.
func decode(file []byte) ([]any, error) {
	if len(file) > maxFile {
		return nil, fmt.Errorf("%w: it has more than %d bytes", ErrFormat, maxFile)
	}
	documents, errJSON := decodeJSON(file)
	if errJSON == nil {
		return documents, nil
	}
	if errors.Is(errJSON, jsontext.ErrDuplicateName) {
		return nil, fmt.Errorf("%w: %w", ErrFormat, errJSON)
	}
	documents, err := decodeYAML(file)
	if err != nil {
		return nil, fmt.Errorf("%w: it is neither JSON (%w) nor YAML: %w", ErrFormat, errJSON, err)
	}
	return documents, nil
}

func decodeJSON(file []byte) (documents []any, err error) {
	decoder := jsontext.NewDecoder(bytes.NewReader(file))
	for {
		var document any
		switch err := json.UnmarshalDecode(decoder, &document); {
		case errors.Is(err, io.EOF):
			return documents, nil
		case err != nil:
			return nil, err
		}
		documents = append(documents, document)
	}
}

func decodeYAML(file []byte) (documents []any, err error) {
	decoder := yaml.NewDecoder(bytes.NewReader(file))
	for {
		var document any
		switch err := decoder.Decode(&document); {
		case errors.Is(err, io.EOF):
			return documents, nil
		case err != nil:
			return nil, err
		case document == nil: // nothing between two separators
			continue
		}
		if document, err = plain(document, ""); err != nil {
			return nil, err
		}
		// Through JSON, so that numbers and times are of the types that JSON gives them.
		encoded, err := stdjson.Marshal(document)
		if err != nil {
			return nil, err
		}
		again, err := decodeJSON(encoded)
		if err != nil {
			return nil, err
		}
		documents = append(documents, again...)
	}
}

// plain turns the keys of YAML, which need not be texts, into those of JSON.
func plain(v any, path string) (any, error) {
	var err error
	switch v := v.(type) {
	case map[any]any:
		object := make(map[string]any, len(v))
		for key, value := range v {
			name := fmt.Sprint(key)
			if _, taken := object[name]; taken {
				return nil, fmt.Errorf("%s has the member %q twice", orRoot(path), name)
			}
			if object[name], err = plain(value, at(path, name)); err != nil {
				return nil, err
			}
		}
		return object, nil
	case map[string]any:
		for key, value := range v {
			if v[key], err = plain(value, at(path, key)); err != nil {
				return nil, err
			}
		}
	case []any:
		for i := range v {
			if v[i], err = plain(v[i], at(path, i)); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// errDocuments is the error for a file of several documents in a format that has only one.
func errDocuments(n int) error {
	return fmt.Errorf(
		"%w: it has %d documents, and this format has one; import each from a file of its own",
		ErrFormat,
		n,
	)
}

// documentPath is what the paths of a document begin with: nothing where it is the only one, its number from 0
// otherwise.
func (r *reader) documentPath(index int) string {
	if len(r.documents) < 2 {
		return ""
	}
	return at("", index)
}
