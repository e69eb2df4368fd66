package evaluator

import (
	"cmp"
	"iter"
	"slices"
)

// Snapshot is everything that evaluation needs for one environment at one revision, compiled. It is immutable and
// safe for concurrent use; Apply makes a new one that shares what has not changed.
type Snapshot struct {
	project     string
	environment string
	epoch       string
	revision    int64

	// Flags and segments live in slots that never move. A flag refers to another by its slot, so it needs no
	// recompiling when the other changes. A slot is nil if its key is referred to but does not exist, or no longer
	// exists. Slots are never given up, since keys are not used again.
	flagSlots    map[string]int32
	flags        []*flag
	segmentSlots map[string]int32
	segments     []*segment
	order        []int32 // the slots of the flags that exist, in key order
	timed        bool
}

// Revision returns the environment's revision that the snapshot was made of.
func (s *Snapshot) Revision() int64 { return s.revision }

// Epoch names the life of the database that the revision counts in.
func (s *Snapshot) Epoch() string { return s.epoch }

// Project returns the key of the project.
func (s *Snapshot) Project() string { return s.project }

// Environment returns the key of the environment.
func (s *Snapshot) Environment() string { return s.environment }

// Len returns the number of flags, those that don't compile included.
func (s *Snapshot) Len() int { return len(s.order) }

// Flag returns the definition of a flag. The caller must not modify what it refers to.
func (s *Snapshot) Flag(key string) (Flag, bool) {
	f := s.flag(key)
	if f == nil {
		return Flag{}, false
	}
	return *f.definition, true
}

// Flags yields the definitions of all flags in key order. The caller must not modify what they refer to.
func (s *Snapshot) Flags() iter.Seq[Flag] {
	return func(yield func(Flag) bool) {
		for _, slot := range s.order {
			if !yield(*s.flags[slot].definition) {
				return
			}
		}
	}
}

// Definition returns what the snapshot was compiled from, with flags and segments in key order. The caller must not
// modify what it refers to.
func (s *Snapshot) Definition() Definition {
	def := Definition{
		FormatVersion: FormatVersion,
		Project:       s.project,
		Environment:   s.environment,
		Epoch:         s.epoch,
		Revision:      s.revision,
		Flags:         slices.AppendSeq(make([]Flag, 0, len(s.order)), s.Flags()),
		Segments:      make([]Segment, 0, len(s.segments)),
	}
	for _, seg := range s.segments {
		if seg != nil {
			def.Segments = append(def.Segments, *seg.definition)
		}
	}
	slices.SortFunc(def.Segments, func(a, b Segment) int { return cmp.Compare(a.Key, b.Key) })
	return def
}

func (s *Snapshot) flag(key string) *flag {
	if slot, ok := s.flagSlots[key]; ok {
		return s.flags[slot]
	}
	return nil
}
