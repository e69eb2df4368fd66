package flagdtest

import (
	"os"
	"testing"
)

// Need gives the value of an environment variable. Without it the test ends as in Lack.
func Need(t testing.TB, variable, meaning string) string {
	t.Helper()
	value := os.Getenv(variable)
	if value == "" {
		Lack(t, "set "+variable+" to "+meaning+", or run the test with scripts/with-services.sh and the option for it")
	}
	return value
}

// Lack ends a test that cannot run for the given reason. The test is skipped. If FLAGD_TEST_REQUIRE_SERVICES is 1, as
// under `make test`, it fails.
func Lack(t testing.TB, reason string) {
	t.Helper()
	if os.Getenv("FLAGD_TEST_REQUIRE_SERVICES") == "1" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}
