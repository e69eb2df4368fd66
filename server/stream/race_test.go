//go:build race

package stream_test

// underRace: the race detector keeps memory of its own.
const underRace = true
