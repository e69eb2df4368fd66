package evaluator

import (
	"slices"
	"unicode/utf8"
)

// affixes is an immutable set of texts. One pass over a text tells whether it is one of them, begins with one of them
// or ends with one of them. The pass goes byte by byte. Each byte narrows the range of the sorted texts that begin as
// the text does.
type affixes struct {
	sorted   []string
	longest  int
	fold     bool // the texts are folded, and so is what they are compared with
	backward bool // the texts are reversed: they are compared from their ends
	whole    bool // the text has to be one of them
}

func newAffixes(texts []string, code opcode, fold bool) *affixes {
	a := &affixes{fold: fold, backward: code == codeEndsWith, whole: code == codeIn}
	a.sorted = make([]string, len(texts))
	for i, text := range texts {
		if fold {
			text = foldString(text)
		}
		if a.backward {
			reversed := []byte(text)
			slices.Reverse(reversed)
			text = string(reversed)
		}
		a.sorted[i], a.longest = text, max(a.longest, len(text))
	}
	slices.Sort(a.sorted)
	a.sorted = slices.Compact(a.sorted)
	return a
}

// weigh is the work of asking about a text of the length.
func (a *affixes) weigh(length int) int {
	length = min(length, a.longest+utf8.UTFMax)
	if a.fold {
		return length * foldSteps
	}
	return length
}

// contain reports whether the text is, begins or ends as one of the texts.
func (a *affixes) contain(text string) bool {
	w := narrowing{texts: a.sorted, to: len(a.sorted)}
	if !a.fold {
		return a.containBytes(&w, text)
	}
	for text != "" {
		var r rune
		var size int
		if a.backward {
			r, size = utf8.DecodeLastRuneInString(text)
			text = text[:len(text)-size]
		} else {
			r, size = utf8.DecodeRuneInString(text)
			text = text[size:]
		}
		var encoded [utf8.UTFMax]byte
		folded := utf8.AppendRune(encoded[:0], foldRune(r))
		if a.backward {
			slices.Reverse(folded)
		}
		for _, b := range folded {
			if !a.whole && w.complete() {
				return true
			}
			if !w.next(b) {
				return false
			}
		}
	}
	return w.complete()
}

func (a *affixes) containBytes(w *narrowing, text string) bool {
	for i := range len(text) {
		if !a.whole && w.complete() {
			return true
		}
		b := text[i]
		if a.backward {
			b = text[len(text)-1-i]
		}
		if !w.next(b) {
			return false
		}
	}
	return w.complete()
}

// narrowing is the range of the texts that begin with the bytes that were seen. It is never empty at first.
type narrowing struct {
	texts    []string
	from, to int
	seen     int
}

// complete reports whether the bytes seen are one of the texts, which then is the first of the range.
func (w *narrowing) complete() bool { return len(w.texts[w.from]) == w.seen }

// next narrows the range to the texts that go on with b, and reports whether there are any.
func (w *narrowing) next(b byte) bool {
	if w.complete() {
		if w.from++; w.from == w.to {
			return false
		}
	}
	// Most neighbours have the same next byte, and then no search is needed.
	if w.texts[w.from][w.seen] != b {
		w.from = w.search(w.from, b)
	}
	if w.from < w.to && w.texts[w.to-1][w.seen] != b {
		w.to = w.search(w.from, b+1) // not if b is 255, which no last text is below
	}
	w.seen++
	return w.from < w.to
}

// search returns the first of the range, from an index on, whose next byte is at least b.
func (w *narrowing) search(from int, b byte) int {
	to := w.to
	for from < to {
		middle := int(uint(from+to) >> 1)
		if w.texts[middle][w.seen] < b {
			from = middle + 1
		} else {
			to = middle
		}
	}
	return from
}
