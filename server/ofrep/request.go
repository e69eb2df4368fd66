package ofrep

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/presence"
	"github.com/tidegate-io/tidegate/server/problem"
)

const (
	// maxBody is the greatest size of a request.
	maxBody = 1 << 20
	// maxPooled is the greatest buffer that is kept for another request.
	maxPooled = 64 << 10
)

// exchange is what one request needs of memory; it is used again.
type exchange struct {
	body       bytes.Buffer
	decoder    jsontext.Decoder
	attributes map[string]any
	answer     []byte
}

var exchanges = sync.Pool{New: func() any { return &exchange{attributes: make(map[string]any)} }}

func (x *exchange) release() {
	if x.body.Cap() > maxPooled || cap(x.answer) > maxPooled {
		return
	}
	clear(x.attributes)
	x.body.Reset()
	x.answer = x.answer[:0]
	exchanges.Put(x)
}

// read decodes the body, {"context": {…}}, into x.attributes. Members besides the context are ignored.
func (x *exchange) read(w http.ResponseWriter, r *http.Request) *failure {
	if r.ContentLength > maxBody {
		return tooLarge()
	}
	if _, err := x.body.ReadFrom(http.MaxBytesReader(w, r.Body, maxBody)); err != nil {
		var over *http.MaxBytesError
		if errors.As(err, &over) {
			return tooLarge()
		}
		if slow, ok := errors.AsType[*problem.Error](err); ok {
			return &failure{status: slow.Status, code: evaluator.ErrorParseError.String(), details: "the body did not come to its end in time"}
		}
		return parseError("the body ended before all of it had come")
	}
	if x.body.Len() == 0 {
		return parseError(`the body is empty; send {"context": {"targetingKey": "…"}}`)
	}
	x.decoder.Reset(&x.body)
	if x.decoder.PeekKind() != '{' {
		if _, err := x.decoder.ReadValue(); err != nil {
			return notJSON(err)
		}
		return parseError(`the body must be an object, {"context": {…}}`)
	}
	if f := x.readBody(); f != nil {
		return f
	}
	if _, err := x.decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return parseError("the body must be one JSON object and nothing after it")
	}
	return nil
}

func (x *exchange) readBody() *failure {
	// The opening brace was seen.
	if _, err := x.decoder.ReadToken(); err != nil {
		return notJSON(err)
	}
	for {
		name, err := x.decoder.ReadToken()
		if err != nil {
			return notJSON(err)
		}
		if name.Kind() == '}' {
			return nil
		}
		if name.String() != "context" {
			if err := x.decoder.SkipValue(); err != nil {
				return notJSON(err)
			}
			continue
		}
		if kind := x.decoder.PeekKind(); kind != '{' && kind != jsontext.KindInvalid {
			return invalidContext("the context must be an object")
		}
		if f := x.readContext(); f != nil {
			return f
		}
	}
}

func (x *exchange) readContext() *failure {
	start := x.decoder.InputOffset() + int64(len(":"))
	d := reader{Decoder: &x.decoder}
	switch err := d.object(x.attributes, 1); {
	case errors.Is(err, evaluator.ErrContextDepth), errors.Is(err, evaluator.ErrContextAttributes),
		errors.Is(err, evaluator.ErrContextElements):
		return invalidContext(err.Error())
	case errors.Is(err, errRange):
		return parseError("a number of the context is too large for a double")
	case err != nil:
		return notJSON(err)
	case x.decoder.InputOffset()-start > evaluator.MaxContextBytes:
		return invalidContext(evaluator.ErrContextBytes.Error())
	}
	if key, ok := x.attributes[evaluator.AttributeTargetingKey]; ok {
		if _, isString := key.(string); !isString {
			return invalidContext("the targetingKey must be a string")
		}
	}
	return nil
}

// context is what was read, completed by what the headers say of the process that asks, and by the time if the
// snapshot asks for it.
func (x *exchange) context(r *http.Request, s *evaluator.Snapshot, now func() time.Time) evaluator.Context {
	c := evaluator.MapContext(x.attributes)
	if s.Timed() {
		c = c.At(now())
	}
	if service := r.Header.Get(presence.HeaderService); service != "" {
		c = c.WithInstance(service, r.Header.Get(presence.HeaderVersion), r.Header.Get(presence.HeaderInstance))
	}
	return c
}
