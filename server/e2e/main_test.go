// Package e2e_test tests the built flagd from outside: as processes that are killed, stopped and replicated, and with
// the clients that applications use, unmodified.
package e2e_test

import (
	"os"
	"testing"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
	"github.com/tidegate-io/tidegate/store/storetest"
)

func TestMain(m *testing.M) {
	os.Exit(flagdtest.Main(m))
}

// stores gives, by name, the settings of a flagd on each kind of store, empty.
func stores() map[string]func(t *testing.T) flagdtest.Settings {
	return map[string]func(t *testing.T) flagdtest.Settings{
		"SQLite": func(t *testing.T) flagdtest.Settings {
			return flagdtest.Settings{DataDir: t.TempDir()}
		},
		"PostgreSQL": func(t *testing.T) flagdtest.Settings {
			return flagdtest.Settings{DataDir: t.TempDir(), DatabaseURL: storetest.PostgresURL(t)}
		},
	}
}
