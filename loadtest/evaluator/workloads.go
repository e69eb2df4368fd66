package main

import (
	"encoding/json"
	"fmt"
)

// workload is one of the four flags that every implementation is asked for.
type workload int

const (
	rollout workload = iota // three rules that miss, then a 25/75 rollout
	off                     // a flag that is switched off
	semver                  // a rule on a version, which matches
	list                    // a rule on a key in a list of 10 000, which matches
	workloadCount
)

func (w workload) String() string {
	return [...]string{"rules miss + rollout", "off", "semver rule", "key in a list of 10 000"}[w]
}

// implementation is one evaluator, set up for the workloads.
type implementation struct {
	name string
	// evaluate evaluates the workload's flag n times.
	evaluate func(w workload, n int)
	// serves returns the boolean that the workload's flag serves.
	serves func(w workload) bool
}

// check makes sure that the implementation does the work. All answers are known, except those of the rollout.
func (i *implementation) check() error {
	for w, want := range map[workload]bool{off: false, semver: true, list: true} {
		if got := i.serves(w); got != want {
			return fmt.Errorf("%s serves %t for %q, which should be %t", i.name, got, w, want)
		}
	}
	return nil
}

const (
	userKey     = "user-34993"
	listedCount = 10_000
)

// listedKeys returns 10 000 keys in JSON, userKey among them.
func listedKeys() (string, error) {
	keys := make([]string, listedCount)
	for i := range keys {
		keys[i] = fmt.Sprintf("user-%d", i*7)
	}
	raw, err := json.Marshal(keys)
	return string(raw), err
}

// userAttributes is the context: what OpenFeature calls flattened.
func userAttributes() map[string]any {
	return map[string]any{
		"targetingKey": userKey,
		"country":      "DE",
		"email":        "somebody@example.com",
		"plan":         "free",
		"appVersion":   "2.4.1",
	}
}
