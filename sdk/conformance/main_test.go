// Package conformance holds the provider against a real server, through OpenFeature's client; spec below it holds the
// provider against OpenFeature's specification. It is a module of its own, so that a program that imports the provider
// inherits nothing of the server.
package conformance

import (
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
