package evaluator

import (
	"unicode"
	"unicode/utf8"
)

// foldRune returns the smallest rune that is equal to r under Unicode simple case folding.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		if 'a' <= r && r <= 'z' {
			return r - ('a' - 'A')
		}
		return r
	}
	smallest := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		smallest = min(smallest, next)
	}
	return smallest
}

// foldString folds every rune of s. Operands are folded when they are compiled. Attributes are folded rune by rune
// while they are compared.
func foldString(s string) string {
	folded := make([]byte, 0, len(s))
	for _, r := range s {
		folded = utf8.AppendRune(folded, foldRune(r))
	}
	return string(folded)
}
