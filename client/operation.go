package client

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"unicode"
)

// Patch is a merge patch (RFC 7396): it holds the fields to change. A field that is nil is removed or reset, and a
// list is replaced as a whole.
type Patch map[string]any

// List is one page of a list.
type List[T any] struct {
	Items []T `json:"items"`
	// Next is the cursor of the page that follows; empty on the last one.
	Next string `json:"next"`
}

// operation is what openapi.yaml says about one operation.
type operation struct {
	method, path string
	// takesKey, takesIfMatch and takesReason tell which headers it has.
	takesKey, takesIfMatch, takesReason bool
	// changesNothing says that the operation only reads, although it is a POST.
	changesNothing bool
}

// repeatable tells whether it does no harm to send the operation twice, with the headers that it gets here.
func (o operation) repeatable() bool {
	switch o.method {
	case http.MethodGet, http.MethodPut, http.MethodDelete:
		return true
	}
	return o.takesKey || o.changesNothing
}

// request is what the caller gives an operation.
type request struct {
	path    []string
	query   url.Values
	body    any
	options []CallOption
}

// CallOption changes one call.
type CallOption func(*headers)

// headers are the values of the headers that a call may have.
type headers struct{ key, ifMatch, reason string }

// IfMatch lets the call fail with [ErrConflict] unless the version is still the current one.
func IfMatch(version int64) CallOption {
	return func(h *headers) { h.ifMatch = strconv.Quote(strconv.FormatInt(version, 10)) }
}

// Reason says why the change is made; it is kept with the change.
func Reason(reason string) CallOption {
	return func(h *headers) { h.reason = reason }
}

// IdempotencyKey makes the server apply the call once within 24 hours, even if others repeat it with the same key.
// Without it each call has a random key.
func IdempotencyKey(key string) CallOption {
	return func(h *headers) { h.key = key }
}

// call is what every attempt sends.
type call struct {
	method, url string
	header      http.Header
	body        []byte
	repeatable  bool
}

// prepare makes the call of an operation.
func (c *Client) prepare(o operation, r request) (call, error) {
	path, err := fill(o.path, r.path)
	if err != nil {
		return call{}, err
	}
	made := call{method: o.method, url: c.address + basePath + path, repeatable: o.repeatable()}
	if len(r.query) > 0 {
		made.url += "?" + r.query.Encode()
	}
	if made.header, err = c.headers(o, r.options); err != nil {
		return call{}, err
	}
	if r.body == nil {
		return made, nil
	}
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(r.body); err != nil {
		return call{}, fmt.Errorf("encode request: %w", err)
	}
	made.body = body.Bytes()
	made.header.Set("Content-Type", "application/json")
	if o.method == http.MethodPatch {
		made.header.Set("Content-Type", "application/merge-patch+json")
	}
	return made, nil
}

// headers refuses options that the operation does not take. For instance, a change that depends on a version must not
// be made without a check of the version.
func (c *Client) headers(o operation, options []CallOption) (http.Header, error) {
	var given headers
	for _, option := range options {
		option(&given)
	}
	switch {
	case given.ifMatch != "" && !o.takesIfMatch:
		return nil, fmt.Errorf("%s %s takes no IfMatch", o.method, o.path)
	case given.reason != "" && !o.takesReason:
		return nil, fmt.Errorf("%s %s takes no Reason", o.method, o.path)
	case given.key != "" && !o.takesKey:
		return nil, fmt.Errorf("%s %s takes no IdempotencyKey", o.method, o.path)
	}
	if given.key == "" && o.takesKey {
		given.key = rand.Text()
	}
	if given.reason == "" && o.takesReason {
		given.reason = c.reason
	}
	header := http.Header{"Authorization": {"Bearer " + c.token}, "User-Agent": {c.agent}}
	for name, value := range map[string]string{"Idempotency-Key": given.key, "If-Match": given.ifMatch, "Tidegate-Reason": given.reason} {
		if strings.ContainsFunc(value, unicode.IsControl) {
			return nil, fmt.Errorf("%s must be one line of text, not %q", name, value)
		}
		if value != "" {
			header.Set(name, value)
		}
	}
	return header, nil
}

// fill puts the escaped values into the placeholders of the path, in their order.
func fill(path string, values []string) (string, error) {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if !strings.HasPrefix(part, "{") {
			continue
		}
		value := values[0]
		values = values[1:]
		if value == "" || value == "." || value == ".." {
			return "", fmt.Errorf("%q is no %s", value, strings.Trim(part, "{}"))
		}
		parts[i] = url.PathEscape(value)
	}
	return strings.Join(parts, "/"), nil
}

// query collects names and values, and leaves out what has its zero value.
func query(namesAndValues ...any) url.Values {
	values := url.Values{}
	for i := 0; i < len(namesAndValues); i += 2 {
		if value := namesAndValues[i+1]; unlessZero(value) != nil {
			values.Set(namesAndValues[i].(string), fmt.Sprint(value))
		}
	}
	return values
}

// unlessZero is the value, or nil for a zero value. So an optional body that is empty is not sent.
func unlessZero(value any) any {
	if reflect.ValueOf(value).IsZero() {
		return nil
	}
	return value
}
