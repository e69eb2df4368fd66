// Package body reads JSON from senders that are not trusted. An error becomes a problem that names the field, in the
// words of JSON and not of Go.
package body

import (
	"bytes"
	"encoding"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/problem"
)

// maxDepth is how deep a document may be nested: deep enough for the deepest expression that a flag may have.
const maxDepth = 128

// Check reads body, one JSON value, token by token. So it knows the depth, at most 128, before any recursive function
// reads the value. The character U+0000 is refused because PostgreSQL cannot store it.
func Check(body []byte) error {
	decoder := jsontext.NewDecoder(bytes.NewReader(body))
	for {
		token, err := decoder.ReadToken()
		if err != nil {
			return problem.BadRequest("The body is not JSON.", syntaxField(err))
		}
		if token.Kind() == '"' && strings.ContainsRune(token.String(), 0) {
			return problem.BadRequest(
				"The body is not acceptable.",
				problem.Field(string(decoder.StackPointer()), "must not hold the character U+0000"),
			)
		}
		switch depth := decoder.StackDepth(); {
		case depth > maxDepth:
			return problem.BadRequest("The body is not acceptable.",
				problem.Field(string(decoder.StackPointer()), "is nested deeper than %d levels", maxDepth))
		case depth == 0:
			return checkEnd(decoder)
		}
	}
}

func checkEnd(decoder *jsontext.Decoder) error {
	if _, err := decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return problem.BadRequest(
			"The body is not JSON.",
			problem.Field("", "has more data after the end of the value"),
		)
	}
	return nil
}

func syntaxField(err error) openapi.FieldError {
	var syntactic *jsontext.SyntacticError
	if !errors.As(err, &syntactic) {
		return problem.Field("", "ends before the value is complete")
	}
	return problem.Field(
		string(syntactic.JSONPointer),
		"at byte %d: %s",
		syntactic.ByteOffset,
		trimPackage(syntactic.Err),
	)
}

// Strict decodes data into value. It refuses fields that value does not have; a lenient decoder would drop them
// silently.
func Strict(data []byte, value any) error {
	return decode(data, value, json.RejectUnknownMembers(true))
}

// Lenient decodes data into value. It ignores fields that value does not have, because the sender may say more than
// is needed. A null is treated as an absent field.
func Lenient(data []byte, value any) error { return decode(data, value) }

func decode(data []byte, value any, options ...json.Options) error {
	err := json.Unmarshal(data, value, append(options, times())...)
	if err == nil {
		return nil
	}
	var semantic *json.SemanticError
	if !errors.As(err, &semantic) {
		return problem.BadRequest("The body is not JSON.", syntaxField(err))
	}
	return problem.BadRequest("The fields named in errors cannot be read.",
		problem.Field(string(semantic.JSONPointer), "%s", semanticDetail(semantic)))
}

// semanticDetail says what is allowed, in JSON's words rather than Go's.
func semanticDetail(e *json.SemanticError) string {
	if errors.Is(e.Err, json.ErrUnknownName) {
		return "is not a field that is known here"
	}
	for _, ofTime := range []error{ErrTime, errNoTime} {
		if errors.Is(e.Err, ofTime) {
			return ofTime.Error()
		}
	}
	found := kindName(e.JSONKind)
	if e.GoType == nil || found == "" {
		return trimPackage(e.Err)
	}
	expected := expectedKind(e.GoType)
	if expected == found || expected == "" {
		return trimPackage(e.Err)
	}
	return fmt.Sprintf("must be %s, not %s", expected, found)
}

func kindName(kind jsontext.Kind) string {
	switch kind {
	case 'n':
		return "null"
	case 't', 'f':
		return "a boolean"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case '{':
		return "an object"
	case '[':
		return "an array"
	}
	return ""
}

func expectedKind(t reflect.Type) string {
	if reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return "a string"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return expectedKind(t.Elem())
	case reflect.Bool:
		return "a boolean"
	case reflect.String:
		return "a string"
	case reflect.Int, reflect.Int64:
		return "an integer"
	case reflect.Map, reflect.Struct:
		return "an object"
	case reflect.Slice:
		return "an array"
	}
	return ""
}

// trimPackage takes the name of the package away from an error's text.
func trimPackage(err error) string {
	if err == nil {
		return "has the wrong type"
	}
	text := strings.TrimPrefix(err.Error(), "jsontext: ")
	return strings.TrimPrefix(text, "json: ")
}
