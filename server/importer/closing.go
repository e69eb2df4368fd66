package importer

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
)

// closeFlag imports the flag as off. Something of the flag is lost, and without it the flag could let somebody in whom
// the source keeps out.
func (r *reader) closeFlag(f *Flag, path, format string, args ...any) {
	turnOff(f)
	r.say(EffectClosed, path, format+"; the flag is imported as off", args...)
}

// turnOff turns a flag off so that it is closed. If the flag serves true while it is off, turnOff leaves the answer to
// the code default.
func turnOff(f *Flag) {
	f.Config.Enabled = false
	if off := f.Config.OffVariation; off != nil {
		i := slices.IndexFunc(f.Variations, func(v evaluator.Variation) bool { return v.Key == *off })
		if i < 0 || string(f.Variations[i].Value) == "true" {
			f.Config.OffVariation = nil
		}
	}
}

// closeUnknown closes the flags, and leaves out the segments, that have something in them which the import does not
// know.
func (r *reader) closeUnknown() {
	for i := range r.plan.Flags {
		f := &r.plan.Flags[i]
		if r.unknownOf[f.Key] || within(r.unknowns, f.path) {
			r.closeFlag(f, f.path, "the flag has parts that the import does not know")
		}
	}
	r.plan.Segments = slices.DeleteFunc(r.plan.Segments, func(s Segment) bool {
		if !within(r.unknowns, s.path) {
			return false
		}
		r.leaveOut(s.path, "segment %q has parts that the import does not know; it is left out", s.Key)
		return true
	})
}

// within reports whether any of the paths is path, or is below it.
func within(paths []string, path string) bool {
	return slices.ContainsFunc(paths, func(p string) bool { return below(p, path) })
}

func below(path, parent string) bool { return path == parent || strings.HasPrefix(path, parent+"/") }

// spread reports at each flag what is lost of the segments and flags that it asks for.
func (r *reader) spread() {
	var changed []string
	about := map[string]bool{}
	for _, l := range r.plan.Losses {
		if l.Effect != EffectDropped {
			changed = append(changed, l.Path)
			about[l.Flag] = true
		}
	}
	s := spreader{uses: map[string][]string{}, differs: map[string]string{}}
	for _, segment := range r.plan.Segments {
		name := "segment/" + segment.Key
		if within(changed, segment.path) {
			s.differs[name] = segment.path
		}
		for _, rule := range segment.Rules {
			s.add(name, rule.Clauses)
		}
	}
	for i := range r.plan.Flags {
		f := &r.plan.Flags[i]
		name := "flag/" + f.Key
		if about[f.Key] || within(changed, f.path) {
			s.differs[name] = f.path
		}
		for _, rule := range f.Config.Rules {
			s.add(name, rule.Clauses)
		}
		for _, p := range f.Config.Prerequisites {
			s.uses[name] = append(s.uses[name], "flag/"+p.Flag)
		}
	}
	for i := range r.plan.Flags {
		f := &r.plan.Flags[i]
		name := "flag/" + f.Key
		for _, used := range s.uses[name] {
			if place := s.different(used, map[string]bool{name: true}); place != "" {
				kind, key, _ := strings.Cut(used, "/")
				r.lose(
					f.path,
					"the flag asks for %s %q, of which something is lost or different: see %s",
					kind,
					key,
					place,
				)
			}
		}
	}
}

// closeOpposed closes the flags that need another flag to serve its off variation, if something is lost of that other
// flag. The other flag may then serve its off variation to more contexts than before.
func (r *reader) closeOpposed() {
	changed, off := map[string]bool{}, map[string]string{}
	for _, l := range r.plan.Losses {
		changed[l.Flag] = changed[l.Flag] || l.Effect != EffectDropped
	}
	for i := range r.plan.Flags {
		f := &r.plan.Flags[i]
		if changed[f.Key] && f.Config.OffVariation != nil {
			off[f.Key] = *f.Config.OffVariation
		}
	}
	for i := range r.plan.Flags {
		f := &r.plan.Flags[i]
		for _, p := range f.Config.Prerequisites {
			if variation, ok := off[p.Flag]; ok && variation == p.Variation && f.Config.Enabled {
				r.about = f.Key
				r.closeFlag(
					f,
					f.path,
					"the flag needs %q to serve %q, and that may be served to more contexts than before",
					p.Flag,
					p.Variation,
				)
			}
		}
	}
	r.about = ""
}

// spreader knows who asks for whom, by "flag/key" and "segment/key". It also knows the places of the flags and
// segments of which something is lost.
type spreader struct {
	uses    map[string][]string
	differs map[string]string
}

func (s *spreader) add(name string, clauses []evaluator.Clause) {
	for i := range clauses {
		c := &clauses[i]
		if c.Operator == evaluator.OpInSegment {
			for _, value := range c.Values {
				var key string
				if json.Unmarshal(value, &key) == nil && !slices.Contains(s.uses[name], "segment/"+key) {
					s.uses[name] = append(s.uses[name], "segment/"+key)
				}
			}
		}
		s.add(name, c.Any)
		s.add(name, c.All)
	}
}

// different looks through everything that is asked for, and everything that this asks for in turn. It returns the
// place of the first part of which something is lost.
func (s *spreader) different(name string, seen map[string]bool) (place string) {
	if seen[name] {
		return ""
	}
	seen[name] = true
	if place := s.differs[name]; place != "" {
		return place
	}
	for _, used := range s.uses[name] {
		if place := s.different(used, seen); place != "" {
			return place
		}
	}
	return ""
}
