package ofrep

import (
	"bytes"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/evalcontext"
	"github.com/tidegate-io/tidegate/server/presence"
	"github.com/tidegate-io/tidegate/server/problem"
)

const (
	// maxBody is the greatest size of a request.
	maxBody = 1 << 20
	// maxPooled is the size of the greatest buffer that is kept for another request.
	maxPooled = 64 << 10
)

// exchange is the memory that one request needs. It is reused.
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
			return &failure{
				status:  slow.Status,
				code:    evaluator.ErrorParseError.String(),
				details: "the body did not come to its end in time",
			}
		}
		return parseError("the body ended before all of it had come")
	}
	if x.body.Len() == 0 {
		return parseError(`the body is empty; send {"context": {"targetingKey": "…"}}`)
	}
	x.decoder.Reset(&x.body)
	return unreadable(evalcontext.ReadBody(&x.decoder, x.attributes))
}

// unreadable is the failure of a body that is no context. It is nil if there is no error.
func unreadable(err error) *failure {
	var invalid *evalcontext.InvalidError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &invalid):
		return invalidContext(invalid.Error())
	case errors.Is(err, evalcontext.ErrRange),
		errors.Is(err, evalcontext.ErrNoObject),
		errors.Is(err, evalcontext.ErrMoreAfter):
		return parseError(err.Error())
	default:
		return notJSON(err)
	}
}

// context is the context of the body. The attributes of the process from the headers are added, and the time if the
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
