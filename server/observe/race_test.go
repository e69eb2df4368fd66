//go:build race

package observe_test

// underRace: the race detector has sync.Pool forget things, which then are allocated anew.
const underRace = true
