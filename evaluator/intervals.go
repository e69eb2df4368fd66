package evaluator

import "slices"

// intervals is an immutable set of versions: intervals in ascending order, none of which overlaps another.
type intervals []interval

// interval holds the versions between two bounds.
type interval struct{ from, to bound }

// bound lies before or after all versions that are equal to one, or beyond all versions.
type bound struct {
	version version
	after   bool
	beyond  bool // there is no bound on this side
}

// newIntervals is the set of the versions that lie in any of the ranges.
func newIntervals(ranges []VersionRange) intervals {
	var all intervals
	for i := range ranges {
		for _, comparators := range ranges[i].alternatives {
			all = append(all, intervalsOf(comparators)...)
		}
	}
	slices.SortFunc(all, func(a, b interval) int { return compareLower(&a.from, &b.from) })
	merged := all[:0]
	for _, next := range all {
		n := len(merged)
		if n == 0 || before(&merged[n-1].to, &next.from) {
			merged = append(merged, next)
		} else if to := &merged[n-1].to; !to.beyond && (next.to.beyond || compareBounds(to, &next.to) < 0) {
			*to = next.to
		}
	}
	return merged
}

// intervalsOf is the set of the versions for which all of the comparators hold. It is one interval without the
// versions that must not be equal.
func intervalsOf(comparators []comparator) (found intervals) {
	whole := interval{bound{beyond: true}, bound{beyond: true}}
	var left []version
	for i := range comparators {
		c := &comparators[i]
		at := bound{version: c.bound, after: c.relation == above || c.relation == atMost}
		switch c.relation {
		case notEqual:
			left = append(left, c.bound)
		case atLeast, above:
			if compareLower(&at, &whole.from) > 0 {
				whole.from = at
			}
		default:
			if whole.to.beyond || compareBounds(&at, &whole.to) < 0 {
				whole.to = at
			}
		}
	}
	slices.SortFunc(left, func(a, b version) int { return a.compare(&b) })
	for i := range left {
		low, high := bound{version: left[i]}, bound{version: left[i], after: true}
		if compareLower(&low, &whole.from) < 0 {
			continue
		}
		if before(&whole.to, &low) {
			break
		}
		if part := (interval{whole.from, low}); !part.empty() {
			found = append(found, part)
		}
		whole.from = high
	}
	if !whole.empty() {
		found = append(found, whole)
	}
	return found
}

func (i *interval) empty() bool {
	return !i.from.beyond && !i.to.beyond && compareBounds(&i.from, &i.to) >= 0
}

// before reports whether an upper bound lies below a lower one.
func before(upper, lower *bound) bool {
	return !upper.beyond && !lower.beyond && compareBounds(upper, lower) < 0
}

// compareLower compares lower bounds.
func compareLower(a, b *bound) int {
	if a.beyond || b.beyond {
		return boolInt(b.beyond) - boolInt(a.beyond)
	}
	return compareBounds(a, b)
}

// compareBounds compares bounds neither of which lies beyond all versions.
func compareBounds(a, b *bound) int {
	if c := a.version.compare(&b.version); c != 0 {
		return c
	}
	return boolInt(a.after) - boolInt(b.after)
}

func (s intervals) contain(v *version) bool {
	from, to := 0, len(s) // the first interval that begins after the version
	for from < to {
		middle := int(uint(from+to) >> 1)
		lower := &s[middle].from
		if order := v.compare(&lower.version); lower.beyond || order > 0 || order == 0 && !lower.after {
			from = middle + 1
		} else {
			to = middle
		}
	}
	if from == 0 {
		return false
	}
	upper := &s[from-1].to
	order := v.compare(&upper.version)
	return upper.beyond || order < 0 || order == 0 && upper.after
}

// comparatorsOf counts the bounds that a version is compared with to find out whether it lies in any of the ranges.
func comparatorsOf(ranges []VersionRange) (count int) {
	for i := range ranges {
		for _, comparators := range ranges[i].alternatives {
			count += 1 + len(comparators)
		}
	}
	return count
}
