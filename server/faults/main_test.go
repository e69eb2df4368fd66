// Package faults_test breaks things under load. It kills replicas, databases and caches, cuts and silences
// connections, fills disks, sets clocks wrong and replaces replicas. Meanwhile a checker notes every acknowledged
// write and every revision that each client saw. At the end nothing acknowledged may be lost, and no client may have
// gone backwards. No evaluation may have failed, except those in flight on a process that was killed.
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

// form gives the first value in the short form, and the second in the long form.
func form[T any](short, extended T) T {
	if long() {
		return extended
	}
	return short
}

// patience is how long an expected event may take on a machine that is busy with other tests.
const patience = time.Minute
