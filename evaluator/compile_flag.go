package evaluator

import (
	"fmt"
	"strconv"
)

// linker gives the slots of what a flag or segment refers to. The message says what is wrong with the reference. It is
// "" if nothing is wrong.
type linker interface {
	prerequisite(flag, variation string) (slot int32, message string)
	segment(key string) (slot int32, message string)
	// intern returns a string equal to s. Flags name the same attributes and values over and over; sharing them keeps
	// them in the processor's caches.
	intern(s string) string
	// pattern compiles a regular expression, or returns an equal one.
	pattern(source patternSource) (*pattern, error)
}

// compiler compiles one flag or segment.
type compiler struct {
	faults
	linker  linker
	clauses []clause
	texts   []string // what the clauses' texts are slices of
	// variations are the indexes of the flag's variations.
	variations map[string]int32
	flagKey    string
	patterns   int // the size of the regular expressions so far
}

// compileFlag compiles a flag. What it returns is complete only if there are no errors.
func compileFlag(def *Flag, l linker) (*flag, CompileErrors) {
	f := &flag{key: def.Key, definition: def, version: def.Version}
	c := compiler{linker: l, flagKey: def.Key, clauses: f.inline.clauses[:0], texts: f.inline.texts[:0]}
	c.variationsOf(f, nil)
	var root *pointer
	c.config(f, &def.Config, root.field("config"))
	f.clauses = c.clauses
	f.cost = f.fixedCost()
	return f, c.list
}

// variationsOf compiles key, type and variations.
func (c *compiler) variationsOf(f *flag, at *pointer) {
	def := f.definition
	c.key(def.Key, at.field("key"))
	switch def.Type {
	case TypeBoolean, TypeString, TypeNumber, TypeObject:
	default:
		c.add(at.field("type"), "the type must be boolean, string, number or object")
		return
	}
	list := at.field("variations")
	if len(def.Variations) == 0 {
		c.add(list, "a flag needs at least one variation")
	}
	c.variations = make(map[string]int32, len(def.Variations))
	f.variations = f.inline.variations[:0]
	for i := range def.Variations {
		v := &def.Variations[i]
		c.key(v.Key, list.item(i).field("key"))
		if _, twice := c.variations[v.Key]; twice {
			c.add(list.item(i).field("key"), "the keys of variations must differ; "+strconv.Quote(v.Key)+" stands here twice")
		}
		c.variations[v.Key] = int32(i)
		compiled, message := compileValue(def.Type, v.Value)
		if message != "" {
			c.add(list.item(i).field("value"), message)
		}
		f.variations = append(f.variations, variation{key: v.Key, value: compiled})
	}
}

// maxKeyLength bounds the keys of flags, variations and segments.
const maxKeyLength = 128

// key checks a key: it goes into URLs, file names and metrics as it is.
func (c *compiler) key(key string, at *pointer) {
	ok := key != "" && len(key) <= maxKeyLength
	for i := range len(key) {
		b := key[i]
		alphanumeric := b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
		ok = ok && (alphanumeric || i > 0 && (b == '.' || b == '_' || b == '-'))
	}
	if !ok {
		c.add(at, fmt.Sprintf("a key has 1 to %d letters, digits, dots, underscores and hyphens, and starts with a letter or digit",
			maxKeyLength))
	}
}

func (c *compiler) config(f *flag, cfg *FlagConfig, at *pointer) {
	f.enabled = cfg.Enabled
	f.off = noVariation
	if cfg.OffVariation != nil {
		f.off = c.variation(*cfg.OffVariation, at.field("offVariation"))
	}
	f.needs = c.needs(cfg, at)
	if isSet(cfg.Targeting) {
		c.noRules(cfg, at)
		f.targeting = c.compileExpression(cfg.Targeting, at.field("targeting"))
		return
	}
	f.targets = make([]target, 0, len(cfg.Targets))
	for i := range cfg.Targets {
		t := &cfg.Targets[i]
		v := c.variation(t.Variation, at.field("targets").item(i).field("variation"))
		f.targets = append(f.targets, target{keys: newKeySet(t.Values), variation: v})
	}
	f.rules = f.inline.rules[:0]
	ids := make(map[string]bool, len(cfg.Rules))
	for i := range cfg.Rules {
		r, here := &cfg.Rules[i], at.field("rules").item(i)
		if r.ID != "" && ids[r.ID] {
			c.add(here.field("id"), "the ids of rules must differ; "+strconv.Quote(r.ID)+" stands here twice")
		}
		ids[r.ID] = true
		f.rules = append(f.rules, rule{
			id:      r.ID,
			clauses: c.group(r.Clauses, here.field("clauses"), 0),
			serve:   c.serve(&r.Serve, here.field("serve")),
		})
	}
	f.fallthru = c.serve(&cfg.Fallthrough, at.field("fallthrough"))
	f.fixed = f.needs == nil && len(f.targets) == 0 && len(f.rules) == 0
}

