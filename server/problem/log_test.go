package problem_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// It changes slog's default logger, so it does not run beside other tests.
func TestOnlyInternalErrorsAreLogged(t *testing.T) {
	var logged bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&logged, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	write := func(err error) {
		problem.Write(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/sdk/v1/stream", nil), err)
	}
	write(problem.Unavailable("this server has as many streams as it may have"))
	write(fmt.Errorf("read: %w", store.ErrUnavailable))
	write(store.ErrNotFound)
	assert.Empty(t, logged.String())

	write(errors.New("index out of range"))
	assert.Contains(t, logged.String(), "index out of range")
}
