package importer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tidegate-io/tidegate/client"
	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/openapi"
)

// Target is where a plan is written: one environment of a server.
type Target struct {
	Client      *client.Client
	Project     string
	Environment string
	// Progress is called after each flag or segment that was written, with how many of all are done. It may be nil.
	Progress func(done, total int)
}

// Action is what becomes of one flag or segment.
type Action struct {
	Kind string // "flag" or "segment"
	Key  string
	// Verb is "create", "replace", or "keep" for what is the same already.
	Verb string
	// Problem says why nothing is written; "" if something is.
	Problem string
}

const (
	verbCreate  = "create"
	verbReplace = "replace"
	verbKeep    = "keep"
)

// Compare looks up what is there already. It writes nothing.
func (t *Target) Compare(ctx context.Context, plan *Plan) ([]Action, error) {
	if _, err := t.Client.GetEnvironment(ctx, t.Project, t.Environment); err != nil {
		return nil, fmt.Errorf("look at %s/%s: %w", t.Project, t.Environment, err)
	}
	var actions []Action
	for i := range plan.Segments {
		a := Action{Kind: "segment", Key: plan.Segments[i].Key}
		there, err := t.Client.GetSegment(ctx, t.Project, a.Key)
		if err := a.decide(err); err != nil {
			return nil, err
		}
		if a.Verb == verbReplace && sameSegment(&there, &plan.Segments[i]) {
			a.Verb = verbKeep
		}
		actions = append(actions, a)
	}
	for i := range plan.Flags {
		a := Action{Kind: "flag", Key: plan.Flags[i].Key}
		there, err := t.Client.GetFlag(ctx, t.Project, a.Key)
		if err := a.decide(err); err != nil {
			return nil, err
		}
		if a.Verb == verbReplace {
			a.Problem = obstacle(&there, &plan.Flags[i])
		}
		if a.Verb == verbReplace && a.Problem == "" {
			config, err := t.Client.GetFlagConfig(ctx, t.Project, a.Key, t.Environment)
			if err != nil {
				return nil, fmt.Errorf("look at flag %q: %w", a.Key, err)
			}
			if sameConfig(&config, &plan.Flags[i].Config) {
				a.Verb = verbKeep
			}
		}
		actions = append(actions, a)
	}
	return actions, nil
}

// decide sets the verb by the error of looking for what is there.
func (a *Action) decide(err error) error {
	switch {
	case err == nil:
		a.Verb = verbReplace
	case errors.Is(err, client.ErrNotFound):
		a.Verb = verbCreate
	default:
		return fmt.Errorf("look at %s %q: %w", a.Kind, a.Key, err)
	}
	return nil
}

// sameConfig reports whether a flag is configured as it would be written. Availability is taken away by an import
// that has none.
func sameConfig(there *openapi.FlagConfig, config *evaluator.FlagConfig) bool {
	var c evaluator.FlagConfig
	return json.Unmarshal(raw(there), &c) == nil && bytes.Equal(compact(raw(c)), compact(raw(config)))
}

func sameSegment(there *openapi.Segment, s *Segment) bool {
	if there.Name != s.Name || there.Description != s.Description {
		return false
	}
	var c evaluator.Segment
	if json.Unmarshal(raw(there), &c) != nil {
		return false
	}
	c.Version = s.Version
	return bytes.Equal(compact(raw(c)), compact(raw(s.Segment)))
}

const archived = "its key was archived, and keys are not used again"

// obstacle says why what is there cannot become the flag.
func obstacle(there *openapi.Flag, f *Flag) string {
	same := func(a, b evaluator.Variation) bool {
		return a.Key == b.Key && bytes.Equal(compact(a.Value), compact(b.Value))
	}
	sorted := func(list []evaluator.Variation) []evaluator.Variation {
		return slices.SortedFunc(
			slices.Values(list),
			func(a, b evaluator.Variation) int { return strings.Compare(a.Key, b.Key) },
		)
	}
	switch {
	case there.Archived:
		return archived
	case string(there.Type) != string(f.Type) || !slices.EqualFunc(sorted(there.Variations), sorted(f.Variations), same):
		return "there is a flag of this key with another type or other variations"
	}
	return ""
}

// compact writes a value in a form that can be compared.
func compact(value json.RawMessage) []byte {
	var v any
	if json.Unmarshal(value, &v) != nil {
		return value
	}
	return raw(v)
}

