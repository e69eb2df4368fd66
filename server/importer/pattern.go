package importer

import (
	"regexp/syntax"
	"strings"
	"unicode/utf16"

	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// JSONLogic has no regular expressions. A pattern that only says how a text begins, how it ends, or what is in it, is
// written as that.

// dialect is what differs between regular expressions.
type dialect struct {
	ignoreCase bool
	// newlines are the characters that a dot does not stand for.
	newlines []string
	// script: the pattern is JavaScript's. Only the parts that mean the same in RE2 are understood.
	script bool
	// element: the text is an element of a list, where flagd's own operators do not work.
	element bool
}

// scriptNewlines are the characters that a dot does not stand for in JavaScript.
func scriptNewlines() []string { return []string{"\n", "\r", "\u2028", "\u2029"} }

// noPattern is the message for a regular expression that cannot be said.
const noPattern = "the regular expression %q cannot be said here: only plain text at the beginning, at the end or anywhere can"

// matchesPattern is true where the text, which must be a text, matches. It returns false if that cannot be said.
func matchesPattern(text logic.Expression, pattern string, d dialect) (logic.Expression, bool) {
	if d.script && !plainScript(pattern) {
		return nil, false
	}
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, false
	}
	re = uncaptured(re)
	branches := []*syntax.Regexp{re}
	if re.Op == syntax.OpAlternate {
		branches = re.Sub
	}
	var some []logic.Expression
	for _, branch := range branches {
		condition, ok := matchesBranch(text, uncaptured(branch), d)
		if !ok {
			return nil, false
		}
		some = append(some, condition)
	}
	return logic.Any(some...), true
}

// plainScript reports whether a pattern of JavaScript has nothing in it that RE2 reads otherwise or does not know.
func plainScript(pattern string) bool {
	grouped := strings.ReplaceAll(pattern, "(?:", "")
	for _, other := range []string{"(?", "[:", "[]", "[^]"} {
		if strings.Contains(grouped, other) {
			return false
		}
	}
	for i := 0; i < len(pattern); i++ {
		if pattern[i] == '\\' {
			if i++; i == len(pattern) || !strings.ContainsRune(`.^$*+?()[]{}|\/-d`, rune(pattern[i])) {
				return false
			}
		}
	}
	return true
}

func uncaptured(re *syntax.Regexp) *syntax.Regexp {
	for re.Op == syntax.OpCapture {
		re = re.Sub[0]
	}
	return re
}

// matchesBranch says a pattern of a literal middle, perhaps between anchors or any characters.
func matchesBranch(text logic.Expression, re *syntax.Regexp, d dialect) (logic.Expression, bool) {
	parts := []*syntax.Regexp{re}
	if re.Op == syntax.OpConcat {
		parts = re.Sub
	}
	begin, end, oneLine, more := false, false, false, false
	if len(parts) > 0 && parts[0].Op == syntax.OpBeginText {
		begin, parts = true, parts[1:]
	}
	if n := len(parts); n > 0 && parts[n-1].Op == syntax.OpEndText {
		end, parts = true, parts[:n-1]
	}
	if len(parts) > 0 && isAnything(parts[0]) {
		oneLine, begin = oneLine || begin, false
		more = parts[0].Op == syntax.OpPlus
		parts = parts[1:]
	}
	if n := len(parts); n > 0 && isAnything(parts[n-1]) && parts[n-1].Op == syntax.OpStar {
		oneLine, end, parts = oneLine || end, false, parts[:n-1]
	}
	words, ok := wordsOf(parts)
	if !ok || more && (!end || len(words) != 1) {
		return nil, false
	}
	way := map[[2]bool]string{
		{false, false}: partContains, {true, false}: partStarts, {false, true}: partEnds, {true, true}: partWhole,
	}[[2]bool{begin, end}]
	var some []logic.Expression
	for _, word := range words {
		part, ok := partOf(text, way, word, d.ignoreCase)
		if d.element && !d.ignoreCase {
			part, ok = partByPlace(text, way, word)
		}
		if !ok {
			return nil, false
		}
		if more {
			before := logic.Apply("substr", text, -1-len(utf16.Encode([]rune(word))), 1)
			longer := logic.Apply("!==", logic.Apply("substr", text, len(utf16.Encode([]rune(word))), 1), "")
			part = logic.All(part, longer, logic.Not(logic.Apply("in", before, d.newlines)))
		}
		some = append(some, part)
	}
	condition := logic.Any(some...)
	if oneLine {
		for _, newline := range d.newlines {
			condition = logic.All(condition, logic.Not(logic.Apply("in", newline, text)))
		}
	}
	return condition, true
}

// partByPlace is partOf without flagd's own operators.
func partByPlace(text logic.Expression, way, part string) (logic.Expression, bool) {
	units := len(utf16.Encode([]rune(part)))
	switch {
	case way == partStarts:
		return logic.Apply("===", logic.Apply("substr", text, 0, units), part), true
	case way == partEnds && units > 0:
		return logic.Apply("===", logic.Apply("substr", text, -units), part), true
	case way == partEnds:
		return true, true
	default:
		return partOf(text, way, part, false)
	}
}

// isAnything reports .* and .+, greedy or not.
func isAnything(re *syntax.Regexp) bool {
	return (re.Op == syntax.OpStar || re.Op == syntax.OpPlus) && re.Sub[0].Op == syntax.OpAnyCharNotNL
}

// maxWords bounds how many texts a pattern may stand for.
const maxWords = 64

// wordsOf lists the texts that a sequence of patterns stands for, if these are few.
func wordsOf(parts []*syntax.Regexp) (words []string, ok bool) {
	words = []string{""}
	for _, part := range parts {
		endings, ok := wordsOfOne(part)
		if !ok || len(words)*len(endings) > maxWords {
			return nil, false
		}
		var longer []string
		for _, word := range words {
			for _, ending := range endings {
				longer = append(longer, word+ending)
			}
		}
		words = longer
	}
	return words, true
}

func wordsOfOne(re *syntax.Regexp) (words []string, ok bool) {
	switch re.Op {
	case syntax.OpEmptyMatch:
		return []string{""}, true
	case syntax.OpLiteral:
		return []string{string(re.Rune)}, re.Flags&syntax.FoldCase == 0
	case syntax.OpCharClass:
		for i := 0; i < len(re.Rune); i += 2 {
			for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
				if words = append(words, string(r)); len(words) > maxWords {
					return nil, false
				}
			}
		}
		return words, len(words) > 0
	case syntax.OpCapture, syntax.OpConcat:
		return wordsOf(re.Sub)
	case syntax.OpQuest:
		words, ok = wordsOf(re.Sub)
		return append(words, ""), ok
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			more, ok := wordsOfOne(sub)
			if !ok || len(words)+len(more) > maxWords {
				return nil, false
			}
			words = append(words, more...)
		}
		return words, true
	default:
		return nil, false
	}
}
