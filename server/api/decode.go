package api

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/tidegate-io/tidegate/server/body"
	"github.com/tidegate-io/tidegate/server/problem"
)

// Limits of request bodies.
const (
	maxBody        = 1 << 20
	maxSegmentBody = 32 << 20
)

// readBody reads the whole body, up to limit. The body must be one JSON value that body.Check accepts.
func readBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	content, err := readContent(w, r, limit)
	if err != nil {
		return nil, err
	}
	return content, body.Check(content)
}

// readContent reads the whole body, up to limit, whatever it is.
func readContent(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	if err := checkMediaType(r.Header.Get("Content-Type")); err != nil {
		return nil, err
	}
	content, err := body.Read(w, r, limit)
	switch {
	case err != nil:
		return nil, err
	case len(bytes.TrimSpace(content)) == 0:
		return nil, problem.BadRequest("The body is empty; a JSON object is expected.")
	}
	return content, nil
}

func checkMediaType(contentType string) error {
	if contentType == "" {
		return nil
	}
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err == nil && (mediaType == "application/json" || strings.HasSuffix(mediaType, "+json")) {
		return nil
	}
	return &problem.Error{
		Status: http.StatusUnsupportedMediaType,
		Slug:   "unsupported-media-type",
		Detail: fmt.Sprintf(
			"The body must be application/json, or application/merge-patch+json for PATCH, not %q.",
			contentType,
		),
	}
}

// decodeOptional is decode for a body that may be left out.
func decodeOptional[T any](w http.ResponseWriter, r *http.Request, limit int64) (value T, err error) {
	buffered := bufio.NewReader(r.Body)
	if _, err := buffered.Peek(1); errors.Is(err, io.EOF) {
		return value, nil
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{buffered, r.Body}
	return decode[T](w, r, limit)
}

// decode reads the body of a request strictly into a T.
func decode[T any](w http.ResponseWriter, r *http.Request, limit int64) (value T, err error) {
	content, err := readBody(w, r, limit)
	if err != nil {
		return value, err
	}
	err = body.Strict(content, &value)
	return value, err
}