// Write writes what the actions say: segments before flags, and flags before the flags that need them. If it breaks
// off, compare and write again: what is the same already is kept.
func (t *Target) Write(ctx context.Context, plan *Plan, actions []Action) error {
	skipped := map[string]bool{}
	created := map[string]bool{}
	total, done := 0, 0
	for _, a := range actions {
		skip := a.Problem != "" || a.Verb == verbKeep
		skipped[a.Kind+"/"+a.Key] = skip
		created[a.Kind+"/"+a.Key] = a.Verb == verbCreate
		if !skip {
			total++
		}
	}
	written := func() {
		if done++; t.Progress != nil {
			t.Progress(done, total)
		}
	}
	for _, s := range inOrder(plan.Segments) {
		if skipped["segment/"+s.Key] {
			continue
		}
		if err := t.writeSegment(ctx, s, created["segment/"+s.Key]); err != nil {
			return fmt.Errorf("write segment %q: %w", s.Key, err)
		}
		written()
	}
	for i := range plan.Flags {
		f := &plan.Flags[i]
		if !created["flag/"+f.Key] {
			continue
		}
		if _, err := t.Client.CreateFlag(ctx, t.Project, f.Key, newFlag(f)); err != nil {
			return fmt.Errorf("create flag %q: %w", f.Key, err)
		}
	}
	for i := range plan.Flags {
		f := &plan.Flags[i]
		if skipped["flag/"+f.Key] {
			continue
		}
		if _, err := t.Client.UpdateFlagConfig(
			ctx,
			t.Project,
			f.Key,
			t.Environment,
			configPatch(&f.Config),
		); err != nil {
			return fmt.Errorf("configure flag %q: %w", f.Key, err)
		}
		written()
	}
	return nil
}

func (t *Target) writeSegment(ctx context.Context, s Segment, create bool) (err error) {
	if create {
		_, err = t.Client.CreateSegment(ctx, t.Project, s.Key, openapi.SegmentWrite{
			Name: s.Name, Description: s.Description, Included: s.Included, Excluded: s.Excluded, Rules: s.Rules,
		})
		return err
	}
	_, err = t.Client.UpdateSegment(ctx, t.Project, s.Key, client.Patch{
		"name":        s.Name,
		"description": s.Description,
		"included":    orEmpty(s.Included),
		"excluded":    orEmpty(s.Excluded),
		"rules":       orEmpty(s.Rules),
	})
	return err
}

// inOrder puts segments behind those that they look into. Segments that lead back to themselves were left out before.
func inOrder(segments []Segment) []Segment {
	var ordered []Segment
	placed := map[string]bool{}
	var place func(s *Segment)
	place = func(s *Segment) {
		if placed[s.Key] {
			return
		}
		placed[s.Key] = true
		for i := range segments {
			if encoded := string(raw(s.Rules)); strings.Contains(encoded, string(raw(segments[i].Key))) {
				place(&segments[i])
			}
		}
		ordered = append(ordered, *s)
	}
	for i := range segments {
		place(&segments[i])
	}
	return ordered
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// newFlag is a flag that is off everywhere. Until it is configured, it serves the same on and off.
func newFlag(f *Flag) openapi.FlagCreate {
	first := f.Variations[0].Key
	if f.Config.OffVariation != nil {
		first = *f.Config.OffVariation
	}
	return openapi.FlagCreate{
		Name:                 f.Name,
		Description:          f.Description,
		Type:                 openapi.FlagType(f.Type),
		Variations:           f.Variations,
		ClientSide:           f.ClientSide,
		Tags:                 f.Tags,
		OffVariation:         first,
		FallthroughVariation: first,
	}
}

// configPatch is a patch that leaves nothing of the configuration before.
func configPatch(c *evaluator.FlagConfig) client.Patch {
	body := client.Patch{
		"enabled": c.Enabled, "offVariation": c.OffVariation, "targets": orNull(c.Targets), "rules": orNull(c.Rules),
		"prerequisites": orNull(c.Prerequisites), "targeting": nil, "fallthrough": nil, "availability": nil,
	}
	switch {
	case len(c.Targeting) > 0:
		body["targeting"] = c.Targeting
	case c.Fallthrough.Rollout == nil:
		body["fallthrough"] = map[string]any{"variation": c.Fallthrough.Variation}
	default:
		r := c.Fallthrough.Rollout
		body["fallthrough"] = map[string]any{
			"rollout": map[string]any{
				"bucketBy": textOrNull(r.BucketBy),
				"seed":     textOrNull(r.Seed),
				"weights":  r.Weights,
			},
		}
	}
	if a := c.Availability; a != nil {
		body["availability"] = a
	}
	return body
}

func orNull[T any](list []T) any {
	if len(list) == 0 {
		return nil
	}
	return list
}

func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
