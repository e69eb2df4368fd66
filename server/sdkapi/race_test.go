//go:build race

package sdkapi_test

// underRace: the race detector keeps memory of its own.
const underRace = true
