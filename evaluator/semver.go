package evaluator

import (
	"cmp"
	"strings"
)

// version is a semantic version. Its numbers stay digits, since SemVer sets no limit to them, and it refers to the
// string it was read from, so reading one allocates nothing. Build metadata is checked and left out: it has no part
// in precedence.
type version struct {
	major, minor, patch string
	prerelease          string
}

// CompareVersions compares two versions by SemVer's precedence, and reports false if either is none. A leading "v",
// a missing minor and a missing patch are allowed.
func CompareVersions(a, b string) (int, bool) {
	va, ok := parseVersion(a)
	if !ok {
		return 0, false
	}
	vb, ok := parseVersion(b)
	if !ok {
		return 0, false
	}
	return va.compare(&vb), true
}

func parseVersion(s string) (version, bool) {
	if s != "" && s[0] == 'v' {
		s = s[1:]
	}
	v := version{minor: "0", patch: "0"}
	var ok bool
	if v.major, s, ok = cutNumber(s); !ok {
		return version{}, false
	}
	if s != "" && s[0] == '.' {
		if v.minor, s, ok = cutNumber(s[1:]); !ok {
			return version{}, false
		}
		if s != "" && s[0] == '.' {
			if v.patch, s, ok = cutNumber(s[1:]); !ok {
				return version{}, false
			}
		}
	}
	if s == "" {
		return v, true
	}
	v.prerelease, ok = parseSuffix(s)
	return v, ok
}

// cutNumber cuts a number without leading zeros off the front of s.
func cutNumber(s string) (number, rest string, ok bool) {
	i := 0
	for i < len(s) && s[i]-'0' <= 9 {
		i++
	}
	return s[:i], s[i:], i == 1 || i > 1 && s[0] != '0'
}

// parseSuffix reads "-prerelease", "+build", or both, and returns the prerelease.
func parseSuffix(s string) (prerelease string, ok bool) {
	if s[0] == '-' {
		end := strings.IndexByte(s, '+')
		if end < 0 {
			end = len(s)
		}
		prerelease, s = s[1:end], s[end:]
		if !validIdentifiers(prerelease, true) {
			return "", false
		}
	}
	if s == "" {
		return prerelease, true
	}
	return prerelease, s[0] == '+' && validIdentifiers(s[1:], false)
}

// validIdentifiers checks identifiers separated by dots. Those of a prerelease that are numbers have no leading zeros.
func validIdentifiers(s string, prerelease bool) bool {
	for {
		id, rest, more := strings.Cut(s, ".")
		if id == "" {
			return false
		}
		for i := range len(id) {
			if !isIdentifierByte(id[i]) {
				return false
			}
		}
		if prerelease && len(id) > 1 && id[0] == '0' && isNumeric(id) {
			return false
		}
		if !more {
			return true
		}
		s = rest
	}
}

func isIdentifierByte(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '-'
}

func isNumeric(id string) bool {
	for i := range len(id) {
		if id[i] < '0' || id[i] > '9' {
			return false
		}
	}
	return true
}

// compare is SemVer's precedence (section 11).
func (v *version) compare(w *version) int {
	if c := compareNumbers(v.major, w.major); c != 0 {
		return c
	}
	if c := compareNumbers(v.minor, w.minor); c != 0 {
		return c
	}
	if c := compareNumbers(v.patch, w.patch); c != 0 {
		return c
	}
	return comparePrereleases(v.prerelease, w.prerelease)
}

// compareNumbers compares numbers without leading zeros: the longer one is the larger. They rarely have more than two
// digits, so a loop beats strings.Compare.
func compareNumbers(a, b string) int {
	if len(a) != len(b) {
		return cmp.Compare(len(a), len(b))
	}
	for i := range len(a) {
		if a[i] != b[i] {
			return cmp.Compare(a[i], b[i])
		}
	}
	return 0
}

func comparePrereleases(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == "":
		return 1
	case b == "":
		return -1
	}
	for {
		idA, restA, moreA := strings.Cut(a, ".")
		idB, restB, moreB := strings.Cut(b, ".")
		if c := compareIdentifiers(idA, idB); c != 0 {
			return c
		}
		if !moreA || !moreB {
			return cmp.Compare(boolInt(moreA), boolInt(moreB))
		}
		a, b = restA, restB
	}
}

func compareIdentifiers(a, b string) int {
	numericA, numericB := isNumeric(a), isNumeric(b)
	switch {
	case numericA && numericB:
		return compareNumbers(a, b)
	case numericA != numericB:
		return boolInt(numericB) - boolInt(numericA) // numbers come first
	default:
		return strings.Compare(a, b)
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
