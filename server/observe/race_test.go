//go:build race

package observe_test

// underRace says that the race detector is on. With it, sync.Pool drops some values, and they are allocated again.
const underRace = true
