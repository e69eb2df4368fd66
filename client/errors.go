package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/tidegate-io/tidegate/openapi"
)

// By errors.Is, a ProblemError is one of these.
var (
	// ErrInvalid: the request makes no sense (400), or its fields are not valid (422).
	ErrInvalid = errors.New("the request is not valid")
	// ErrUnauthorized: there is no such access token (401).
	ErrUnauthorized = errors.New("the access token is not known")
	// ErrForbidden: the token's role or place does not allow it (403).
	ErrForbidden = errors.New("the access token does not allow it")
	// ErrNotFound: there is no such thing (404).
	ErrNotFound = errors.New("it does not exist")
	// ErrConflict: the current state does not allow it (409), or its version is not the one that IfMatch named (412).
	ErrConflict = errors.New("it conflicts with what there is")
)

// ProblemError is an answer of the server that refuses the request.
type ProblemError struct {
	// Problem says what is wrong. Its Errors name each field that is wrong.
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

// Is compares the error with the errors of this package.
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

// Conflict gives the current state where another version was expected: its version, and the thing itself as a GET
// gives it. The thing is nil where the server does not show it. Ok is false for every other error.
func Conflict(err error) (version int64, current json.RawMessage, ok bool) {
	var refused *ProblemError
	if errors.As(err, &refused) && refused.Status == http.StatusPreconditionFailed {
		return refused.CurrentVersion, refused.Current, true
	}
	return 0, nil, false
}

// AnswerError is an answer that does not come from a Tidegate server.
type AnswerError struct {
	Status int
	Detail string
}

// Error says what answers, and what to do.
func (e *AnswerError) Error() string { return e.Detail }

// UnreachableError says that no attempt got a final answer: the server was away or busy, or the time was over. The
// server may or may not have done what the call asked for.
type UnreachableError struct {
	// Address is that of the server.
	Address string
	// Cause is the error of the last attempt.
	Cause error
}

// Error says why the last attempt failed.
func (e *UnreachableError) Error() string {
	return fmt.Sprintf("the server at %s could not be reached, or could not answer: %v", e.Address, e.Cause)
}

// Unwrap gives the cause. If the cause is an answer, it gives nil, because the server has refused nothing for good.
func (e *UnreachableError) Unwrap() error {
	var refused *ProblemError
	var unread *AnswerError
	if errors.As(e.Cause, &refused) || errors.As(e.Cause, &unread) {
		return nil
	}
	return e.Cause
}

// refusal gives the problem in the answer as an error, or an AnswerError where the answer holds no problem.
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
