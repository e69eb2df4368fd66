package flagdjson

import (
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// The limits of what flagd's providers read as a version.
const (
	maxVersionLength = 256
	maxVersionDigits = 15 // 2^53 − 1 has 16
)

// versionTest is true where the attribute is a version that matches any of the values. With want false, it is true
// where the attribute is a version that matches none. An empty list matches none either. flagd cannot look at versions
// in a list.
func versionTest(c *evaluator.Clause, attribute logic.Expression, want bool) (logic.Expression, *refusal) {
	conditions := make([]logic.Expression, 0, len(c.Values))
	for _, raw := range c.Values {
		text, _ := decode(raw).(string) // the compiler has checked
		r, err := rangeOf(c.Operator, text)
		if err != nil {
			return nil, err.under("values")
		}
		conditions = append(conditions, inRange(attribute, r))
	}
	if want {
		return logic.All(logic.IsVersion(attribute), logic.Any(conditions...)), nil
	}
	empty := logic.Apply("none", logic.Apply("merge", attribute), true)
	return logic.Any(empty, logic.All(logic.IsVersion(attribute), logic.Not(logic.Any(conditions...)))), nil
}

// rangeOf is the range of the versions that stand in the operator's relation to text.
func rangeOf(operator evaluator.Operator, text string) (evaluator.VersionRange, *refusal) {
	if operator != evaluator.OpSemverRange {
		relation, _ := relationOf(operator)
		text = relation + whole(text)
	}
	r, err := evaluator.ParseVersionRange(text)
	if err != nil {
		return r, refuse("", err.Error())
	}
	for _, bounds := range r.Bounds() {
		for _, bound := range bounds {
			if !readable(bound.Version) {
				return r, refuse("", "flagd reads no versions of more than 256 characters or numbers of more than 15 digits")
			}
		}
	}
	return r, nil
}

// relationOf is the relation of an operator on versions, "" for semverRange; false for any other operator.
func relationOf(operator evaluator.Operator) (string, bool) {
	switch operator {
	case evaluator.OpSemverEqual:
		return "=", true
	case evaluator.OpSemverLessThan:
		return "<", true
	case evaluator.OpSemverLessThanOrEqual:
		return "<=", true
	case evaluator.OpSemverGreaterThan:
		return ">", true
	case evaluator.OpSemverGreaterThanOrEqual:
		return ">=", true
	case evaluator.OpSemverRange:
		return "", true
	default:
		return "", false
	}
}

// whole completes a version whose minor and patch were left out: in a range, "2" would stand for all of 2.x.
func whole(version string) string {
	core, rest := version, ""
	if i := strings.IndexAny(version, "-+"); i >= 0 {
		core, rest = version[:i], version[i:]
	}
	for strings.Count(core, ".") < 2 {
		core += ".0"
	}
	return core + rest
}

// readable reports whether every implementation of sem_ver reads the version.
func readable(version string) bool {
	if len(version) > maxVersionLength {
		return false
	}
	digits := 0
	for i := range len(version) {
		if version[i] < '0' || version[i] > '9' {
			digits = 0
			continue
		}
		if digits++; digits > maxVersionDigits {
			return false
		}
	}
	return true
}

// inRange is true for the versions in the range. It is false or null for other versions, and for what is no version.
func inRange(x logic.Expression, r evaluator.VersionRange) logic.Expression {
	alternatives := r.Bounds()
	conditions := make([]logic.Expression, 0, len(alternatives))
	for _, bounds := range alternatives {
		all := make([]logic.Expression, 0, len(bounds))
		for _, bound := range bounds {
			all = append(all, logic.Apply("sem_ver", x, bound.Relation, bound.Version))
		}
		conditions = append(conditions, logic.All(all...))
	}
	return logic.Any(conditions...)
}
