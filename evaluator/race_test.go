//go:build race

package evaluator_test

// underRace is true with the race detector, under which sync.Pool drops what it is given at random, so that regular
// expressions allocate.
const underRace = true
