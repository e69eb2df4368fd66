package flagdjson

import (
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/tidegate-io/tidegate/evaluator"
)

// newPartTest is contains, startsWith and endsWith.
func newPartTest(c *evaluator.Clause) (*test, *refusal) {
	element := variable("")
	texts := make([]string, 0, len(c.Values))
	for _, raw := range c.Values {
		text, _ := decode(raw).(string) // the compiler has checked
		texts = append(texts, text)
	}
	texts, err := spellings(texts, c.IgnoreCase)
	if err != nil {
		return nil, err
	}
	conditions := make([]logic, 0, len(texts))
	for _, text := range texts {
		switch {
		case text == "":
			conditions = append(conditions, true)
		case c.Operator == evaluator.OpContains:
			conditions = append(conditions, apply("in", text, element))
		default:
			conditions = append(conditions, isPart(c.Operator, element, text))
		}
	}
	return &test{fits: isString(element), matches: anyOf(conditions...), guarded: true}, nil
}

// isPart compares the start or the end of the element with the text. Languages count a string in bytes, in UTF-16 code
// units or in code points. Where a count is not the language's, the part of that length is no text of the right length, or
// the whole element, which begins and ends with itself.
func isPart(operator evaluator.Operator, element logic, text string) logic {
	lengths := []int{len(text), len(utf16.Encode([]rune(text))), utf8.RuneCountInString(text)}
	slices.Sort(lengths)
	conditions := make([]logic, 0, len(lengths))
	for _, n := range slices.Compact(lengths) {
		part := apply("substr", element, 0, n)
		if operator == evaluator.OpEndsWith {
			part = apply("substr", element, -n)
		}
		conditions = append(conditions, apply("===", part, text))
	}
	return anyOf(conditions...)
}
