package api

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// writeRefused answers that an update has failed. A version conflict carries what there is now, as get answers it, so that
// the caller can look at it and repeat the change on it without asking again.
func (a *API) writeRefused(w http.ResponseWriter, r *http.Request, err error, get func(w http.ResponseWriter, r *http.Request)) {
	var conflict *store.ConflictError
	if !errors.As(err, &conflict) {
		problem.Write(w, r, err)
		return
	}
	answer := answerBuffer{header: http.Header{}, status: http.StatusOK}
	get(&answer, r)
	version, versionErr := strconv.ParseInt(strings.Trim(answer.header.Get("ETag"), `"`), 10, 64)
	// What cannot be read now may have been archived in between: the conflict is news enough.
	if answer.status == http.StatusOK && versionErr == nil {
		err = &problem.CurrentError{
			ConflictError: store.ConflictError{What: conflict.What, Current: version}, Document: answer.body.Bytes(),
		}
	}
	problem.Write(w, r, err)
}

// answerBuffer keeps what a handler answers.
type answerBuffer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header is the header of the answer.
func (b *answerBuffer) Header() http.Header { return b.header }

// WriteHeader keeps the status.
func (b *answerBuffer) WriteHeader(status int) { b.status = status }

// Write keeps the body.
func (b *answerBuffer) Write(p []byte) (int, error) { return b.body.Write(p) }
