// Package conformance compares the evaluator with other implementations of its parts, and checks properties that hold
// for everything that can be evaluated. It is a module of its own, so that a program that evaluates flags inherits
// none of the libraries that these tests need.
package conformance

import (
	"encoding/json"

	"github.com/tidegate-io/tidegate/evaluator"
)

// raw encodes what is known to encode.
func raw(v any) json.RawMessage {
	encoded, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return encoded
}

// definition is an environment without flags, at revision 1.
func definition() evaluator.Definition {
	return evaluator.Definition{
		FormatVersion: evaluator.FormatVersion, Project: "default", Environment: "production", Epoch: "e1", Revision: 1,
	}
}
