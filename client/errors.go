package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/tidegate-io/tidegate/openapi"
)

// A ProblemError is one of these by errors.Is.
var (
	// ErrInvalid: the request makes no sense (400), or its fields are not valid (422).
	ErrInvalid = errors.New("the request is not valid")
	// ErrUnauthorized: there is no such access token (401).
	ErrUnauthorized = errors.New("the access token is not known")
	// ErrForbidden: the token's role or place does not allow it (403).
	ErrForbidden = errors.New("the access token does not allow it")
	// ErrNotFound: there is no such thing (404).
	ErrNotFound = errors.New("it does not exist")
	// ErrConflict: what there is does not allow it (409), or is of another version than IfMatch said (412).
	ErrConflict = errors.New("it conflicts with what there is")
)

// ProblemError is an answer of the server that says no.
type ProblemError struct {
	// Problem says what is wrong, by its Errors with each field.
	openapi.Problem
}

// Error says what is wrong, and names the fields.
func (e *ProblemError) Error() string {
	text := e.Detail
	if text == "" {
		text = e.Title
	}
	for _, field := range e.Errors {
		text += fmt.Sprintf("\n  %s: %s", field.Pointer, field.Detail)
	}
	return text
}

// Is compares with the errors of this package.
func (e *ProblemError) Is(target error) bool {
	switch e.Status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return target == ErrInvalid
	case http.StatusUnauthorized:
		return target == ErrUnauthorized
	case http.StatusForbidden:
		return target == ErrForbidden
	case http.StatusNotFound:
		return target == ErrNotFound
	case http.StatusConflict, http.StatusPreconditionFailed:
		return target == ErrConflict
	}
	return false
}

// Conflict gives what is there where another version was expected: its version, and the thing itself as a GET gives it,
// or nil where the server does not show it. Ok is false for every other error.
func Conflict(err error) (version int64, current json.RawMessage, ok bool) {
	var refused *ProblemError
	if errors.As(err, &refused) && refused.Status == http.StatusPreconditionFailed {
		return refused.CurrentVersion, refused.Current, true
	}
	return 0, nil, false
}

// AnswerError is an answer that no Tidegate server gives.
type AnswerError struct {
	Status int
	Detail string
}

// Error says what answers, and what to do.
func (e *AnswerError) Error() string { return e.Detail }

// UnreachableError says that no attempt had an answer that stands: the server was away or busy, or the time was over.
// It is not known whether the server has done what the call asked for.
type UnreachableError struct {
	// Address is that of the server.
	Address string
	// Cause is what the last attempt met.
	Cause error
}

// Error says what the last attempt met.
func (e *UnreachableError) Error() string {
	return fmt.Sprintf("the server at %s could not be reached, or could not answer: %v", e.Address, e.Cause)
}

// Unwrap gives the cause, unless that is an answer: nothing was refused for good.
func (e *UnreachableError) Unwrap() error {
	var refused *ProblemError
	var unread *AnswerError
	if errors.As(e.Cause, &refused) || errors.As(e.Cause, &unread) {
		return nil
	}
	return e.Cause
}

// refusal is what a problem says, or that it is none.
func (c *Client) refusal(response *http.Response, content []byte) error {
	var problem openapi.Problem
	if json.Unmarshal(content, &problem) != nil || problem.Title == "" {
		return &AnswerError{
			Status: response.StatusCode,
			Detail: fmt.Sprintf("%s answered %s, not as Tidegate does: check the address.", c.address, response.Status),
		}
	}
	problem.Status = response.StatusCode
	return &ProblemError{Problem: problem}
}
