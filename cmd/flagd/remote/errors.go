package remote

import (
	"fmt"

	"github.com/tidegate-io/tidegate/openapi"
)

// RefusedError is an answer that says no.
type RefusedError struct {
	// Status is the HTTP status; 0 where no request could be made.
	Status int
	Detail string
	Fields []openapi.FieldError
}

// Error says what is wrong, and names the fields.
func (e *RefusedError) Error() string {
	text := e.Detail
	for _, field := range e.Fields {
		text += fmt.Sprintf("\n  %s: %s", field.Pointer, field.Detail)
	}
	return text
}

// UnreachableError says that no attempt had an answer.
type UnreachableError struct {
	URL   string
	Cause error
}

// Error says what the last attempt met.
func (e *UnreachableError) Error() string {
	return fmt.Sprintf("the server at %s could not be reached, or could not answer: %v", e.URL, e.Cause)
}

// Unwrap gives the cause, unless that is an answer: nothing was refused for good.
func (e *UnreachableError) Unwrap() error {
	if _, answered := e.Cause.(*RefusedError); answered {
		return nil
	}
	return e.Cause
}
