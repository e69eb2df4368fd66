//go:build !linux

package server

import "time"

// setGoneAfter does nothing: this system has no such limit.
func setGoneAfter(uintptr, time.Duration) error { return nil }
