package importer

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// GrowthBook compares versions as texts. It splits a version at dots and hyphens, and pads the parts that are numbers.
// It puts "~" behind three parts, so that a release comes after its candidates. For versions of three numbers this is
// semantic versioning. Of versions with fewer numbers, the shorter comes first.

// growthBound is the version that a condition compares with.
type growthBound struct {
	numbers    []int // one to three
	prerelease string
}

var growthVersion = regexp.MustCompile(
	`^v?(0|[1-9]\d{0,3})(?:\.(0|[1-9]\d{0,3}))?(?:\.(0|[1-9]\d{0,3})(?:-([0-9A-Za-z]+(?:\.[0-9A-Za-z]+)*))?)?(?:\+.*)?$`,
)

func parseGrowthBound(text string) (b growthBound, ok bool) {
	match := growthVersion.FindStringSubmatch(text)
	if match == nil {
		return b, false
	}
	for _, digits := range match[1:4] {
		if n, err := strconv.Atoi(digits); err == nil {
			b.numbers = append(b.numbers, n)
		}
	}
	b.prerelease = match[4]
	for _, id := range strings.Split(b.prerelease, ".") {
		isNumber := strings.Trim(id, "0123456789") == ""
		if isNumber && (len(id) > 4 || len(id) > 1 && id[0] == '0') {
			return b, false
		}
	}
	return b, true
}

// whole is the first n numbers as a version, with zeros after them.
func (b *growthBound) whole(n int) string {
	var numbers [3]int
	copy(numbers[:], b.numbers[:min(n, len(b.numbers))])
	return fmt.Sprintf("%d.%d.%d", numbers[0], numbers[1], numbers[2])
}

// next is the first version whose first n numbers are greater.
func (b *growthBound) next(n int) string {
	var numbers [3]int
	copy(numbers[:], b.numbers[:n])
	numbers[n-1]++
	return fmt.Sprintf("%d.%d.%d", numbers[0], numbers[1], numbers[2])
}

// version compares a version. A value that is neither text nor number counts as "0". Texts that are written in another
// way are kept out.
func (x *growthReader) version(o *operand, operator string, asked any, path string) condition {
	text, _ := asked.(string)
	if n, isNumber := asked.(float64); isNumber {
		text = strconv.FormatFloat(n, 'f', -1, 64)
	}
	bound, ok := parseGrowthBound(text)
	if !ok || o.scope.element {
		x.lose(path, "%s cannot be compared as a version here", raw(asked))
		return unknowable
	}
	x.lose(path, "only versions such as 1.2.3, 1.2.3-rc.1 or 1.2 are compared; whoever has another text is kept out")
	version := o.text()
	counts := logic.Any(o.isText(), o.isNumber())
	readable := bound.readable(version)
	less, equal := bound.orders(version)
	zeroLess, zeroEqual := bound.ordersOfZero()
	less = logic.Any(logic.All(counts, readable, less), logic.All(logic.Not(counts), zeroLess))
	equal = logic.Any(logic.All(counts, readable, equal), logic.All(logic.Not(counts), zeroEqual))
	greater := logic.All(logic.Any(logic.Not(counts), readable), logic.Not(less), logic.Not(equal))
	switch operator {
	case "$veq":
		return condition{met: equal, unmet: logic.Any(less, greater), unsure: true}
	case "$vne":
		return condition{met: logic.Any(less, greater), unmet: equal, unsure: true}
	case "$vgt":
		return condition{met: greater, unmet: logic.Any(less, equal), unsure: true}
	case "$vgte":
		return condition{met: logic.Any(greater, equal), unmet: less, unsure: true}
	case "$vlt":
		return condition{met: less, unmet: logic.Any(greater, equal), unsure: true}
	default:
		return condition{met: logic.Any(less, equal), unmet: greater, unsure: true}
	}
}

// readable is true for the versions that orders compares as GrowthBook does. GrowthBook also splits a prerelease at
// its hyphens.
func (b *growthBound) readable(version logic.Expression) logic.Expression {
	character := func(from int) logic.Expression { return logic.Apply("substr", version, from, 1) }
	digits := strings.Split("0123456789", "")
	all := []logic.Expression{
		logic.Apply("sem_ver", version, "=", version),
		logic.Any(
			logic.Apply("in", character(0), digits),
			logic.All(logic.Apply("===", character(0), "v"), logic.Apply("in", character(1), digits)),
		),
		logic.Not(logic.Apply("in", logic.Apply("substr", version, -1), []string{" ", "\t", "\n", "\r"})),
	}
	if b.prerelease != "" {
		core := b.whole(3)
		all = append(
			all,
			logic.Any(logic.Not(logic.Apply("in", "-", version)), logic.Apply("sem_ver", version, "<", core+"-0"),
				logic.Apply("sem_ver", version, ">", core), logic.Apply("===", version, core+"-"+b.prerelease)),
		)
	}
	return logic.All(all...)
}

// orders are true where a readable version is less than the bound, or equal to it.
func (b *growthBound) orders(version logic.Expression) (less, equal logic.Expression) {
	prefixed := logic.Apply("cat", "0.", version)
	partial := logic.Apply("sem_ver", prefixed, "=", prefixed) // of one number or two
	one := logic.All(partial, logic.Not(logic.Apply("in", ".", version)))
	two := logic.All(partial, logic.Apply("in", ".", version))
	var lesser, same []logic.Expression
	for i, class := range []logic.Expression{one, two, logic.Not(partial)} {
		l, e := b.ordersOf(version, i+1)
		lesser, same = append(lesser, logic.All(class, l)), append(same, logic.All(class, e))
	}
	return logic.Any(lesser...), logic.Any(same...)
}

// ordersOf compares versions with a given count of numbers. If one version has more numbers and the others are the
// same, the shorter version is less.
func (b *growthBound) ordersOf(version logic.Expression, count int) (less, equal logic.Expression) {
	switch n := len(b.numbers); {
	case count == n:
		bound := b.whole(n)
		if b.prerelease != "" {
			bound += "-" + b.prerelease
		}
		return logic.Apply("sem_ver", version, "<", bound), logic.Apply("sem_ver", version, "=", bound)
	case count < n:
		return logic.Apply("sem_ver", version, "<", b.next(count)), false
	default:
		return logic.Apply("sem_ver", version, "<", b.whole(n)+"-0"), false
	}
}

// ordersOfZero compares "0" with the bound.
func (b *growthBound) ordersOfZero() (less, equal bool) {
	equal = len(b.numbers) == 1 && b.numbers[0] == 0
	return !equal, equal
}
