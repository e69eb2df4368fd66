package evaluator

import (
	"fmt"
	"strings"
)

// partial is a version in a range: minor and patch may be missing or wildcards. The missing ones are 0.
type partial struct {
	version
	parts int // how many of major, minor and patch are given: 0 to 3
}

func parsePartial(s string) (partial, error) {
	numbers, wildcards := cutWildcards(s)
	if numbers == "" && wildcards > 0 {
		return partial{version: version{major: "0", minor: "0", patch: "0"}}, nil
	}
	v, ok := parseVersion(numbers)
	core, _, _ := strings.Cut(numbers, "+")
	core, _, suffixed := strings.Cut(core, "-")
	parts := strings.Count(core, ".") + 1
	if !ok || parts+wildcards > 3 || suffixed && parts < 3 {
		return partial{}, fmt.Errorf("%q is no version; write 2, 2.3, 2.3.4, 2.3.4-rc.1, 2.x or *", s)
	}
	return partial{version: v, parts: parts}, nil
}

// cutWildcards cuts trailing x, X and * parts off. A prerelease may end in an x of its own.
func cutWildcards(s string) (numbers string, wildcards int) {
	if strings.ContainsAny(s, "-+") {
		return s, 0
	}
	for s != "" && strings.IndexByte("xX*", s[len(s)-1]) >= 0 {
		head := s[:len(s)-1]
		if head != "" && head[len(head)-1] != '.' {
			break // a letter of something else
		}
		s = strings.TrimSuffix(head, ".")
		wildcards++
	}
	return s, wildcards
}

// next is the lowest version, prereleases included, after all that share the first n parts.
func (p *partial) next(n int) version {
	bound := version{major: p.major, minor: "0", patch: "0", prerelease: "0"}
	switch n {
	case 1:
		bound.major = increment(p.major)
	case 2:
		bound.minor = increment(p.minor)
	default:
		bound.minor, bound.patch = p.minor, increment(p.patch)
	}
	return bound
}

// increment adds one to a number without leading zeros.
func increment(number string) string {
	digits := []byte(number)
	for i := len(digits) - 1; i >= 0; i-- {
		if digits[i] != '9' {
			digits[i]++
			return string(digits)
		}
		digits[i] = '0'
	}
	return "1" + string(digits)
}

// comparators is the range of the versions that stand in the relation to all versions that p covers.
func (p *partial) comparators(r relation) []comparator {
	if p.parts == 3 {
		return []comparator{{r, p.version}}
	}
	if p.parts == 0 {
		if r == above || r == below {
			return []comparator{{below, version{major: "0", minor: "0", patch: "0", prerelease: "0"}}} // nothing
		}
		return nil
	}
	switch r {
	case atLeast:
		return []comparator{{atLeast, p.version}}
	case above:
		return []comparator{{atLeast, p.next(p.parts)}}
	case below:
		bound := p.version
		bound.prerelease = "0"
		return []comparator{{below, bound}}
	default:
		return []comparator{{below, p.next(p.parts)}}
	}
}

func (p *partial) equal() []comparator {
	if p.parts == 3 {
		return []comparator{{atLeast, p.version}, {atMost, p.version}}
	}
	return append(p.comparators(atLeast), p.comparators(atMost)...)
}

// tilde allows later patches, or later minors if only the major is given.
func (p *partial) tilde() []comparator {
	if p.parts == 0 {
		return nil
	}
	return []comparator{{atLeast, p.version}, {below, p.next(min(p.parts, 2))}}
}

// caret allows what does not change the first part that is not zero.
func (p *partial) caret() []comparator {
	if p.parts == 0 {
		return nil
	}
	fixed := 1
	if p.major == "0" && p.parts > 1 {
		fixed = 2
		if p.minor == "0" && p.parts > 2 {
			fixed = 3
		}
	}
	return []comparator{{atLeast, p.version}, {below, p.next(fixed)}}
}
