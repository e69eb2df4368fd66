package api

import (
	"unicode/utf8"

	"github.com/tidegate-io/tidegate/server/problem"
)

// Limits of texts, as openapi.yaml gives them.
const (
	maxName   = 200
	maxReason = 1000
)

// checkReason refuses a reason that is too long.
func checkReason(reason string) error {
	if utf8.RuneCountInString(reason) > maxReason {
		return problem.BadRequest("The header Tidegate-Reason must have at most 1000 characters.")
	}
	return nil
}
