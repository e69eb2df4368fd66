package importer

import (
	"errors"
	"fmt"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// condition is what a query asks for. A comparison fails if the attribute is missing or has the wrong type. A
// comparison that fails is not met, and its negation is met.
func (q *goffQuery) condition() (condition, error) {
	if err := q.refusal(); err != nil {
		return unknowable, err
	}
	if q.join == "" {
		return q.goffComparison.nested()
	}
	if q.hasNested() {
		return unknowable, errors.New("GO Feature Flag takes the attribute before for one in an object that is missing")
	}
	return q.joined()
}

// refusal is an error for a query in which GO Feature Flag refuses a comparison.
func (q *goffQuery) refusal() error {
	for _, part := range q.parts {
		if err := part.refusal(); err != nil {
			return err
		}
	}
	if q.join != "" || q.operator == "pr" {
		return nil
	}
	return q.unfit()
}

// hasNested reports a comparison of something in an object.
func (q *goffQuery) hasNested() bool {
	for _, part := range q.parts {
		if part.hasNested() {
			return true
		}
	}
	return len(q.path) > 1
}

func (q *goffQuery) joined() (condition, error) {
	if q.join == "" {
		return q.compared()
	}
	list := make([]condition, len(q.parts))
	for i, part := range q.parts {
		var err error
		if list[i], err = part.joined(); err != nil {
			return unknowable, err
		}
	}
	c := allOf(list...)
	if q.join == "or" {
		c = anyOf(list...)
	}
	if q.not {
		c = not(c)
	}
	return c, nil
}

// nested is a comparison that is alone in its query and whose attribute may be in an object. Only objects can be on
// the way to the attribute.
func (c *goffComparison) nested() (condition, error) {
	met, err := c.compared()
	if err != nil || len(c.path) == 1 {
		return met, err
	}
	if c.operator == "eq" && c.kind == goffNull {
		return unknowable, errors.New("an object that is missing cannot be told from one without the attribute")
	}
	objects := make([]condition, 0, len(c.path))
	for i := 1; i < len(c.path); i++ {
		way := logic.Var(escapedPath(c.path[:i]))
		objects = append(
			objects,
			asks(logic.All(logic.Not(logic.IsString(way)), logic.Apply("===", textOf(way), "[object Object]"))),
		)
	}
	return allOf(append(objects, met)...), nil
}

func escapedPath(names []string) string {
	escaped := make([]string, len(names))
	for i, name := range names {
		escaped[i], _ = flatPath(name)
	}
	return strings.Join(escaped, ".")
}

// compared is the comparison itself.
func (c *goffComparison) compared() (condition, error) {
	switch c.path[0] {
	case "anonymous":
		return c.anonymous()
	case "key":
		return c.key()
	}
	path := escapedPath(c.path)
	return c.of(logic.Var(path), logic.Var(path+".length"))
}

// key is an attribute that every context has: the empty text, unless there is a targeting key.
func (c *goffComparison) key() (condition, error) {
	if len(c.path) > 1 {
		return unknowable, errors.New("key is no object")
	}
	if c.operator == "pr" {
		return always, nil
	}
	key := logic.Var(evaluator.AttributeTargetingKey)
	return c.of(logic.Apply("if", key, key, ""), 0)
}

// anonymous is an attribute that every context has: false, unless it is true.
func (c *goffComparison) anonymous() (condition, error) {
	truth := asks(logic.Apply("===", logic.Var("anonymous"), true))
	switch {
	case len(c.path) > 1:
		return unknowable, errors.New("anonymous is no object")
	case c.operator == "pr", c.operator == "ne" && c.kind == goffNull:
		return always, nil
	case c.kind == goffBool && (c.operator == "eq" || c.operator == "ne"):
		if (c.value == true) != (c.operator == "eq") {
			truth = not(truth)
		}
		return truth, nil
	}
	return never, nil
}

// errGoffRefuses is wrapped by the errors of queries that GO Feature Flag does not take itself.
var errGoffRefuses = errors.New("GO Feature Flag refuses it")

// unfit is an error for operators that a kind of value does not have.
func (c *goffComparison) unfit() error {
	fits := ""
	switch c.kind {
	case goffText, goffTexts:
		fits = "eq ne gt lt ge le co sw ew in"
	case goffInt, goffDouble, goffInts, goffDoubles:
		fits = "eq ne gt lt ge le in"
	case goffVersion:
		fits = "eq ne gt lt ge le"
	case goffBool, goffNull:
		fits = "eq ne"
	}
	if strings.Contains(fits, c.operator) {
		return nil
	}
	return fmt.Errorf("%s cannot be compared by %q: %w", c.kind, c.operator, errGoffRefuses)
}

// of compares x, which has the length as a list, with what is written.
func (c *goffComparison) of(x, length logic.Expression) (condition, error) {
	if c.operator == "pr" {
		return asks(isPresent(x)), nil
	}
	number := logic.IsNumber(x, length)
	switch c.kind {
	case goffText:
		return c.text(x)
	case goffVersion:
		return asks(logic.All(isStrictVersion(x), logic.Apply("sem_ver", x, c.relation("="), c.value))), nil
	case goffBool:
		v := c.value == true
		return asks(logic.Apply("===", x, v == (c.operator == "eq"))), nil
	case goffNull:
		if c.operator == "ne" {
			return asks(isPresent(x)), nil
		}
		return asks(logic.Apply("===", x, nil)), nil
	case goffInt:
		if c.operator == "in" {
			return never, nil
		}
		return asks(logic.All(number, c.truncated(x))), nil
	case goffDouble:
		if c.operator == "in" {
			return never, nil
		}
		return asks(logic.All(number, logic.Apply(c.relation("==="), x, c.value))), nil
	}
	if c.operator != "in" {
		return never, nil
	}
	if c.kind == goffTexts {
		return asks(logic.All(logic.IsString(x), logic.Apply("in", x, c.value))), nil
	}
	return asks(logic.All(number, logic.Apply("in", x, c.value))), nil
}

// relation is JSONLogic's name of the operator.
func (c *goffComparison) relation(equal string) string {
	unequal := "!=" + strings.Repeat("=", max(len(equal)-2, 0))
	return map[string]string{"eq": equal, "ne": unequal, "gt": ">", "lt": "<", "ge": ">=", "le": "<="}[c.operator]
}

// text compares texts without regard to case.
func (c *goffComparison) text(x logic.Expression) (condition, error) {
	ways := map[string]string{"eq": partWhole, "ne": partWhole, "sw": partStarts, "ew": partEnds, "co": partContains}
	way, ok := ways[c.operator]
	value, _ := c.value.(string)
	switch {
	case c.operator == "in":
		return never, nil
	case !ok:
		return unknowable, errors.New("texts are not ordered here; a version is written without quotes")
	}
	part, ok := partOf(x, way, value, true)
	if !ok {
		return unknowable, fmt.Errorf(
			"%q cannot be looked for without regard to case here: that takes plain text with at most %d letters",
			value,
			maxSpelled,
		)
	}
	if c.operator == "ne" {
		part = logic.Not(part)
	}
	return asks(logic.All(logic.IsString(x), part)), nil
}

// maxInt is the first number that Go's int cannot hold. On the usual processors, a number that int cannot hold becomes
// the least int.
const maxInt = 1 << 63

// truncated compares with a whole number, for which the attribute becomes an int and loses its fraction.
func (c *goffComparison) truncated(x logic.Expression) logic.Expression {
	fits := logic.All(logic.Apply("<", x, float64(maxInt)), logic.Apply(">=", x, -float64(maxInt)))
	whole := logic.Apply("if", fits, logic.Apply("-", x, logic.Apply("%", x, 1)), -float64(maxInt))
	return logic.Apply(c.relation("==="), whole, c.value)
}

// isStrictVersion is true for versions of three numbers without a v before them.
func isStrictVersion(x logic.Expression) logic.Expression {
	partial := logic.Apply("cat", "0.", x)
	return logic.All(
		logic.IsString(x),
		logic.Apply("in", logic.Apply("substr", x, 0, 1), strings.Split("0123456789", "")),
		logic.Apply("sem_ver", x, "=", x),
		logic.Not(logic.Apply("sem_ver", partial, "=", partial)),
		logic.Not(logic.Apply("in", logic.Apply("substr", x, -1), []string{" ", "\t", "\n", "\r"})),
	)
}
