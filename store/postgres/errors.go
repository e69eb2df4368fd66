package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/puddle/v2"

	"github.com/tidegate-io/tidegate/store"
)

// storeError is the only place that translates the driver's errors into those of package store.
func storeError(err error) error {
	var failure *pgconn.PgError
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, sql.ErrNoRows):
		return store.ErrNotFound
	case errors.As(err, &failure):
		return failureError(err, failure.Code)
	case isConnectionError(err):
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	default:
		return err
	}
}

// failureError decides by the SQLSTATE. Its first two characters are the class.
func failureError(err error, code string) error {
	switch code {
	case "23505": // unique_violation
		return store.ErrExists
	case "23503": // foreign_key_violation
		return store.ErrNotFound
	case "22021", // character_not_in_repertoire: U+0000, or not UTF-8
		"22P05": // untranslatable_character: \u0000 in JSON
		return fmt.Errorf("%w: %w", store.ErrInvalid, err)
	case "53100": // disk_full
		return fmt.Errorf("%w: %w: %w", store.ErrUnavailable, store.ErrFull, err)
	case "25006", // read_only_sql_transaction: a standby, or a primary that has become one
		"40001", // serialization_failure
		"40P01", // deadlock_detected
		"55P03", // lock_not_available
		"57014": // query_canceled: statement_timeout
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	if code == "08P01" && strings.Contains(err.Error(), "unsupported startup parameter") {
		return fmt.Errorf(
			"the URL leads to a pooler, such as PgBouncer, and a second one that leads to the database itself is missing: %w",
			err,
		)
	}
	switch code[:min(2, len(code))] {
	case "08", // connection exception
		"53", // insufficient resources
		"57", // operator intervention: shutting down, starting up
		"58": // system error
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	default:
		return err
	}
}

// isStandby tells whether a transaction could not begin because the server only follows a primary. Such a server
// refuses a transaction that writes, with the error "not supported".
func isStandby(err error) bool {
	var failure *pgconn.PgError
	return errors.As(err, &failure) && failure.Code == "0A000" // feature_not_supported
}

func isConnectionError(err error) bool {
	var connecting *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connecting) || errors.As(err, &network) || pgconn.SafeToRetry(err) || pgconn.Timeout(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, puddle.ErrClosedPool)
}
