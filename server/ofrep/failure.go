package ofrep

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/auth"
)

// failure is an answer other than 200 and 304.
type failure struct {
	status int
	// code is an error code of OpenFeature. It is empty where the protocol has no code for the status.
	code    string
	details string
	// retryAfter is a number of seconds. Empty means that trying again does not help.
	retryAfter string
}

func unauthorized(details string) *failure {
	return &failure{status: http.StatusUnauthorized, details: details}
}

// notReady is the failure of a request that will work later. The protocol has no status for it. With 503, clients and
// proxies try again.
func notReady(details string) *failure {
	return &failure{
		status: http.StatusServiceUnavailable, code: evaluator.ErrorProviderNotReady.String(),
		details: details, retryAfter: "1",
	}
}

func parseError(details string) *failure {
	return &failure{status: http.StatusBadRequest, code: evaluator.ErrorParseError.String(), details: details}
}

// notJSON says where and why the body is not JSON. It has its own words, because the decoder's messages are written
// for Go programmers.
func notJSON(err error) *failure {
	var syntax *jsontext.SyntacticError
	if !errors.As(err, &syntax) {
		return parseError("the body is not JSON: it ends too early")
	}
	where := fmt.Sprintf(" at byte %d", syntax.ByteOffset)
	if syntax.JSONPointer != "" {
		where += ", in " + string(syntax.JSONPointer)
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return parseError("the body is not JSON: it ends too early" + where)
	case errors.Is(err, jsontext.ErrDuplicateName):
		return parseError("the body is not JSON: an object has a name twice" + where)
	default:
		return parseError("the body is not JSON" + where)
	}
}

func invalidContext(details string) *failure {
	return &failure{status: http.StatusBadRequest, code: evaluator.ErrorInvalidContext.String(), details: details}
}

func tooLarge() *failure {
	return &failure{
		status: http.StatusRequestEntityTooLarge, code: evaluator.ErrorGeneral.String(),
		details: "the body may have 1 MiB at most",
	}
}

func tooMany(retryAfter time.Duration) *failure {
	return &failure{
		status: http.StatusTooManyRequests, code: evaluator.ErrorGeneral.String(),
		details:    "there are more evaluations with this SDK key than the server allows",
		retryAfter: strconv.FormatInt(int64(math.Ceil(retryAfter.Seconds())), 10),
	}
}

func flagNotFound(key string) *failure {
	return &failure{
		status: http.StatusNotFound, code: evaluator.ErrorFlagNotFound.String(),
		details: "there is no flag " + key + " that this key may see",
	}
}

// evaluationFailed is the failure of a flag that could not be evaluated.
func evaluationFailed(r *evaluator.Result, key string) *failure {
	if r.ErrorCode == evaluator.ErrorFlagNotFound {
		return flagNotFound(key)
	}
	details := brokenFlag
	switch {
	case r.Detail == evaluator.DetailBudgetExceeded:
		details = evaluator.BudgetMessage
	case r.ErrorCode == evaluator.ErrorGeneral:
		details = failedExpression
	}
	return &failure{status: http.StatusBadRequest, code: r.ErrorCode.String(), details: details}
}

// answerTooLarge is the failure of a flag whose value has no room in the answer about all flags.
func answerTooLarge() *failure {
	return &failure{
		status: http.StatusBadRequest, code: evaluator.ErrorGeneral.String(),
		details: "the values of all flags are more than one answer may hold (8 MiB); ask for this flag alone",
	}
}

const (
	brokenFlag       = "the flag's configuration does not compile; the server's log says why"
	failedExpression = "the flag's expression (targeting) fails for this context, or names no variation; try the context on the flag's page"
)

// write answers with the failure. key is the key of the flag in the request. It is empty in a bulk request.
func (f *failure) write(w http.ResponseWriter, key string) {
	header := w.Header()
	header["Content-Type"] = contentTypeJSON
	header["Cache-Control"] = noStore
	if f.status == http.StatusUnauthorized {
		header.Set("WWW-Authenticate", auth.Challenge)
	}
	if f.retryAfter != "" {
		header.Set("Retry-After", f.retryAfter)
	}
	w.WriteHeader(f.status)
	// An error means that the client has gone.
	_, _ = w.Write(f.append(nil, key))
}

// append writes {"key", "errorCode", "errorDetails"}. It leaves out empty members.
func (f *failure) append(b []byte, key string) []byte {
	b = append(b, '{')
	if key != "" {
		b = append(appendString(append(b, `"key":`...), key), ',')
	}
	if f.code != "" {
		b = append(append(append(b, `"errorCode":"`...), f.code...), `",`...)
	}
	b = appendString(append(b, `"errorDetails":`...), f.details)
	return append(b, '}')
}

// appendString writes s as a JSON string. It replaces invalid UTF-8.
func appendString(b []byte, s string) []byte {
	// The only possible error is invalid UTF-8. AppendQuote has already replaced it.
	b, _ = jsontext.AppendQuote(b, s)
	return b
}
