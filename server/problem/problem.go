// Package problem turns errors into answers: problem details for HTTP APIs (RFC 9457). It is the only place that
// knows which error has which status. It never shows the text of an error that it does not know.
package problem

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/store"
)

// Error is an error that is meant for the caller: it carries the status and the sentence to answer with.
type Error struct {
	Status int
	// Slug ends the problem's type, "/problems/<slug>", a name that clients can rely on.
	Slug string
	// Detail says what went wrong and what to do.
	Detail string
	// Fields are what is wrong in the body, by JSON pointer.
	Fields []openapi.FieldError
	// Header is added to the answer, for instance Retry-After; it may be nil.
	Header http.Header
}

// Error returns the detail and the fields.
func (e *Error) Error() string {
	text := e.Detail
	for _, f := range e.Fields {
		text += fmt.Sprintf("; %s: %s", f.Pointer, f.Detail)
	}
	return text
}

// CurrentError is a version conflict. Its answer carries the current document, at the version that the conflict
// names.
type CurrentError struct {
	store.ConflictError
	Document json.RawMessage
}

// Unwrap gives the conflict.
func (e *CurrentError) Unwrap() error { return &e.ConflictError }

// BadRequest is for a request that cannot be read: its syntax, its types or its parameters.
func BadRequest(detail string, fields ...openapi.FieldError) *Error {
	return &Error{Status: http.StatusBadRequest, Slug: "bad-request", Detail: detail, Fields: fields}
}

// Invalid is for a body that can be read but says something that is not allowed.
func Invalid(fields ...openapi.FieldError) *Error {
	return &Error{
		Status: http.StatusUnprocessableEntity,
		Slug:   "invalid",
		Detail: "The fields named in errors are not valid.",
		Fields: fields,
	}
}

// Field is one thing that is wrong in a body.
func Field(pointer, format string, args ...any) openapi.FieldError {
	return openapi.FieldError{Pointer: pointer, Detail: fmt.Sprintf(format, args...)}
}

// NotFound names what does not exist.
func NotFound(format string, args ...any) *Error {
	return &Error{Status: http.StatusNotFound, Slug: "not-found", Detail: fmt.Sprintf(format, args...)}
}

// Conflict is for a request that the present state does not allow.
func Conflict(format string, args ...any) *Error {
	return &Error{Status: http.StatusConflict, Slug: "conflict", Detail: fmt.Sprintf(format, args...)}
}

// PreconditionFailed is for an If-Match that can never match.
func PreconditionFailed(format string, args ...any) *Error {
	return &Error{Status: http.StatusPreconditionFailed, Slug: "version-conflict", Detail: fmt.Sprintf(format, args...)}
}

// Unauthorized asks for a credential of the scheme that challenge names, for instance `Bearer realm="tidegate"`.
func Unauthorized(challenge, detail string) *Error {
	return &Error{
		Status: http.StatusUnauthorized, Slug: "unauthorized", Detail: detail,
		Header: http.Header{"Www-Authenticate": {challenge}},
	}
}

// Forbidden says what the caller lacks.
func Forbidden(format string, args ...any) *Error {
	return &Error{Status: http.StatusForbidden, Slug: "forbidden", Detail: fmt.Sprintf(format, args...)}
}

// TooManyRequests says when to try again.
func TooManyRequests(retryAfterSeconds int, detail string) *Error {
	return &Error{
		Status: http.StatusTooManyRequests, Slug: "too-many-requests", Detail: detail,
		Header: http.Header{"Retry-After": {fmt.Sprint(retryAfterSeconds)}},
	}
}

// Full says that nothing can be written because there is no room, and who can help.
func Full() *Error {
	return &Error{
		Status: http.StatusInsufficientStorage,
		Slug:   "storage-full",
		Detail: "The disk of the database is full, so nothing can be changed; evaluations go on. Whoever runs the server has to make room or extend it, and then nothing needs a restart.",
		Header: http.Header{"Retry-After": {"60"}},
	}
}

// Unavailable says what is missing for now.
func Unavailable(detail string) *Error {
	return &Error{
		Status: http.StatusServiceUnavailable, Slug: "unavailable", Detail: detail,
		Header: http.Header{"Retry-After": {"1"}},
	}
}
