//go:build race

package sdkapi_test

// underRace says that the race detector is on. It needs extra memory.
const underRace = true
