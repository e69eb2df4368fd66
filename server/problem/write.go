package problem

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// MediaType is the media type of every problem.
const MediaType = "application/problem+json"

// statusClientClosed is what is logged when the caller has gone away; nobody receives it.
const statusClientClosed = 499

// Write answers the request with err as a problem. If it does not know the error, it answers with an internal error
// without the text. The text goes to slog's default log, because any handler may have such an error. The error of a
// full disk is logged too, because only writes find it. If something is unavailable for now, the requests are not
// logged one by one: an outage would flood the log. The part that lost its service logs the outage once, and the
// answers are counted.
func Write(w http.ResponseWriter, r *http.Request, err error) {
	e, version := classify(r, err)
	if e.Status == http.StatusInternalServerError || e.Status == http.StatusInsufficientStorage {
		slog.ErrorContext(
			r.Context(),
			"request failed",
			"method",
			r.Method,
			"path",
			r.URL.Path,
			"status",
			e.Status,
			"error",
			err,
		)
	}
	for name, values := range e.Header {
		w.Header()[name] = values
	}
	if version != 0 {
		w.Header().Set("ETag", strconv.Quote(strconv.FormatInt(version, 10)))
	}
	w.Header().Set("Content-Type", MediaType)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(e.Status)
	// The status is sent: an error now means that the caller has gone away.
	document := describe(e, version)
	document.Instance = r.URL.EscapedPath()
	var current *CurrentError
	if errors.As(err, &current) {
		document.Current = current.Document
	}
	_ = json.NewEncoder(w).Encode(document)
}

// Describe gives the problem that Write would answer with to a request without conditions.
func Describe(err error) openapi.Problem {
	e, version := classify(&http.Request{}, err)
	return describe(e, version)
}

func describe(e *Error, version int64) openapi.Problem {
	return openapi.Problem{
		Type:           "/problems/" + e.Slug,
		Title:          title(e),
		Status:         e.Status,
		Detail:         e.Detail,
		CurrentVersion: version,
		Errors:         e.Fields,
	}
}

// classify finds the answer to err, and the current version where err is a version conflict.
func classify(r *http.Request, err error) (e *Error, currentVersion int64) {
	var conflict *store.ConflictError
	if errors.As(err, &conflict) {
		return versionConflict(r, conflict), conflict.Current
	}
	if errors.As(err, &e) {
		return e, 0
	}
	if e := classifyEdit(err); e != nil {
		return e, 0
	}
	var (
		tooLarge *http.MaxBytesError
		refused  *release.RefusedError
	)
	switch {
	case errors.As(err, &tooLarge):
		return &Error{
			Status: http.StatusRequestEntityTooLarge,
			Slug:   "too-large",
			Detail: "The body is larger than the " + strconv.FormatInt(
				tooLarge.Limit,
				10,
			) + " bytes that are allowed here.",
		}, 0
	case errors.As(err, &refused):
		return Conflict("%s", capitalized(refused.Message)), 0
	case errors.Is(err, store.ErrNotFound):
		return NotFound("There is no %s.", subject(err)), 0
	case errors.Is(err, store.ErrExists):
		e = Conflict(
			"There is a %s already, or was, for archived ones count too. Choose another key, or change what exists with PATCH.",
			subject(err),
		)
		e.Slug = "already-exists"
		return e, 0
	case errors.Is(err, store.ErrConflict):
		return Conflict("It has changed. Read it again and repeat the change."), 0
	case errors.Is(err, store.ErrMoved):
		return Conflict(
			"Others keep changing the flags and segments that this change was checked against. Repeat it.",
		), 0
	case errors.Is(err, store.ErrRepeated):
		return Conflict("The request was applied already."), 0
	case errors.Is(err, store.ErrInvalid):
		return BadRequest("A text holds a character that cannot be stored, such as U+0000."), 0
	case errors.Is(err, store.ErrFull):
		return Full(), 0
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, context.DeadlineExceeded):
		return Unavailable("The database does not answer. Try again."), 0
	case errors.Is(err, context.Canceled):
		return &Error{Status: statusClientClosed, Slug: "cancelled", Detail: "The request was cancelled."}, 0
	}
	return &Error{
		Status: http.StatusInternalServerError, Slug: "internal",
		Detail: "Something went wrong in the server. Its log has the details.",
	}, 0
}

// versionConflict is 412 where the caller named a version, 409 otherwise.
func versionConflict(r *http.Request, conflict *store.ConflictError) *Error {
	status := http.StatusConflict
	if r.Header.Get("If-Match") != "" {
		status = http.StatusPreconditionFailed
	}
	return &Error{
		Status: status,
		Slug:   "version-conflict",
		Detail: capitalized(
			conflict.Error(),
		) + ". Read it again, repeat the change on it and send its ETag as If-Match.",
	}
}

// subject is what an error of the store is about.
func subject(err error) string { return cmp.Or(store.FailedOn(err), "such thing") }

// Sentence begins text, an error's for instance, with a capital letter and ends it with a full stop.
func Sentence(text string) string { return strings.TrimSuffix(capitalized(text), ".") + "." }

func capitalized(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

func title(e *Error) string {
	switch {
	case e.Slug == "version-conflict":
		return "Version conflict"
	case e.Status == statusClientClosed:
		return "Client closed request"
	}
	return http.StatusText(e.Status)
}
