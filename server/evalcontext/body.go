// Package evalcontext reads the evaluation contexts of requests. All protocols that evaluate use it, so they all
// accept the same contexts and read them in the same way.
package evalcontext

import (
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tidegate-io/tidegate/evaluator"
)

// ReadBody returns these errors, InvalidError, and, for a body that is not JSON, the errors of the decoder.
var (
	ErrRange     = errors.New("a number of the context is too large for a double")
	ErrNoObject  = errors.New(`the body must be an object, {"context": {…}}`)
	ErrMoreAfter = errors.New("the body must be one JSON object and nothing after it")
)

// InvalidError says that a body is valid JSON, but not a valid context.
type InvalidError struct{ reason error }

func (e *InvalidError) Error() string { return e.reason.Error() }

// Unwrap returns the reason. It may be a limit of the evaluator that the context exceeds.
func (e *InvalidError) Unwrap() error { return e.reason }

var (
	errNoContext    = &InvalidError{errors.New("the context must be an object")}
	errTargetingKey = &InvalidError{errors.New("the targetingKey must be a string")}
)

// ReadBody reads {"context": {…}} into attributes. It ignores other members.
func ReadBody(d *jsontext.Decoder, attributes map[string]any) error {
	if d.PeekKind() != '{' {
		if _, err := d.ReadValue(); err != nil {
			return err
		}
		return ErrNoObject
	}
	if err := readMembers(d, attributes); err != nil {
		return err
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return ErrMoreAfter
	}
	return nil
}

func readMembers(d *jsontext.Decoder, attributes map[string]any) error {
	// The opening brace was already seen.
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
		if name.String() != "context" {
			if err := d.SkipValue(); err != nil {
				return err
			}
			continue
		}
		if kind := d.PeekKind(); kind != '{' && kind != jsontext.KindInvalid {
			return errNoContext
		}
		if err := readContext(d, attributes); err != nil {
			return err
		}
	}
}

func readContext(d *jsontext.Decoder, attributes map[string]any) error {
	start := d.InputOffset() + int64(len(":"))
	r := reader{Decoder: d}
	switch err := r.object(attributes, 1); {
	case errors.Is(err, evaluator.ErrContextDepth), errors.Is(err, evaluator.ErrContextAttributes),
		errors.Is(err, evaluator.ErrContextElements):
		return &InvalidError{err}
	case err != nil:
		return err
	case d.InputOffset()-start > evaluator.MaxContextBytes:
		return &InvalidError{evaluator.ErrContextBytes}
	}
	return CheckTargetingKey(attributes)
}

// CheckTargetingKey returns an InvalidError if the targeting key is not a string.
func CheckTargetingKey(attributes map[string]any) error {
	if key, ok := attributes[evaluator.AttributeTargetingKey]; ok {
		if _, isString := key.(string); !isString {
			return errTargetingKey
		}
	}
	return nil
}
