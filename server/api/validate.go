package api

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/problem"
)

// Limits of texts, as openapi.yaml gives them.
const (
	maxName        = 200
	maxDescription = 10_000
	maxReason      = 1000
)

// fields collects what is wrong in a body.
type fields []openapi.FieldError

func (f *fields) add(pointer, format string, args ...any) {
	*f = append(*f, problem.Field(pointer, format, args...))
}

// atMost refuses a text that is longer than limit characters.
func (f *fields) atMost(pointer, text string, limit int) {
	if n := utf8.RuneCountInString(text); n > limit {
		f.add(pointer, "must have at most %d characters, not %d", limit, n)
	}
}

// required refuses a text that is empty, longer than limit characters or not in one line.
func (f *fields) required(pointer, text string, limit int) {
	if strings.TrimSpace(text) == "" {
		f.add(pointer, "is required")
	}
	f.line(pointer, text, limit)
}

// line refuses a text that is longer than limit characters or has control characters, such as line breaks.
func (f *fields) line(pointer, text string, limit int) {
	f.atMost(pointer, text, limit)
	if strings.ContainsFunc(text, unicode.IsControl) {
		f.add(pointer, "must not have line breaks or other control characters")
	}
}

// oneOf refuses a value that is not valid; allowed names those that are.
func (f *fields) oneOf(pointer string, valid bool, value, allowed string) {
	if !valid {
		f.add(pointer, "must be %s, not %q", allowed, value)
	}
}

// err is nil if nothing was wrong.
func (f fields) err() error {
	if len(f) == 0 {
		return nil
	}
	return problem.Invalid(f...)
}

// keyPattern is the schema Key of openapi.yaml.
var keyPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)

// checkKey refuses a key in a path that nothing may be created with.
func checkKey(what, key string) error {
	if keyPattern.MatchString(key) {
		return nil
	}
	return problem.BadRequest("The key of a " + what + " must begin with a letter or digit and have only letters, digits, dots, underscores and hyphens, at most 128.")
}

// checkReason refuses a reason that is too long.
func checkReason(reason string) error {
	if utf8.RuneCountInString(reason) > maxReason {
		return problem.BadRequest("The header Tidegate-Reason must have at most 1000 characters.")
	}
	return nil
}
