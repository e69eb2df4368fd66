//go:build race

package evaluator_test

// underRace is true with the race detector. Under it, sync.Pool drops at random what it is given, so that regular
// expressions allocate.
const underRace = true
