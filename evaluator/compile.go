package evaluator

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// Compile builds the immutable Snapshot of def, which must not be modified afterwards. A flag that does not compile is
// kept out: evaluating it gives an error PARSE_ERROR. A segment that does not compile matches nothing. Compile reports
// each of these as a Problem. The other flags and segments are not affected. If a key stands twice, the higher version
// counts. The error is not nil only if the definition as a whole cannot be used. It then wraps ErrFormat.
func Compile(def Definition) (*Snapshot, []Problem, error) {
	if err := checkFormat(def.FormatVersion); err != nil {
		return nil, nil, err
	}
	b := builder{snapshot: &Snapshot{
		project:      def.Project,
		environment:  def.Environment,
		epoch:        def.Epoch,
		revision:     def.Revision,
		flagSlots:    make(map[string]int32, len(def.Flags)),
		segmentSlots: make(map[string]int32, len(def.Segments)),
	}}
	for i := range def.Segments {
		b.addSegment(&def.Segments[i])
	}
	for i := range def.Flags {
		b.addFlag(&def.Flags[i])
	}
	snapshot, problems := b.finish()
	return snapshot, problems, nil
}

func checkFormat(version int) error {
	if version != FormatVersion {
		return fmt.Errorf("%w %d: this version reads format %d only", ErrFormat, version, FormatVersion)
	}
	return nil
}

// builder makes a Snapshot, from nothing or from an older one whose parts it shares until it must change them.
type builder struct {
	snapshot *Snapshot
	problems []Problem
	interned map[string]string
	patterns map[patternSource]*pattern

	sharedFlagSlots     bool // the map belongs to an older snapshot
	sharedSegmentSlots  bool
	flagsAdded          []int32
	flagsRemoved        bool
	flagLinksChanged    bool
	segmentLinksChanged bool
}

// flagSlot returns the slot of the flag, making an empty one where there is none.
func (b *builder) flagSlot(key string) int32 {
	s := b.snapshot
	if slot, ok := s.flagSlots[key]; ok {
		return slot
	}
	if b.sharedFlagSlots {
		s.flagSlots, b.sharedFlagSlots = maps.Clone(s.flagSlots), false
	}
	slot := int32(len(s.flags))
	s.flagSlots[key] = slot
	s.flags = append(s.flags, nil)
	return slot
}

// segmentSlot returns the slot of the segment, making an empty one where there is none.
func (b *builder) segmentSlot(key string) int32 {
	s := b.snapshot
	if slot, ok := s.segmentSlots[key]; ok {
		return slot
	}
	if b.sharedSegmentSlots {
		s.segmentSlots, b.sharedSegmentSlots = maps.Clone(s.segmentSlots), false
	}
	slot := int32(len(s.segments))
	s.segmentSlots[key] = slot
	s.segments = append(s.segments, nil)
	return slot
}

// prerequisite links to a flag whether the flag exists or not. A flag that does not exist never meets a prerequisite.
func (b *builder) prerequisite(flag, _ string) (int32, string) { return b.flagSlot(flag), "" }

// segment links to a segment whether the segment exists or not. A segment that does not exist matches nothing.
func (b *builder) segment(key string) (int32, string) { return b.segmentSlot(key), "" }

func (b *builder) intern(s string) string {
	if shared, ok := b.interned[s]; ok {
		return shared
	}
	if b.interned == nil {
		b.interned = make(map[string]string)
	}
	b.interned[s] = s
	return s
}

// pattern compiles a regular expression. If the snapshot has an equal one, pattern returns that one's compiled form.
func (b *builder) pattern(source patternSource) (*pattern, error) {
	if b.patterns == nil {
		b.patterns = b.snapshot.patterns()
	}
	if shared, ok := b.patterns[source]; ok {
		return shared, nil
	}
	compiled, err := source.compile()
	if err == nil {
		b.patterns[source] = compiled
	}
	return compiled, err
}

// addFlag compiles the flag unless the snapshot has this version of it or a later one.
func (b *builder) addFlag(def *Flag) {
	slot := b.flagSlot(def.Key)
	old := b.snapshot.flags[slot]
	if old != nil && def.Version <= old.version {
		return
	}
	compiled, errs := compileFlag(def, b)
	if len(errs) > 0 {
		compiled.ownFault = &errs[0]
		compiled.fault = compiled.ownFault
		b.report(kindFlag, def.Key, compiled.fault)
	}
	b.snapshot.flags[slot] = compiled
	if old == nil {
		b.flagsAdded = append(b.flagsAdded, slot)
	}
	b.flagLinksChanged = b.flagLinksChanged || compiled.linked() || old != nil && old.linked()
}

// addSegment compiles the segment unless the snapshot has this version of it or a later one.
func (b *builder) addSegment(def *Segment) {
	slot := b.segmentSlot(def.Key)
	old := b.snapshot.segments[slot]
	if old != nil && def.Version <= old.definition.Version {
		return
	}
	compiled, errs := compileSegment(def, b)
	if len(errs) > 0 {
		compiled.ownFault = &errs[0]
		compiled.fault = compiled.ownFault
		b.report(kindSegment, def.Key, compiled.fault)
	}
	b.snapshot.segments[slot] = compiled
	b.segmentLinksChanged = b.segmentLinksChanged || compiled.linked() || old != nil && old.linked()
}

// Kinds of Problem.
const (
	kindFlag    = "flag"
	kindSegment = "segment"
)

func (b *builder) report(kind, key string, err *CompileError) {
	b.problems = append(b.problems, Problem{Kind: kind, Key: key, Err: err})
}

func (b *builder) finish() (*Snapshot, []Problem) {
	if b.flagLinksChanged {
		b.checkFlagLinks()
	}
	if b.segmentLinksChanged {
		b.checkSegmentLinks()
	}
	if len(b.flagsAdded) > 0 || b.flagsRemoved {
		b.snapshot.order = b.sortedSlots()
	}
	b.snapshot.timed = slices.ContainsFunc(b.snapshot.flags, (*flag).timed)
	return b.snapshot, b.problems
}

// sortedSlots returns the slots of the flags that exist, in key order. It starts from the older order, in which only
// the added flags are not yet sorted. So adding one flag to many costs little.
func (b *builder) sortedSlots() []int32 {
	flags := b.snapshot.flags
	order := make([]int32, 0, len(b.snapshot.order)+len(b.flagsAdded))
	order = append(append(order, b.snapshot.order...), b.flagsAdded...)
	order = slices.DeleteFunc(order, func(slot int32) bool { return flags[slot] == nil })
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(flags[a].key, flags[b].key) })
	return order
}
