package hooks

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/body"
	"github.com/tidegate-io/tidegate/server/problem"
)

// generic reads JSON of any shape: in the words of a deployment report, or with a mapping of its fields.
type generic struct{}

// genericFields are those of a deployment report, and the environment.
func genericFields() []string {
	return []string{
		"service",
		"version",
		"environment",
		"status",
		"source",
		"externalId",
		"commit",
		"strategy",
		"trafficWeight",
		"description",
		"url",
		"at",
	}
}

// checkFields gives what is wrong with a mapping of fields.
func checkFields(fields map[string]string, prefix string) (problems []openapi.FieldError) {
	for field, pointer := range fields {
		at := prefix + "/" + string(jsontext.Pointer("").AppendToken(field))[1:]
		switch {
		case !slices.Contains(genericFields(), field):
			problems = append(
				problems,
				problem.Field(at, "is no field of a report; it must be one of %s", strings.Join(genericFields(), ", ")),
			)
		case !jsontext.Pointer(pointer).IsValid() || pointer == "" || len(pointer) > maxPatternText:
			problems = append(
				problems,
				problem.Field(
					at,
					"must be a JSON pointer of at most %d characters, such as /build/tag, not %q",
					maxPatternText,
					pointer,
				),
			)
		}
	}
	slices.SortFunc(problems, func(a, b openapi.FieldError) int { return strings.Compare(a.Pointer, b.Pointer) })
	return problems
}

func (generic) signs() bool { return true }

func (generic) event(*http.Request) string { return "" }

func (generic) read(_ string, payload []byte, n *names) (reading, error) {
	if err := body.Check(payload); err != nil {
		return reading{}, err
	}
	e := genericEvent{payload: payload, names: n}
	word := e.required("status")
	status, use, known := n.status(word)
	if word != "" && !known {
		e.problem(
			"status",
			"%q is no status that is known; map it to started, succeeded, failed, rolledBack, refused, abandoned or %s",
			word,
			ignored,
		)
	}
	if word != "" && !use {
		return reading{note: fmt.Sprintf("The status %q is not used, as the mapping says.", word)}, nil
	}
	r := report{
		service:     name(e.pointer("service"), e.text("service")),
		environment: name(e.pointer("environment"), e.required("environment")),
		deployment: release.Deployment{
			Version: e.text(
				"version",
			),
			Status:        status,
			Source:        e.text("source"),
			ExternalID:    e.text("externalId"),
			Commit:        e.text("commit"),
			Strategy:      e.strategy(),
			TrafficWeight: e.trafficWeight(),
			Description:   e.text("description"),
			URL:           e.text("url"),
		},
		at:     e.time(),
		reason: fmt.Sprintf("Reported as %s.", word),
	}
	if r.deployment.ExternalID == "" {
		// Nobody can look up what it belongs to.
		e.required("service")
		e.required("version")
	}
	if len(e.problems) > 0 {
		return reading{}, problem.Invalid(e.problems...)
	}
	return reading{reports: []report{r}}, nil
}

// usualStatus knows the words that tools use for a status. It gives "ignore" for words that are known to be of no
// use.
func usualStatus(word string) (status string, known bool) {
	plain := strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(word))
	switch plain {
	case "started", "running", "inprogress", "pending", "created", "queued", "progressing", "deploying":
		return string(release.StatusStarted), true
	case "succeeded",
		"success",
		"successful",
		"completed",
		"complete",
		"finished",
		"deployed",
		"ok",
		"passed",
		"healthy":
		return string(release.StatusSucceeded), true
	case "failed",
		"failure",
		"error",
		"errored",
		"failedcontinue",
		"terminal",
		"aborted",
		"canceled",
		"cancelled",
		"unstable",
		"degraded",
		"timedout":
		return string(release.StatusFailed), true
	case "rolledback", "rollback", "reverted":
		return string(release.StatusRolledBack), true
	case "refused", "rejected", "denied":
		return string(release.StatusRefused), true
	case "abandoned", "superseded":
		return string(release.StatusAbandoned), true
	case "skipped", "blocked", "notbuilt":
		return ignored, true
	}
	return "", false
}

// genericEvent is an event that is being read, with what was found to be wrong.
type genericEvent struct {
	payload  jsontext.Value
	names    *names
	problems []openapi.FieldError
}

// pointer is where in the payload a field of the report is.
func (e *genericEvent) pointer(field string) string { return cmp.Or(e.names.fields[field], "/"+field) }

func (e *genericEvent) problem(field, format string, args ...any) {
	e.problems = append(e.problems, problem.Field(e.pointer(field), format, args...))
}

// text is a string or a number of the payload, as it was written; "" where it is absent or null.
func (e *genericEvent) text(field string) string {
	value := find(e.payload, e.pointer(field))
	if value == nil || value.Kind() == 'n' {
		return ""
	}
	if kind := value.Kind(); kind != '"' && kind != '0' {
		e.problem(field, "must be a string or a number")
		return ""
	}
	return readText(value)
}

func (e *genericEvent) required(field string) string {
	text := e.text(field)
	missing := func(f openapi.FieldError) bool { return f.Pointer == e.pointer(field) }
	if text == "" && !slices.ContainsFunc(e.problems, missing) {
		e.problem(field, "is required: the %s; where the payload has it elsewhere, map the field", field)
	}
	return text
}

func (e *genericEvent) strategy() release.Strategy {
	text := e.text("strategy")
	if text != "" && !openapi.DeploymentStrategy(text).Valid() {
		e.problem("strategy", "must be rolling, blueGreen, canary, shadow or recreate, not %q", text)
	}
	return release.Strategy(text)
}

func (e *genericEvent) trafficWeight() int {
	text := e.text("trafficWeight")
	if text == "" {
		return 0
	}
	weight, err := strconv.Atoi(text)
	if err != nil || weight < 0 || weight > maxTrafficWeight {
		e.problem("trafficWeight", "must be 0 to %d (100 %%), not %q", maxTrafficWeight, text)
	}
	return weight
}

// time is RFC 3339, or seconds or milliseconds since 1970.
func (e *genericEvent) time() time.Time {
	text := e.text("at")
	if text == "" {
		return time.Time{}
	}
	at, err := readTime(text)
	if err != nil {
		e.problem("at", "must be a time as RFC 3339 has it, or seconds or milliseconds since 1970, not %q", text)
	} else if err = body.CheckTime(at); err != nil {
		e.problem("at", "%s, not %q", err, text)
	}
	return at
}

func readTime(text string) (time.Time, error) {
	number, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
		return time.Parse(time.RFC3339, text)
	case number > 1e11:
		return time.UnixMilli(number), nil
	default:
		return time.Unix(number, 0), nil
	}
}

// find gives the value at a JSON pointer, nil where there is none.
func find(value jsontext.Value, pointer string) jsontext.Value {
	for token := range jsontext.Pointer(pointer).Tokens() {
		switch value.Kind() {
		case '{':
			var fields map[string]jsontext.Value
			if body.Lenient(value, &fields) != nil {
				return nil
			}
			value = fields[token]
		case '[':
			var list []jsontext.Value
			index, err := strconv.Atoi(token)
			if body.Lenient(value, &list) != nil || err != nil || index < 0 || index >= len(list) {
				return nil
			}
			value = list[index]
		default:
			return nil
		}
		if value == nil {
			return nil
		}
	}
	return value
}
