package flagdjson

import (
	"slices"
	"unicode"
)

// maxSpellings bounds what the values of one clause become when case is ignored.
const maxSpellings = 256

// spellings returns the texts and, where case is ignored, every other string that is equal to one of them under Unicode
// simple case folding.
func spellings(texts []string, ignoreCase bool) ([]string, *refusal) {
	if !ignoreCase {
		return texts, nil
	}
	var all []string
	for _, text := range texts {
		written := []string{""}
		for _, r := range text {
			orbit := orbitOf(r)
			if len(written)*len(orbit)+len(all) > maxSpellings {
				return nil, refuse("ignoreCase", "flagd cannot ignore case, and the values have too many spellings to list")
			}
			longer := make([]string, 0, len(written)*len(orbit))
			for _, head := range written {
				for _, letter := range orbit {
					longer = append(longer, head+string(letter))
				}
			}
			written = longer
		}
		all = append(all, written...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// orbitOf is r and the runes that differ from it only in case, in order.
func orbitOf(r rune) []rune {
	orbit := []rune{r}
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		orbit = append(orbit, next)
	}
	slices.Sort(orbit)
	return orbit
}