// noRules refuses targets, rules and a fallthrough beside an expression, which takes their place.
func (c *compiler) noRules(cfg *FlagConfig, at *pointer) {
	const message = "targeting takes the place of targets, rules and fallthrough; leave this out, or targeting"
	if len(cfg.Targets) > 0 {
		c.add(at.field("targets"), message)
	}
	if len(cfg.Rules) > 0 {
		c.add(at.field("rules"), message)
	}
	if cfg.Fallthrough != (Serve{}) {
		c.add(at.field("fallthrough"), message)
	}
}

// variation returns the index of the variation.
func (c *compiler) variation(key string, at *pointer) int32 {
	index, ok := c.variations[key]
	if !ok {
		c.add(at, "this must be the key of one of the flag's variations; "+strconv.Quote(key)+" is none")
		return noVariation
	}
	return index
}

func (c *compiler) needs(cfg *FlagConfig, at *pointer) *needs {
	if cfg.Availability == nil && len(cfg.Prerequisites) == 0 {
		return nil
	}
	n := &needs{}
	if cfg.Availability != nil {
		n.availability = c.availability(cfg.Availability, at.field("availability"))
	}
	for i := range cfg.Prerequisites {
		p, here := &cfg.Prerequisites[i], at.field("prerequisites").item(i)
		if p.Flag == "" || p.Variation == "" {
			c.add(here, "a prerequisite names a flag and the variation of it that is needed")
			continue
		}
		slot, message := c.linker.prerequisite(p.Flag, p.Variation)
		if message != "" {
			c.add(here, message)
		}
		n.prerequisites = append(n.prerequisites, prerequisite{slot: slot, variation: p.Variation})
	}
	return n
}

func (c *compiler) availability(def *Availability, at *pointer) *availability {
	if def.Service == "" {
		c.add(at.field("service"), "availability names the service that has the code")
	}
	r, err := ParseVersionRange(def.Version)
	if err != nil {
		c.add(at.field("version"), err.Error())
	}
	scope := def.Scope
	switch scope {
	case ScopeInstance, ScopeFleet:
	case "":
		scope = ScopeInstance
	default:
		c.add(at.field("scope"), "the scope must be instance or fleet")
	}
	switch def.OnOldInstance {
	case "":
	case OnOldInstanceClose, OnOldInstanceHold:
		if scope != ScopeFleet {
			c.add(at.field("onOldInstance"), "onOldInstance is for scope fleet: with scope instance, a flag is closed for each instance without the code and for no other")
		}
	default:
		c.add(at.field("onOldInstance"), "onOldInstance must be close or hold")
	}
	return &availability{scope: scope, service: def.Service, version: r}
}

func (c *compiler) serve(def *Serve, at *pointer) serve {
	if def.Rollout == nil {
		if def.Variation == "" {
			c.add(at, "this must name a variation or have a rollout")
			return serve{variation: noVariation}
		}
		return serve{variation: c.variation(def.Variation, at.field("variation"))}
	}
	if def.Variation != "" {
		c.add(at, "this must name a variation or have a rollout, not both")
	}
	return serve{variation: noVariation, rollout: c.rollout(def.Rollout, at.field("rollout"))}
}

func (c *compiler) rollout(def *Rollout, at *pointer) *rollout {
	bucketBy, seed := def.BucketBy, def.Seed
	if bucketBy == "" {
		bucketBy = AttributeTargetingKey
	}
	if seed == "" {
		seed = c.flagKey
	}
	r := &rollout{bucketBy: c.attribute(bucketBy, at.field("bucketBy")), seeded: newMurmur(seed)}
	r.bucketBy.name = c.linker.intern(r.bucketBy.name)
	r.direct = r.bucketBy.direct()
	r.shares = r.inline[:0]
	sum := 0
	for i := range def.Weights {
		w, here := &def.Weights[i], at.field("weights").item(i)
		if w.Weight < 0 || w.Weight > TotalWeight {
			c.add(here.field("weight"), fmt.Sprintf("a weight must be an integer from 0 to %d", TotalWeight))
			return r
		}
		sum += w.Weight
		r.shares = append(r.shares, share{
			upTo:      uint32(min(sum, TotalWeight)),
			variation: c.variation(w.Variation, here.field("variation")),
		})
	}
	if sum != TotalWeight {
		c.add(at.field("weights"), fmt.Sprintf("the weights must sum to %d; they sum to %d", TotalWeight, sum))
	}
	return r
}
