package flagdtest

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

// PostgresURL makes an empty schema in the PostgreSQL of FLAGD_TEST_DATABASE_URL and gives the URL that leads to it. The end
// of the test drops it. Without a PostgreSQL the test is skipped; see Need.
func PostgresURL(t testing.TB) string {
	t.Helper()
	base := Need(t, "FLAGD_TEST_DATABASE_URL", "the URL of a PostgreSQL")
	schema := "e2e_" + strings.ToLower(rand.Text())
	execute(t, base, "CREATE SCHEMA "+schema)
	t.Cleanup(func() { execute(t, base, "DROP SCHEMA "+schema+" CASCADE") })

	database, err := url.Parse(base)
	require.NoError(t, err, "FLAGD_TEST_DATABASE_URL")
	query := database.Query()
	query.Set("search_path", schema)
	database.RawQuery = query.Encode()
	return database.String()
}

// execute runs one statement on a connection of its own. It is also called when the test, and so its context, has ended.
func execute(t testing.TB, databaseURL, statement string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	connection, err := pgx.Connect(ctx, databaseURL)
	require.NoError(t, err, "connect to FLAGD_TEST_DATABASE_URL")
	defer connection.Close(ctx)
	_, err = connection.Exec(ctx, statement)
	require.NoError(t, err, statement)
}

// RedisURL gives the URL of a numbered, emptied database in the Redis of FLAGD_TEST_REDIS_URL. Tests that run at the same
// time take different numbers, from 1 to 15. Without a Redis the test is skipped; see Need.
func RedisURL(t testing.TB, number int) string {
	t.Helper()
	base, err := url.Parse(Need(t, "FLAGD_TEST_REDIS_URL", "the URL of a Redis"))
	require.NoError(t, err, "FLAGD_TEST_REDIS_URL")
	base.Path = "/" + strconv.Itoa(number)

	options, err := redis.ParseURL(base.String())
	require.NoError(t, err, "FLAGD_TEST_REDIS_URL")
	client := redis.NewClient(options)
	defer client.Close()
	require.NoError(t, client.FlushDB(t.Context()).Err(), "empty Redis database %d", number)
	return base.String()
}

// Need gives the value of an environment variable. Without it the test is skipped, or fails where
// FLAGD_TEST_REQUIRE_SERVICES is set, as it is under `make test`.
func Need(t testing.TB, variable, meaning string) string {
	t.Helper()
	value := os.Getenv(variable)
	if value == "" {
		Lack(t, "set "+variable+" to "+meaning+", or run it with scripts/with-services.sh --browser")
	}
	return value
}

// Lack ends a test that cannot run for the reason given: it is skipped, or fails where FLAGD_TEST_REQUIRE_SERVICES is set.
func Lack(t testing.TB, reason string) {
	t.Helper()
	if os.Getenv("FLAGD_TEST_REQUIRE_SERVICES") != "" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}
