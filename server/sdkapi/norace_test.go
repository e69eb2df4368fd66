//go:build !race

package sdkapi_test

const underRace = false
