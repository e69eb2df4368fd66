package hooks

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/problem"
)

// Limits of a mapping, as openapi.yaml gives them.
const (
	maxPatterns    = 100
	maxPatternText = 200
	// maxName is the length, in bytes, of the names that patterns match.
	maxName = 4096
)

// ignored is the status that a pattern gives to words that are not used.
const ignored = "ignore"

// names is a compiled mapping. It is immutable.
type names struct {
	services, environments, statuses []pattern
	fields                           map[string]string
}

type pattern struct {
	match glob
	name  string
}

// CheckMapping gives what is wrong with the mapping of a webhook of the kind; pointers begin with prefix.
func CheckMapping(kind openapi.WebhookKind, m openapi.WebhookMapping, prefix string) []openapi.FieldError {
	_, problems := compile(kind, m, prefix)
	return problems
}

// decodeMapping reads a mapping that was checked when it was stored.
func decodeMapping(kind openapi.WebhookKind, stored []byte) (*names, error) {
	var m openapi.WebhookMapping
	if err := json.Unmarshal(stored, &m); err != nil {
		return nil, fmt.Errorf("decode stored mapping: %w", err)
	}
	n, problems := compile(kind, m, "")
	if len(problems) > 0 {
		return nil, fmt.Errorf("compile stored mapping: %w", problem.Invalid(problems...))
	}
	return n, nil
}

func compile(
	kind openapi.WebhookKind,
	m openapi.WebhookMapping,
	prefix string,
) (n *names, problems []openapi.FieldError) {
	compiled := func(name string, patterns []openapi.NamePattern) []pattern {
		list, wrong := compilePatterns(patterns, prefix+"/"+name)
		problems = append(problems, wrong...)
		return list
	}
	n = &names{
		services: compiled("services", m.Services), environments: compiled("environments", m.Environments),
		statuses: compiled("statuses", m.Statuses), fields: m.Fields,
	}
	if kind != openapi.WebhookKindGeneric {
		for name, given := range map[string]bool{"statuses": len(m.Statuses) > 0, "fields": len(m.Fields) > 0} {
			if given {
				problems = append(problems, problem.Field(prefix+"/"+name, "is for webhooks of kind generic alone"))
			}
		}
		return n, problems
	}
	for i, p := range n.statuses {
		if p.name != ignored && !openapi.DeploymentStatus(p.name).Valid() {
			problems = append(problems, problem.Field(fmt.Sprintf("%s/statuses/%d/name", prefix, i),
				"must be started, succeeded, failed, rolledBack, refused, abandoned or %s, not %q", ignored, p.name))
		}
	}
	return n, append(problems, checkFields(m.Fields, prefix+"/fields")...)
}

func compilePatterns(patterns []openapi.NamePattern, prefix string) (list []pattern, problems []openapi.FieldError) {
	if len(patterns) > maxPatterns {
		return nil, []openapi.FieldError{
			problem.Field(prefix, "must have at most %d patterns, not %d", maxPatterns, len(patterns)),
		}
	}
	for i, p := range patterns {
		if wrong := patternLengths(p, fmt.Sprintf("%s/%d", prefix, i)); len(wrong) > 0 {
			problems = append(problems, wrong...)
			continue
		}
		if group := missingGroup(p); group != "" {
			problems = append(problems, problem.Field(fmt.Sprintf("%s/%d/name", prefix, i),
				"has %s, but the pattern %q has only %d times *", group, p.Match, strings.Count(p.Match, "*")))
		}
		if !utf8.ValidString(p.Match) {
			problems = append(
				problems,
				problem.Field(fmt.Sprintf("%s/%d/match", prefix, i), "cannot be used: its text is not valid"),
			)
			continue
		}
		list = append(list, pattern{newGlob(p.Match), p.Name})
	}
	return list, problems
}

// patternLengths is what is wrong with the lengths of a pattern's texts. The lengths are checked before anything
// else.
func patternLengths(p openapi.NamePattern, at string) (problems []openapi.FieldError) {
	for field, text := range map[string]string{"match": p.Match, "name": p.Name} {
		if n := utf8.RuneCountInString(text); n == 0 || n > maxPatternText {
			problems = append(problems, problem.Field(at+"/"+field, "must have 1 to %d characters", maxPatternText))
		}
	}
	return problems
}

// missingGroup is the first of $1 to $9 in the name that no * of the pattern fills; "" if there is none.
func missingGroup(p openapi.NamePattern) string {
	for group := strings.Count(p.Match, "*") + 1; group <= 9; group++ {
		if place := "$" + strconv.Itoa(group); strings.Contains(p.Name, place) {
			return place
		}
	}
	return ""
}

// service is what a tool's name stands for.
func (n *names) service(name named) string {
	return cmp.Or(first(n.services, name), name.short())
}

// environment is the key of what a tool's name stands for.
func (n *names) environment(name named) string {
	return cmp.Or(first(n.environments, name), strings.ToLower(name.short()))
}

// first gives the name for the first of the texts that any pattern matches. It is "" if no pattern matches.
func first(patterns []pattern, name named) string {
	for _, one := range name.names {
		if found, ok := apply(patterns, one); ok {
			return found
		}
	}
	return ""
}

// status is the meaning of a tool's word for a status. Use is false for a word that says nothing useful.
func (n *names) status(word string) (status release.Status, use, known bool) {
	found, ok := apply(n.statuses, word)
	if !ok {
		found, ok = usualStatus(word)
	}
	return release.Status(found), found != ignored, ok
}

// apply gives the name of the first pattern that matches. None matches a name that is longer than maxName.
func apply(patterns []pattern, name string) (found string, ok bool) {
	if len(patterns) == 0 || len(name) > maxName {
		return "", false
	}
	folded := fold(name)
	for _, p := range patterns {
		if groups, ok := p.match.find(folded); ok {
			return expand(p.name, groups), true
		}
	}
	return "", false
}

// expand puts the groups for $1 to $9, in one pass.
func expand(template string, groups []string) string {
	var places []string
	for i, group := range groups[:min(len(groups), 9)] {
		places = append(places, "$"+strconv.Itoa(i+1), group)
	}
	return strings.NewReplacer(places...).Replace(template)
}
