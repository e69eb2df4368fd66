package flagdjson

import (
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// newPartTest is contains, startsWith and endsWith.
func newPartTest(c *evaluator.Clause) (*test, *refusal) {
	element := logic.Var("")
	texts := make([]string, 0, len(c.Values))
	for _, raw := range c.Values {
		text, _ := decode(raw).(string) // the compiler has checked
		texts = append(texts, text)
	}
	texts, err := spellings(texts, c.IgnoreCase)
	if err != nil {
		return nil, err
	}
	conditions := make([]logic.Expression, 0, len(texts))
	for _, text := range texts {
		switch {
		case text == "":
			conditions = append(conditions, true)
		case c.Operator == evaluator.OpContains:
			conditions = append(conditions, logic.Apply("in", text, element))
		default:
			conditions = append(conditions, isPart(c.Operator, element, text))
		}
	}
	return &test{fits: logic.IsString(element), matches: logic.Any(conditions...), guarded: true}, nil
}

// isPart compares the start or the end of the element with the text. Languages count the length of a string in bytes,
// in UTF-16 code units or in code points. If a count is not the language's own, there are two cases. The part of that
// length is no text of the right length, or it is the whole element, which begins and ends with itself.
func isPart(operator evaluator.Operator, element logic.Expression, text string) logic.Expression {
	lengths := []int{len(text), len(utf16.Encode([]rune(text))), utf8.RuneCountInString(text)}
	slices.Sort(lengths)
	conditions := make([]logic.Expression, 0, len(lengths))
	for _, n := range slices.Compact(lengths) {
		part := logic.Apply("substr", element, 0, n)
		if operator == evaluator.OpEndsWith {
			part = logic.Apply("substr", element, -n)
		}
		conditions = append(conditions, logic.Apply("===", part, text))
	}
	return logic.Any(conditions...)
}
