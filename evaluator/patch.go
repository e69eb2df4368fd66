package evaluator

import (
	"fmt"
	"slices"
)

// Apply returns the snapshot that the patch leads to. It compiles only what the patch names; p must not be modified
// afterwards. If the patch leads no further than the snapshot, Apply returns the snapshot itself. It ignores a flag or
// segment whose version is not above the snapshot's. It removes a key that is both changed and removed. The problems
// are those of the flags and segments that changed.
//
// The error wraps ErrFormat, ErrEpoch or ErrGap; after the last two the whole definition must be fetched.
func (s *Snapshot) Apply(p Patch) (*Snapshot, []Problem, error) {
	if err := checkFormat(p.FormatVersion); err != nil {
		return nil, nil, err
	}
	if p.Epoch != s.epoch {
		return nil, nil, fmt.Errorf("%w: it is of %q, the snapshot of %q; fetch the whole definition", ErrEpoch, p.Epoch, s.epoch)
	}
	if p.Revision <= s.revision {
		return s, nil, nil
	}
	if p.From > s.revision {
		return nil, nil, fmt.Errorf("%w: it starts at %d, the snapshot is at %d; fetch what lies between", ErrGap, p.From, s.revision)
	}
	next := *s
	next.revision = p.Revision
	next.flags = slices.Clone(s.flags)
	next.segments = slices.Clone(s.segments)
	b := builder{snapshot: &next, sharedFlagSlots: true, sharedSegmentSlots: true}
	for i := range p.Segments {
		b.addSegment(&p.Segments[i])
	}
	for i := range p.Flags {
		b.addFlag(&p.Flags[i])
	}
	for _, key := range p.RemovedSegments {
		b.removeSegment(key)
	}
	for _, key := range p.RemovedFlags {
		b.removeFlag(key)
	}
	snapshot, problems := b.finish()
	return snapshot, problems, nil
}

func (b *builder) removeFlag(key string) {
	slot, ok := b.snapshot.flagSlots[key]
	if !ok || b.snapshot.flags[slot] == nil {
		return
	}
	b.flagLinksChanged = b.flagLinksChanged || b.snapshot.flags[slot].linked()
	b.flagsRemoved = true
	b.snapshot.flags[slot] = nil
}

func (b *builder) removeSegment(key string) {
	slot, ok := b.snapshot.segmentSlots[key]
	if !ok || b.snapshot.segments[slot] == nil {
		return
	}
	b.segmentLinksChanged = b.segmentLinksChanged || b.snapshot.segments[slot].linked()
	b.snapshot.segments[slot] = nil
}
