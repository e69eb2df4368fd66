package edit

import (
	"cmp"
	"regexp"

	"github.com/tidegate-io/tidegate/server/invalid"
)

// Limits of texts, as openapi.yaml gives them.
const (
	maxName        = 200
	maxDescription = 10_000
)

// keyPattern is the schema Key of openapi.yaml.
var keyPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)

// checkKey refuses a key that nothing may be created with.
func checkKey(what, key string) error {
	if keyPattern.MatchString(key) {
		return nil
	}
	return &KeyError{What: what}
}

// nameOr checks the name of something, and gives its key where it has none.
func nameOr(f *invalid.Fields, name, key string) string {
	f.Line("/name", name, maxName)
	return cmp.Or(name, key)
}
