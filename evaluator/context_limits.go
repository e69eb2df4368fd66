package evaluator

import (
	"errors"
	"fmt"
	"reflect"
)

// The limits of a context that somebody sends to a server. They do not apply to a process that evaluates for itself:
// there, the budget of each evaluation bounds the work.
const (
	// MaxContextBytes bounds the texts of a context, and its JSON.
	MaxContextBytes = 256 << 10
	// MaxContextAttributes bounds the attributes at the top.
	MaxContextAttributes = 1000
	// MaxContextElements bounds the members of objects and the elements of lists, at all levels.
	MaxContextElements = 10_000
	// MaxContextDepth bounds how deep lists and objects nest.
	MaxContextDepth = 32
)

// Errors of CheckContext. Their texts say what the limit is.
var (
	ErrContextBytes      = fmt.Errorf("the context may have %d KiB at most", MaxContextBytes>>10)
	ErrContextAttributes = fmt.Errorf("the context may have %d attributes at most", MaxContextAttributes)
	ErrContextElements   = fmt.Errorf("the lists and objects of the context may have %d elements and members at most", MaxContextElements)
	ErrContextDepth      = fmt.Errorf("lists and objects of the context nest deeper than %d levels", MaxContextDepth)
	errContextType       = errors.New("the context holds what is no JSON")
)

// CheckContext reports whether attributes, as encoding/json decodes them, are within the limits of a context.
func CheckContext(attributes map[string]any) error {
	if len(attributes) > MaxContextAttributes {
		return ErrContextAttributes
	}
	c := contextCheck{}
	return c.object(attributes, 1)
}

type contextCheck struct{ elements, bytes int }

func (c *contextCheck) object(object map[string]any, depth int) error {
	for name, value := range object {
		c.bytes += len(name)
		if err := c.value(value, depth); err != nil {
			return err
		}
	}
	return nil
}

func (c *contextCheck) value(value any, depth int) error {
	if c.elements++; c.elements > MaxContextElements {
		return ErrContextElements
	}
	switch v := value.(type) {
	case string:
		c.bytes += len(v)
	case map[string]any:
		if depth == MaxContextDepth {
			return ErrContextDepth
		}
		return c.object(v, depth+1)
	case []any:
		if depth == MaxContextDepth {
			return ErrContextDepth
		}
		for _, element := range v {
			if err := c.value(element, depth+1); err != nil {
				return err
			}
		}
	case nil, bool, float64:
	default:
		return fmt.Errorf("%w: %s", errContextType, reflect.TypeOf(value))
	}
	if c.bytes > MaxContextBytes {
		return ErrContextBytes
	}
	return nil
}
