package hooks

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// glob is a pattern in which each * stands for any text. Case does not matter. Matching takes one pass over the text,
// whatever the number of *.
type glob struct {
	parts []string // what stands before, between and behind the *, folded
	cased bool     // the text has to be the only part, in the same case
}

func newGlob(pattern string) glob {
	return glob{parts: strings.Split(fold(pattern).text, "*")}
}

// folded is a text without regard to case.
type folded struct {
	original, text string
	origins        []int // where the rune that begins at each byte of text begins in the original
}

func fold(s string) folded {
	f := folded{original: s, origins: make([]int, 0, len(s)+1)}
	text := make([]byte, 0, len(s))
	for i, r := range s {
		text = utf8.AppendRune(text, foldRune(r))
		for len(f.origins) < len(text) {
			f.origins = append(f.origins, i)
		}
	}
	f.text, f.origins = string(text), append(f.origins, len(s))
	return f
}

// foldRune is the smallest of the runes that are equal without regard to case.
func foldRune(r rune) rune {
	smallest := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		smallest = min(smallest, next)
	}
	return smallest
}

// find reports whether the pattern matches the whole text, and what each * stands for. The first * takes as much as
// it can, then the second, and so on. Therefore the texts between them are searched from the end.
func (g glob) find(f folded) (groups []string, ok bool) {
	first, last := g.parts[0], g.parts[len(g.parts)-1]
	switch {
	case g.cased:
		return nil, f.original == first
	case len(g.parts) == 1:
		return nil, f.text == first
	}
	if len(f.text) < len(first)+len(last) || !strings.HasPrefix(f.text, first) || !strings.HasSuffix(f.text, last) {
		return nil, false
	}
	groups = make([]string, len(g.parts)-1)
	end := len(f.text) - len(last)
	for i := len(g.parts) - 2; i > 0; i-- {
		at := strings.LastIndex(f.text[len(first):end], g.parts[i])
		if at < 0 {
			return nil, false
		}
		at += len(first)
		groups[i] = f.original[f.origins[at+len(g.parts[i])]:f.origins[end]]
		end = at
	}
	groups[0] = f.original[f.origins[len(first)]:f.origins[end]]
	return groups, true
}
