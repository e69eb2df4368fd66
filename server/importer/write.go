package importer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
)

// Caller calls the REST API of a server. A body that is not nil is sent as JSON, the answer is decoded into out unless that
// is nil, and paths begin below the version of the API.
type Caller interface {
	Do(ctx context.Context, method, path string, body, out any) error
}

// Target is where a plan is written: one environment.
type Target struct {
	Server      Caller
	Project     string
	Environment string
	// NotFound tells the error of what does not exist from others.
	NotFound func(error) bool
}

// Action is what becomes of one flag or segment.
type Action struct {
	Kind string // "flag" or "segment"
	Key  string
	// Verb is "create" or "replace".
	Verb string
	// Problem says why nothing is written; "" if something is.
	Problem string
}

const (
	verbCreate  = "create"
	verbReplace = "replace"
)

// Compare looks up what is there already. It writes nothing.
func (t *Target) Compare(ctx context.Context, plan *Plan) ([]Action, error) {
	environment := "/projects/" + url.PathEscape(t.Project) + "/environments/" + url.PathEscape(t.Environment)
	if err := t.Server.Do(ctx, http.MethodGet, environment, nil, nil); err != nil {
		return nil, fmt.Errorf("look at %s/%s: %w", t.Project, t.Environment, err)
	}
	var actions []Action
	for i := range plan.Segments {
		key := plan.Segments[i].Key
		a, there, err := t.look(ctx, t.segmentPath(key), Action{Kind: "segment", Key: key})
		if err != nil {
			return nil, err
		}
		if there.Archived {
			a.Problem = archived
		}
		actions = append(actions, a)
	}
	for i := range plan.Flags {
		f := &plan.Flags[i]
		a, there, err := t.look(ctx, t.flagPath(f.Key), Action{Kind: "flag", Key: f.Key})
		if err != nil {
			return nil, err
		}
		if a.Verb == verbReplace {
			a.Problem = there.obstacle(f)
		}
		actions = append(actions, a)
	}
	return actions, nil
}

// look completes the action by what there is.
func (t *Target) look(ctx context.Context, path string, a Action) (Action, existing, error) {
	var there existing
	err := t.Server.Do(ctx, http.MethodGet, path, nil, &there)
	switch {
	case err == nil:
		a.Verb = verbReplace
	case t.NotFound(err):
		a.Verb, err = verbCreate, nil
	default:
		err = fmt.Errorf("look at %s %q: %w", a.Kind, a.Key, err)
	}
	return a, there, err
}

// existing is what counts of a flag or segment that is there.
type existing struct {
	Type       evaluator.Type        `json:"type"`
	Variations []evaluator.Variation `json:"variations"`
	Archived   bool                  `json:"archived"`
}

const archived = "its key was archived, and keys are not used again"

// obstacle says why the flag cannot become what is there.
func (there *existing) obstacle(f *Flag) string {
	same := func(a, b evaluator.Variation) bool {
		return a.Key == b.Key && bytes.Equal(compact(a.Value), compact(b.Value))
	}
	sorted := func(list []evaluator.Variation) []evaluator.Variation {
		return slices.SortedFunc(slices.Values(list), func(a, b evaluator.Variation) int { return strings.Compare(a.Key, b.Key) })
	}
	switch {
	case there.Archived:
		return archived
	case there.Type != f.Type || !slices.EqualFunc(sorted(there.Variations), sorted(f.Variations), same):
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

// Write writes what the actions say, segments before flags and flags before what they need. It can be repeated.
func (t *Target) Write(ctx context.Context, plan *Plan, actions []Action) error {
	skipped := map[string]bool{}
	created := map[string]bool{}
	for _, a := range actions {
		skipped[a.Kind+"/"+a.Key] = a.Problem != ""
		created[a.Kind+"/"+a.Key] = a.Verb == verbCreate
	}
	for _, s := range inOrder(plan.Segments) {
		method := http.MethodPatch
		if created["segment/"+s.Key] {
			method = http.MethodPut
		}
		if skipped["segment/"+s.Key] {
			continue
		}
		if err := t.Server.Do(ctx, method, t.segmentPath(s.Key), segmentBody(s), nil); err != nil {
			return fmt.Errorf("write segment %q: %w", s.Key, err)
		}
	}
	for i := range plan.Flags {
		f := &plan.Flags[i]
		if !created["flag/"+f.Key] {
			continue
		}
		if err := t.Server.Do(ctx, http.MethodPut, t.flagPath(f.Key), flagBody(f), nil); err != nil {
			return fmt.Errorf("create flag %q: %w", f.Key, err)
		}
	}
	for i := range plan.Flags {
		f := &plan.Flags[i]
		if skipped["flag/"+f.Key] {
			continue
		}
		path := t.flagPath(f.Key) + "/environments/" + url.PathEscape(t.Environment)
		if err := t.Server.Do(ctx, http.MethodPatch, path, configBody(&f.Config), nil); err != nil {
			return fmt.Errorf("configure flag %q: %w", f.Key, err)
		}
	}
	return nil
}

// inOrder puts segments behind those that they look into. What leads back to itself was left out before.
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

func segmentBody(s Segment) any {
	return map[string]any{
		"name": s.Name, "description": s.Description, "included": orEmpty(s.Included), "excluded": orEmpty(s.Excluded), "rules": orEmpty(s.Rules),
	}
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// flagBody creates a flag that is off everywhere and serves the same on and off, until it is configured.
func flagBody(f *Flag) any {
	first := f.Variations[0].Key
	if f.Config.OffVariation != nil {
		first = *f.Config.OffVariation
	}
	return map[string]any{
		"name": f.Name, "description": f.Description, "type": f.Type, "variations": f.Variations, "clientSide": f.ClientSide,
		"tags": orEmpty(f.Tags), "offVariation": first, "fallthroughVariation": first,
	}
}

// configBody is a merge patch after which nothing is left of the configuration before.
func configBody(c *evaluator.FlagConfig) any {
	body := map[string]any{
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
		body["fallthrough"] = map[string]any{"rollout": map[string]any{"bucketBy": textOrNull(r.BucketBy), "seed": textOrNull(r.Seed), "weights": r.Weights}}
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

func (t *Target) flagPath(key string) string {
	return "/projects/" + url.PathEscape(t.Project) + "/flags/" + url.PathEscape(key)
}

func (t *Target) segmentPath(key string) string {
	return "/projects/" + url.PathEscape(t.Project) + "/segments/" + url.PathEscape(key)
}
