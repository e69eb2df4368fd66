package evaluator

import (
	"errors"
	"strconv"
	"strings"
)

// Errors of Compile and Apply. They are wrapped with what was found and what was expected.
var (
	// ErrFormat: the definition or patch has a format version that this package does not read.
	ErrFormat = errors.New("unsupported format version")
	// ErrEpoch: the patch belongs to another life of the database; the whole definition must be fetched.
	ErrEpoch = errors.New("patch is of another epoch")
	// ErrGap: the patch starts after the snapshot's revision; what lies between must be fetched.
	ErrGap = errors.New("patch leaves a gap after the snapshot's revision")
)

// CompileError is one thing that is wrong with a flag, a configuration or a segment.
type CompileError struct {
	// Pointer is an RFC 6901 JSON pointer to the field, relative to the object that was validated.
	Pointer string `json:"pointer"`
	// Message is a sentence that says what is allowed.
	Message string `json:"message"`
}

// Error returns the pointer and the message.
func (e *CompileError) Error() string {
	if e.Pointer == "" {
		return e.Message
	}
	return e.Pointer + ": " + e.Message
}

// CompileErrors is everything that is wrong with one object, in the order of its fields. It is never empty when
// returned as an error.
type CompileErrors []CompileError

// Error joins the errors with "; ".
func (e CompileErrors) Error() string {
	parts := make([]string, len(e))
	for i := range e {
		parts[i] = e[i].Error()
	}
	return strings.Join(parts, "; ")
}

// Unwrap makes each *CompileError reachable for errors.As.
func (e CompileErrors) Unwrap() []error {
	errs := make([]error, len(e))
	for i := range e {
		errs[i] = &e[i]
	}
	return errs
}

// Problem is a flag or segment of a definition that was kept out of the snapshot, and why.
type Problem struct {
	// Kind is "flag" or "segment".
	Kind string
	Key  string
	// Err is the first error of the object; its pointer is relative to the Flag or Segment.
	Err *CompileError
}

// Error names the object and its error.
func (p Problem) Error() string { return p.Kind + " " + strconv.Quote(p.Key) + ": " + p.Err.Error() }

// pointer is a JSON pointer under construction. It is written out only when there is an error to report.
type pointer struct {
	parent *pointer
	name   string
	index  int
}

func (p *pointer) field(name string) *pointer { return &pointer{parent: p, name: name} }

func (p *pointer) item(index int) *pointer { return &pointer{parent: p, index: index} }

// String writes the pointer out. The names are field names of the model, which need no escaping.
func (p *pointer) String() string {
	if p == nil {
		return ""
	}
	if p.name != "" {
		return p.parent.String() + "/" + p.name
	}
	return p.parent.String() + "/" + strconv.Itoa(p.index)
}

// maxFaults bounds how many errors of one object are told.
const maxFaults = 100

// faults collects errors while an object is compiled.
type faults struct {
	list CompileErrors
}

func (f *faults) add(at *pointer, message string) {
	if len(f.list) == maxFaults {
		return
	}
	f.list = append(f.list, CompileError{Pointer: at.String(), Message: message})
}

// err returns what was collected as an error, nil if nothing was.
func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	return f.list
}
