package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
)

func TestStoreError(t *testing.T) {
	t.Parallel()
	state := func(code string) error { return fmt.Errorf("wrapped: %w", &pgconn.PgError{Code: code}) }
	refused := &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	conflict := &store.ConflictError{What: "flag", Current: 3}
	for name, test := range map[string]struct {
		err  error
		want error
	}{
		"no rows":                 {pgx.ErrNoRows, store.ErrNotFound},
		"unique violation":        {state("23505"), store.ErrExists},
		"foreign key violation":   {state("23503"), store.ErrNotFound},
		"U+0000":                  {state("22021"), store.ErrInvalid},
		"deadlock":                {state("40P01"), store.ErrUnavailable},
		"serialization failure":   {state("40001"), store.ErrUnavailable},
		"lock timeout":            {state("55P03"), store.ErrUnavailable},
		"statement timeout":       {state("57014"), store.ErrUnavailable},
		"standby":                 {state("25006"), store.ErrUnavailable},
		"shutting down":           {state("57P01"), store.ErrUnavailable},
		"too many connections":    {state("53300"), store.ErrUnavailable},
		"disk full":               {state("53100"), store.ErrFull},
		"disk full, so no writes": {state("53100"), store.ErrUnavailable},
		"refused":                 {refused, store.ErrUnavailable},
		"cut off":                 {io.ErrUnexpectedEOF, store.ErrUnavailable},
		"deadline":                {context.DeadlineExceeded, store.ErrUnavailable},
		"what is the store's own": {conflict, store.ErrConflict},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.ErrorIs(t, storeError(test.err), test.want)
		})
	}
	for name, err := range map[string]error{
		"syntax error": state("42601"), "cancelled": fmt.Errorf("dial: %w", errors.Join(refused, context.Canceled)), "a short code": state("5"),
	} {
		t.Run(name+" stays", func(t *testing.T) {
			t.Parallel()
			require.Equal(t, err, storeError(err))
		})
	}
	require.NoError(t, storeError(nil))
}
