// Package faults_test breaks things under load: it kills replicas, databases and caches, cuts and silences
// connections, fills disks, sets clocks wrong and replaces replicas, while a checker notes every write that was
// acknowledged and every revision that each client saw. In the end nothing acknowledged may be lost, no client may
// have gone backwards, and no evaluation may have failed but those in flight on a process that was killed.
//
// `make test` runs a short form; `make test-faults` sets FLAGD_TEST_FAULTS=long.
package faults_test

import (
	"os"
	"testing"
	"time"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

func TestMain(m *testing.M) {
	os.Exit(flagdtest.Main(m))
}

// long tells whether the long form is asked for.
func long() bool { return os.Getenv("FLAGD_TEST_FAULTS") == "long" }

// form is one of two values: that of the short form or that of the long one.
func form[T any](short, extended T) T {
	if long() {
		return extended
	}
	return short
}

// patience is how long something may take that is expected to happen, on a machine that is busy with other tests.
const patience = time.Minute
