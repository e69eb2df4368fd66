// Package invalid tells what is wrong with a document, field by field. It knows no transport: package problem makes an
// answer of it.
package invalid

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tidegate-io/tidegate/evaluator"
)

// Field is one thing that is wrong. Its form is that of openapi.FieldError.
type Field struct {
	Detail  string
	Pointer string
}

// Error has everything that is wrong with a document.
type Error struct{ Fields []Field }

// Error lists the fields.
func (e *Error) Error() string {
	texts := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		texts[i] = f.Pointer + ": " + f.Detail
	}
	return "not valid: " + strings.Join(texts, "; ")
}

// Fields collects what is wrong with a document.
type Fields []Field

// Add notes what is wrong at a pointer.
func (f *Fields) Add(pointer, format string, args ...any) {
	*f = append(*f, Field{Pointer: pointer, Detail: fmt.Sprintf(format, args...)})
}

// AtMost refuses a text that is longer than limit characters.
func (f *Fields) AtMost(pointer, text string, limit int) {
	if n := utf8.RuneCountInString(text); n > limit {
		f.Add(pointer, "must have at most %d characters, not %d", limit, n)
	}
}

// Required refuses a text that is empty, longer than limit characters or not in one line.
func (f *Fields) Required(pointer, text string, limit int) {
	if strings.TrimSpace(text) == "" {
		f.Add(pointer, "is required")
	}
	f.Line(pointer, text, limit)
}

// Line refuses a text that is longer than limit characters or has control characters, such as line breaks.
func (f *Fields) Line(pointer, text string, limit int) {
	f.AtMost(pointer, text, limit)
	if strings.ContainsFunc(text, unicode.IsControl) {
		f.Add(pointer, "must not have line breaks or other control characters")
	}
}

// OneOf refuses a value that is not valid. Allowed names the values that are.
func (f *Fields) OneOf(pointer string, valid bool, value, allowed string) {
	if !valid {
		f.Add(pointer, "must be %s, not %q", allowed, value)
	}
}

// Compiled adds every compile error in err's tree, in order.
func (f *Fields) Compiled(err error) { *f = append(*f, Compiled(err)...) }

// Err is nil if nothing was wrong.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Fields: f}
}

// Compiled lists every compile error in err's tree, in order.
func Compiled(err error) Fields {
	var all evaluator.CompileErrors
	if !errors.As(err, &all) {
		var one *evaluator.CompileError
		if !errors.As(err, &one) {
			return nil
		}
		all = evaluator.CompileErrors{*one}
	}
	fields := make(Fields, len(all))
	for i, one := range all {
		fields[i] = Field{Pointer: one.Pointer, Detail: one.Message}
	}
	return fields
}
