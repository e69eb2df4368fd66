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

// foldString folds every rune of s. Operands are folded when compiled, attributes rune by rune as they are compared.
func foldString(s string) string {
	folded := make([]byte, 0, len(s))
	for _, r := range s {
		folded = utf8.AppendRune(folded, foldRune(r))
	}
	return string(folded)
}

// hasPrefixFold reports whether s starts with the folded prefix.
func hasPrefixFold(s, prefix string) bool {
	_, ok := cutPrefixFold(s, prefix)
	return ok
}

// cutPrefixFold returns what follows the folded prefix in s.
func cutPrefixFold(s, prefix string) (string, bool) {
	for prefix != "" {
		if s == "" {
			return "", false
		}
		want, n := utf8.DecodeRuneInString(prefix)
		got, m := utf8.DecodeRuneInString(s)
		if foldRune(got) != want {
			return "", false
		}
		prefix, s = prefix[n:], s[m:]
	}
	return s, true
}

// hasSuffixFold reports whether s ends with the folded suffix.
func hasSuffixFold(s, suffix string) bool {
	for suffix != "" {
		if s == "" {
			return false
		}
		want, n := utf8.DecodeLastRuneInString(suffix)
		got, m := utf8.DecodeLastRuneInString(s)
		if foldRune(got) != want {
			return false
		}
		suffix, s = suffix[:len(suffix)-n], s[:len(s)-m]
	}
	return true
}

// containsFold reports whether the folded part occurs in s.
func containsFold(s, part string) bool {
	for {
		if hasPrefixFold(s, part) {
			return true
		}
		if s == "" {
			return false
		}
		_, n := utf8.DecodeRuneInString(s)
		s = s[n:]
	}
}

// foldedSet is an immutable set of folded strings.
type foldedSet struct {
	byHash map[uint64][]string
}

func newFoldedSet(texts []string) *foldedSet {
	set := &foldedSet{byHash: make(map[uint64][]string, len(texts))}
	for _, text := range texts {
		hash := foldHash(text)
		set.byHash[hash] = append(set.byHash[hash], foldString(text))
	}
	return set
}

func (f *foldedSet) contains(s string) bool {
	for _, folded := range f.byHash[foldHash(s)] {
		if rest, ok := cutPrefixFold(s, folded); ok && rest == "" {
			return true
		}
	}
	return false
}

// foldHash is FNV-1a over the folded runes.
func foldHash(s string) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211
	hash := uint64(offset)
	for _, r := range s {
		hash = (hash ^ uint64(foldRune(r))) * prime
	}
	return hash
}
