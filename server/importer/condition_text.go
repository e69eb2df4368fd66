package importer

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode"

	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// The ways in which one text is looked for in another.
const (
	partContains = "CONTAINS"
	partStarts   = "STARTS_WITH"
	partEnds     = "ENDS_WITH"
	partWhole    = "WHOLE"
)

// maxSpelled is how many letters a text may have if it is looked for anywhere without regard to case. The limit is
// needed since each spelling of the text is looked for.
const maxSpelled = 8

// partOf is true where text, which must be a text, has the part in the way that is asked for. It returns false if that
// cannot be said.
func partOf(text logic.Expression, way, part string, ignoreCase bool) (logic.Expression, bool) {
	if ignoreCase && strings.ToLower(part) != strings.ToUpper(part) {
		return partInAnyCase(text, way, part)
	}
	switch way {
	case partContains:
		return logic.Apply("in", part, text), true
	case partStarts:
		return logic.Apply("starts_with", text, part), true
	case partEnds:
		return logic.Apply("ends_with", text, part), true
	default:
		return logic.Apply("===", text, part), true
	}
}

// partInAnyCase looks at each character of the part by itself where its place is known.
func partInAnyCase(text logic.Expression, way, part string) (logic.Expression, bool) {
	spellings := make([][]string, 0, len(part))
	for _, r := range part {
		lower, upper := unicode.ToLower(r), unicode.ToUpper(r)
		twoCases := unicode.ToUpper(lower) == upper && unicode.ToLower(upper) == lower
		moreCases := r > unicode.MaxASCII && unicode.SimpleFold(unicode.SimpleFold(lower)) != lower
		if r > 0xffff || !twoCases || moreCases {
			return nil, false
		}
		switch {
		case lower == upper:
			spellings = append(spellings, []string{string(r)})
		case lower == 'k':
			spellings = append(spellings, []string{"k", "K", "\u212a"}) // the sign for Kelvin is a k in lower case
		default:
			spellings = append(spellings, []string{string(lower), string(upper)})
		}
	}
	if way == partContains {
		return spelledAnywhere(text, spellings)
	}
	var all []logic.Expression
	for i, spelling := range spellings {
		from := i
		if way == partEnds {
			from = i - len(spellings)
		}
		all = append(all, logic.Apply("in", logic.Apply("substr", text, from, 1), spelling))
	}
	switch way {
	case partEnds: // a text that is shorter has its first character at several of these places
		all = append(all, logic.Apply("!==", logic.Apply("substr", text, len(spellings)-1, 1), ""))
	case partWhole:
		all = append(all, logic.Apply("===", logic.Apply("substr", text, len(spellings), 1), ""))
	}
	return logic.All(all...), true
}

func spelledAnywhere(text logic.Expression, spellings [][]string) (logic.Expression, bool) {
	words := []string{""}
	for _, spelling := range spellings {
		var longer []string
		for _, word := range words {
			for _, s := range spelling {
				longer = append(longer, word+s)
			}
		}
		if words = longer; len(words) > 1<<maxSpelled {
			return nil, false
		}
	}
	some := make([]logic.Expression, len(words))
	for i, word := range words {
		some[i] = logic.Apply("in", word, text)
	}
	return logic.Any(some...), true
}

// wholeVersion reports whether the version has three numbers.
func wholeVersion(version string) bool {
	core, _, _ := strings.Cut(version, "+")
	core, _, _ = strings.Cut(core, "-")
	return strings.Count(core, ".") == 2
}

// isWholeVersion is true for the versions that sem_ver reads and that have three numbers, with at most one v before
// them. To find out, it puts "0." before the text. A version of fewer numbers becomes another version by that. A
// version of three numbers becomes a text that is no version.
func isWholeVersion(text logic.Expression) logic.Expression {
	partial := logic.Apply("cat", "0.", text)
	return logic.All(
		logic.Not(logic.Apply("sem_ver", partial, "=", partial)),
		logic.Apply("!==", logic.Apply("substr", text, 0, 1), "V"),
		logic.Apply("!==", logic.Apply("substr", text, 0, 2), "vv"),
	)
}

const (
	octets    = 4
	octetBits = 8
	maxOctet  = 255
)

// inNetwork is true for texts that are addresses of a network of IPv4, in four numbers without leading zeros.
func inNetwork(text logic.Expression, network netip.Prefix) logic.Expression {
	address, bits := network.Masked().Addr().As4(), network.Bits()
	start := ""
	for _, octet := range address[:bits/octetBits] {
		start += strconv.Itoa(int(octet)) + "."
	}
	if bits == octets*octetBits {
		return logic.Apply("===", text, network.Addr().String())
	}
	low := int(address[bits/octetBits])
	first := octetsIn(low, low|maxOctet>>(bits%octetBits))
	rest := octetsFrom(text, len(start), first, octets-bits/octetBits)
	if start == "" {
		return rest
	}
	return logic.All(logic.Apply("starts_with", text, start), rest)
}

// octetsFrom is true where n numbers with dots between stand at the end of the text, from a place on.
func octetsFrom(text logic.Expression, from int, first []string, n int) logic.Expression {
	if n == 1 {
		return logic.Apply("in", logic.Apply("substr", text, from), first)
	}
	var some []logic.Expression
	for digits := 1; digits <= 3; digits++ {
		var fitting []string
		for _, octet := range first {
			if len(octet) == digits {
				fitting = append(fitting, octet)
			}
		}
		if len(fitting) > 0 {
			some = append(some, logic.All(
				logic.Apply("in", logic.Apply("substr", text, from, digits), fitting),
				logic.Apply("===", logic.Apply("substr", text, from+digits, 1), "."),
				octetsFrom(text, from+digits+1, octetsIn(0, maxOctet), n-1)))
		}
	}
	return logic.Any(some...)
}

func octetsIn(from, to int) (list []string) {
	for octet := from; octet <= to; octet++ {
		list = append(list, strconv.Itoa(octet))
	}
	return list
}
