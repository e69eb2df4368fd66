package api

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// Limits of a flag's tags.
const (
	maxTags = 50
	maxTag  = 100
)

// flagReadOnly are the fields of a flag that a PATCH may carry and that it ignores.
var flagReadOnly = []string{"key", "archived", "version", "createdAt", "updatedAt", "environments"}

// editableFlagDocument is what a PATCH of a flag is applied to. The type is in it so that a change of it is refused
// rather than ignored.
type editableFlagDocument struct {
	openapi.FlagPatch
	Type openapi.FlagType `json:"type"`
}

// newFlag is the flag that body describes and its configuration in every environment. Its name is the key unless
// given, its purpose is to be released.
func newFlag(project, key string, body openapi.FlagCreate, now time.Time) (f store.Flag, config evaluator.FlagConfig, err error) {
	if err := checkKey("flag", key); err != nil {
		return f, config, err
	}
	f = store.Flag{
		Project: project, Key: key, Name: orKey(body.Name, key), Description: body.Description, Type: evaluator.Type(body.Type),
		Purpose: store.Purpose(body.Purpose), Variations: body.Variations, ClientSide: body.ClientSide,
		Tags: tidyTags(body.Tags), Owner: body.Owner, CreatedAt: now, UpdatedAt: now,
	}
	if f.Purpose == "" {
		f.Purpose = store.PurposeRelease
	}
	if f.Type == evaluator.TypeBoolean && len(f.Variations) == 0 {
		f.Variations = []evaluator.Variation{
			{Key: "on", Value: []byte("true")},
			{Key: "off", Value: []byte("false")},
		}
	}
	problems := checkFlag(f)
	off := firstConfig(&problems, f, "/offVariation", body.OffVariation, "off", len(f.Variations)-1)
	fallthroughTo := firstConfig(&problems, f, "/fallthroughVariation", body.FallthroughVariation, "on", 0)
	config = evaluator.FlagConfig{OffVariation: &off, Fallthrough: evaluator.Serve{Variation: fallthroughTo}}
	return f, config, problems.err()
}

// firstConfig is the variation that a new flag serves: the one that is given, else the one that is usually named so,
// else the one at the index.
func firstConfig(problems *fields, f store.Flag, pointer, given, usual string, index int) string {
	has := func(key string) bool {
		return slices.ContainsFunc(f.Variations, func(v evaluator.Variation) bool { return v.Key == key })
	}
	switch {
	case given != "" && !has(given):
		problems.add(pointer, "must be the key of one of the variations; there is no %q", given)
		return ""
	case given != "":
		return given
	case has(usual):
		return usual
	case len(f.Variations) > 0:
		return f.Variations[index].Key
	}
	return ""
}

// editFlag is the flag with the patch applied, checked by itself.
func editFlag(f store.Flag, patch mergePatch) (store.Flag, error) {
	document, err := applyPatch(patch, editableFlagDocument{
		FlagPatch: openapi.FlagPatch{
			Name: f.Name, Description: f.Description, Purpose: openapi.Purpose(f.Purpose), Variations: f.Variations,
			ClientSide: f.ClientSide, Tags: f.Tags, Owner: f.Owner,
		},
		Type: openapi.FlagType(f.Type),
	})
	if err != nil {
		return f, err
	}
	if document.Type != openapi.FlagType(f.Type) {
		return f, problem.Invalid(problem.Field("/type", "stays %q for good: callers rely on it. Create a new flag for another type.", f.Type))
	}
	f.Name, f.Description, f.Purpose = orKey(document.Name, f.Key), document.Description, store.Purpose(document.Purpose)
	f.Variations, f.ClientSide, f.Tags, f.Owner = document.Variations, document.ClientSide, tidyTags(document.Tags), document.Owner
	problems := checkFlag(f)
	return f, problems.err()
}

// checkFlag checks what can be said without knowing the environments.
func checkFlag(f store.Flag) fields {
	var problems fields
	problems.atMost("/name", f.Name, maxName)
	problems.atMost("/description", f.Description, maxDescription)
	problems.atMost("/owner", f.Owner, maxName)
	if !openapi.FlagType(f.Type).Valid() {
		problems.add("/type", "must be boolean, string, number or object, not %q", f.Type)
		return problems
	}
	problems.oneOf("/purpose", openapi.Purpose(f.Purpose).Valid(), string(f.Purpose), "release, experiment, operational, permission or migration")
	if len(f.Tags) > maxTags {
		problems.add("/tags", "must be at most %d", maxTags)
	}
	for i, tag := range f.Tags {
		problems.required(fmt.Sprintf("/tags/%d", i), tag, maxTag)
	}
	err := evaluator.ValidateFlag(evaluator.Flag{Key: f.Key, Type: f.Type, Variations: f.Variations})
	return append(problems, problem.CompileFields("", err)...)
}

// tidyTags trims the tags and drops those that stand twice.
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
