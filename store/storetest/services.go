package storetest

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// The environment variables that name the services of the tests.
const (
	databaseVariable = "FLAGD_TEST_DATABASE_URL"
	redisVariable    = "FLAGD_TEST_REDIS_URL"
	requireVariable  = "FLAGD_TEST_REQUIRE_SERVICES"
)

// PostgresURL gives the URL of a new and empty schema, which is dropped when the test is over. Without a database for
// tests the test is skipped. It fails if services are required.
func PostgresURL(t testing.TB) string {
	t.Helper()
	server := service(t, databaseVariable)
	schema := "test_" + strings.ToLower(rand.Text())
	onServer(t, server, "CREATE SCHEMA "+schema)
	t.Cleanup(func() { onServer(t, server, "DROP SCHEMA "+schema+" CASCADE") })

	parsed, err := url.Parse(server)
	require.NoError(t, err, databaseVariable)
	query := parsed.Query()
	query.Set("search_path", schema)
	parsed.RawQuery = query.Encode()
	return parsed.String()
}

// PostgresDatabaseURL is PostgresURL with a database of its own. Some tests need more than a schema: statements that
// wait for every transaction of the database, and poolers, which do not accept the name of a schema.
func PostgresDatabaseURL(t testing.TB) string {
	t.Helper()
	server := service(t, databaseVariable)
	name := "test_" + strings.ToLower(rand.Text())
	onServer(t, server, "CREATE DATABASE "+name)
	t.Cleanup(func() { onServer(t, server, "DROP DATABASE "+name+" WITH (FORCE)") })
	parsed, err := url.Parse(server)
	require.NoError(t, err, databaseVariable)
	parsed.Path = "/" + name
	return parsed.String()
}

// RedisURL gives the URL of a Redis whose keys other tests use too. Without a Redis the test is skipped. It fails if
// services are required.
func RedisURL(t testing.TB) string {
	t.Helper()
	return service(t, redisVariable)
}

func service(t testing.TB, variable string) string {
	t.Helper()
	value := os.Getenv(variable)
	if value != "" {
		return value
	}
	if os.Getenv(requireVariable) == "1" {
		t.Fatalf("%s is not set, and %s=1 asks for it", variable, requireVariable)
	}
	t.Skipf("%s is not set: `make test` starts the services and sets it", variable)
	return ""
}

func onServer(t testing.TB, server, statement string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	require.NoError(t, err)
	_, err = conn.Exec(ctx, statement)
	require.NoError(t, err)
	require.NoError(t, conn.Close(ctx))
}
