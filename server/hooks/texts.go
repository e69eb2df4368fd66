package hooks

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"strings"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/problem"
)

// Limits of texts, as openapi.yaml gives them for reports.
const (
	maxText = 200
	maxLong = 2000
)

// tidy makes the texts of d fit the limits of a report. It cuts a description and leaves out a URL that is too long:
// they only explain. It refuses a text that identifies the deployment if it is too long or not one line of text.
func tidy(d *release.Deployment) error {
	d.Description = cut(strings.TrimSpace(d.Description), maxLong)
	if utf8.RuneCountInString(d.URL) > maxLong || strings.ContainsFunc(d.URL, unicode.IsControl) {
		d.URL = ""
	}
	var problems []openapi.FieldError
	for _, field := range []struct{ name, text string }{
		{"service", d.Service}, {"version", d.Version}, {"source", d.Source}, {"external id", d.ExternalID}, {"commit", d.Commit},
	} {
		if n := utf8.RuneCountInString(field.text); n > maxText {
			problems = append(
				problems,
				problem.Field("", "the %s must have at most %d characters, not %d", field.name, maxText, n),
			)
		}
		if strings.ContainsFunc(field.text, unicode.IsControl) {
			problems = append(
				problems,
				problem.Field("", "the %s must be one line, without control characters", field.name),
			)
		}
	}
	if len(problems) > 0 {
		return problem.Invalid(problems...)
	}
	return nil
}

// cut keeps the beginning of a text that is longer than limit characters.
func cut(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return fmt.Sprintf("%s…", string([]rune(text)[:limit-1]))
}
