package evaluator

// Fault returns why the flag is kept out of the snapshot, so that evaluating it gives PARSE_ERROR. It returns nil for
// a flag that is not kept out or does not exist.
func (s *Snapshot) Fault(flag string) *CompileError {
	if f := s.flag(flag); f != nil {
		return f.fault
	}
	return nil
}

// Segment returns the definition of a segment. False means that the segment does not exist or is kept out. In that
// case neither inSegment nor its negation matches. The caller must not modify what the definition refers to.
func (s *Snapshot) Segment(key string) (Segment, bool) {
	slot, ok := s.segmentSlots[key]
	if !ok {
		return Segment{}, false
	}
	seg := s.segments[slot]
	if seg == nil || seg.fault != nil {
		return Segment{}, false
	}
	return *seg.definition, true
}

// VersionBound holds for each version that stands in Relation to Version by SemVer's precedence.
type VersionBound struct {
	// Relation is one of != < <= > >=.
	Relation string
	// Version is a whole version without build metadata, "2.3.0" or "3.0.0-0" for instance.
	Version string
}

// Bounds returns the range as alternatives. An alternative holds where all of its bounds hold. An alternative without
// bounds holds for every version.
func (r VersionRange) Bounds() [][]VersionBound {
	alternatives := make([][]VersionBound, len(r.alternatives))
	for i, comparators := range r.alternatives {
		for j := range comparators {
			alternatives[i] = append(alternatives[i], VersionBound{
				Relation: comparators[j].relation.String(), Version: comparators[j].bound.String(),
			})
		}
	}
	return alternatives
}

// String returns the operator, as in a range.
func (r relation) String() string {
	switch r {
	case atLeast:
		return ">="
	case above:
		return ">"
	case below:
		return "<"
	case atMost:
		return "<="
	default:
		return "!="
	}
}

// String returns the version as SemVer writes it.
func (v *version) String() string {
	text := v.major + "." + v.minor + "." + v.patch
	if v.prerelease != "" {
		text += "-" + v.prerelease
	}
	return text
}
