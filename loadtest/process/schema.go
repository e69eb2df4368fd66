package process

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// NewSchema makes an empty schema and returns the URL that leads to it, and how to drop it.
func NewSchema(ctx context.Context, server string) (address string, drop func() error, err error) {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", nil, fmt.Errorf("connect to the database: %w", err)
	}
	schema := "load_" + strings.ToLower(rand.Text())
	if _, err := conn.Exec(ctx, "CREATE SCHEMA "+schema); err != nil {
		return "", nil, errors.Join(fmt.Errorf("make schema: %w", err), conn.Close(ctx))
	}
	parsed, err := url.Parse(server)
	if err != nil {
		return "", nil, errors.Join(fmt.Errorf("read the database's URL: %w", err), conn.Close(ctx))
	}
	query := parsed.Query()
	query.Set("search_path", schema)
	parsed.RawQuery = query.Encode()
	return parsed.String(), func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		_, err := conn.Exec(ctx, "DROP SCHEMA "+schema+" CASCADE")
		return errors.Join(err, conn.Close(ctx))
	}, nil
}
