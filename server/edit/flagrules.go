package edit

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/invalid"
	"github.com/tidegate-io/tidegate/store"
)

// Limits of a flag's tags.
const (
	maxTags = 50
	maxTag  = 100
)

// completeFlag tidies and checks an edited flag by itself.
func completeFlag(before, after store.Flag) (store.Flag, error) {
	if after.Type != before.Type {
		var f invalid.Fields
		f.Add("/type", "stays %q for good: callers rely on it. Create a new flag for another type.", before.Type)
		return after, f.Err()
	}
	after, problems := tidyFlag(after)
	checkOneEmpty(&problems, before.Variations, after.Variations)
	return after, problems.Err()
}

// checkOneEmpty refuses a second variation with an empty text or object: nobody could tell the two apart. A variation
// that was empty before may stay, so that an older flag can still be changed.
func checkOneEmpty(problems *invalid.Fields, before, after []evaluator.Variation) {
	var another bool
	for i := range after {
		v := &after[i]
		if !v.IsEmpty() {
			continue
		}
		wasEmpty := slices.ContainsFunc(
			before,
			func(old evaluator.Variation) bool { return old.Key == v.Key && old.IsEmpty() },
		)
		if another && !wasEmpty {
			problems.Add(
				"/variations/"+strconv.Itoa(i)+"/value",
				"must not be empty: another variation is, and nobody could tell them apart",
			)
		}
		another = true
	}
}

// tidyFlag fills in the name and tidies the tags. The problems are what is wrong with the flag itself, independent of
// the environments.
func tidyFlag(f store.Flag) (tidy store.Flag, problems invalid.Fields) {
	f.Name, f.Tags = cmp.Or(f.Name, f.Key), tidyTags(f.Tags)
	problems.AtMost("/name", f.Name, maxName)
	problems.AtMost("/description", f.Description, maxDescription)
	problems.AtMost("/owner", f.Owner, maxName)
	if !slices.Contains(flagTypes, f.Type) {
		problems.Add("/type", "must be boolean, string, number or object, not %q", f.Type)
		return f, problems
	}
	problems.OneOf(
		"/purpose",
		slices.Contains(purposes, f.Purpose),
		string(f.Purpose),
		"release, experiment, operational, permission or migration",
	)
	if len(f.Tags) > maxTags {
		problems.Add("/tags", "must be at most %d", maxTags)
	}
	for i, tag := range f.Tags {
		problems.Required("/tags/"+strconv.Itoa(i), tag, maxTag)
	}
	problems.Compiled(evaluator.ValidateFlag(evaluator.Flag{Key: f.Key, Type: f.Type, Variations: f.Variations}))
	return f, problems
}

var (
	flagTypes = []evaluator.Type{
		evaluator.TypeBoolean,
		evaluator.TypeString,
		evaluator.TypeNumber,
		evaluator.TypeObject,
	}
	purposes = []store.Purpose{
		store.PurposeRelease,
		store.PurposeExperiment,
		store.PurposeOperational,
		store.PurposePermission,
		store.PurposeMigration,
	}
)

// tidyTags trims the tags and drops duplicates.
func tidyTags(tags []string) []string {
	tidy := make([]string, 0, len(tags))
	for _, tag := range tags {
		tag = strings.TrimSpace(tag)
		if !slices.Contains(tidy, tag) {
			tidy = append(tidy, tag)
		}
	}
	return tidy
}
