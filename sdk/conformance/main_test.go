// Package conformance tests the provider against a real server, through OpenFeature's client. The package spec below
// it tests the provider against OpenFeature's specification. It is a module of its own. So a program that imports the
// provider does not get the dependencies of the server.
package conformance

import (
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
