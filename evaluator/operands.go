package evaluator

import (
	"encoding/json"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"unicode/utf8"
)

// gathered is a clause's values while they are read.
type gathered struct {
	*operands
	texts    []string
	prefixes []netip.Prefix
	instants []instant
}

// operands prepares the values of a comparison.
func (c *compiler) operands(cl *clause, def *Clause, at *pointer) {
	if cl.code == codeExists {
		return
	}
	g := gathered{operands: cl.operands}
	if g.operands == nil {
		g.operands = &operands{}
	}
	for i, raw := range def.Values {
		here := at.item(i)
		v, err := decodeScalar(raw)
		if err != nil {
			c.add(here, "a value must be JSON: "+err.Error())
			continue
		}
		switch cl.code {
		case codeIn:
			c.member(cl, &g, v, here)
		case codeLess, codeLessOrEqual, codeGreater, codeGreaterOrEqual:
			g.numbers = c.number(g.numbers, v, here, "the operator compares numbers; ")
		case codeBefore, codeAfter:
			c.instant(&g, v, here)
		default:
			text, ok := v.(string)
			if !ok {
				c.add(here, "the operator's values must be strings")
				continue
			}
			c.text(cl, &g, text, here)
		}
	}
	if len(c.list) == 0 { // what is left out makes no sense of the rest
		c.settle(cl, &g)
	}
}

// decodeScalar reads a value. Most are plain texts, of which there may be many.
func decodeScalar(raw json.RawMessage) (v any, err error) {
	if n := len(raw); n >= 2 && raw[0] == '"' && isPlain(raw[1:n-1]) && raw[n-1] == '"' {
		return string(raw[1 : n-1]), nil
	}
	err = json.Unmarshal(raw, &v)
	return v, err
}

// isPlain reports whether the text is ASCII that JSON writes without escapes.
func isPlain(text []byte) bool {
	for _, b := range text {
		if b < ' ' || b == '"' || b == '\\' || b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// settle stores what was prepared, in the form that suits its amount. It leaves out what is empty.
func (c *compiler) settle(cl *clause, g *gathered) {
	o := g.operands
	slices.Sort(o.numbers)
	switch cl.code {
	case codeIn, codeContains, codeStartsWith, codeEndsWith:
		c.settleTexts(cl, g)
	case codeBefore:
		o.instant = slices.MaxFunc(g.instants, instant.compare)
	case codeAfter:
		o.instant = slices.MinFunc(g.instants, instant.compare)
	case codeInCIDR:
		o.networks = newNetworks(g.prefixes)
	case codeSemverRange:
		if comparatorsOf(o.ranges) > scanLimit {
			o.intervals, o.ranges = newIntervals(o.ranges), nil
		}
	case codeSemverEqual:
		slices.SortFunc(o.versions, func(a, b version) int { return a.compare(&b) })
	case codeSemverLess, codeSemverLessOrEqual:
		o.versions = []version{slices.MaxFunc(o.versions, func(a, b version) int { return a.compare(&b) })}
	case codeSemverGreater, codeSemverGreaterOrEqual:
		o.versions = []version{slices.MinFunc(o.versions, func(a, b version) int { return a.compare(&b) })}
	}
	if !o.empty() {
		cl.operands = o
	}
	cl.cost = cl.fixedCost()
}

func (o *operands) empty() bool {
	return o.keys == nil && o.affixes == nil && o.parts == nil && o.instant == instant{} && len(o.path)+len(o.numbers)+len(o.versions)+
		len(o.ranges)+len(o.intervals)+len(o.patterns)+len(o.networks)+len(o.segments) == 0
}

// settleTexts stores the texts of in, contains, startsWith and endsWith.
func (c *compiler) settleTexts(cl *clause, g *gathered) {
	o, many := g.operands, len(g.texts) > scanLimit
	switch {
	case len(g.texts) == 0:
	case cl.code == codeContains && (cl.fold || many):
		o.parts = newAutomaton(g.texts, cl.fold)
	case cl.fold || many && cl.code != codeIn:
		o.affixes = newAffixes(g.texts, cl.code, cl.fold)
	case many:
		o.keys = newKeyTable(g.texts)
	default:
		from := len(c.texts)
		for _, text := range g.texts {
			c.texts = append(c.texts, c.linker.intern(text))
		}
		cl.texts = c.texts[from:len(c.texts):len(c.texts)]
	}
}

// member adds a value of the operator in.
func (c *compiler) member(cl *clause, g *gathered, v any, at *pointer) {
	switch v := v.(type) {
	case string:
		g.texts = append(g.texts, v)
	case bool:
		if v {
			cl.booleans |= acceptsTrue
		} else {
			cl.booleans |= acceptsFalse
		}
	default:
		g.numbers = c.number(g.numbers, v, at, "in takes strings, numbers and booleans; ")
	}
}

// number adds a number. Within ±(2^53 − 1) the comparison is exact for every number that a context can hold: a number
// beyond that range never rounds into it.
func (c *compiler) number(numbers []float64, v any, at *pointer, prefix string) []float64 {
	n, ok := v.(float64)
	if !ok || math.Abs(n) > maxSafeInteger {
		c.add(at, prefix+"a number must lie within ±9007199254740991 (2^53 − 1)")
		return numbers
	}
	return append(numbers, n)
}

func (c *compiler) instant(g *gathered, v any, at *pointer) {
	var parsed instant
	ok := false
	switch v := v.(type) {
	case string:
		parsed, ok = parseInstant(v)
	case float64:
		parsed, ok = epochInstant(v)
	}
	if !ok {
		c.add(at, "a time must be in RFC 3339, such as 2026-01-31T12:00:00Z, or in seconds (not milliseconds) since 1970")
		return
	}
	g.instants = append(g.instants, parsed)
}

// text adds a value of an operator whose values are all strings.
func (c *compiler) text(cl *clause, g *gathered, text string, at *pointer) {
	switch cl.code {
	case codeContains, codeStartsWith, codeEndsWith:
		if cl.fold && cl.code == codeContains {
			text = foldString(text)
		}
		g.texts = append(g.texts, text)
	case codeMatches:
		c.pattern(cl, g, text, at)
	case codeSemverRange:
		r, err := ParseVersionRange(text)
		if err != nil {
			c.add(at, err.Error())
		}
		g.ranges = append(g.ranges, r)
	case codeInCIDR:
		c.prefix(g, text, at)
	case codeInSegment:
		slot, message := c.linker.segment(text)
		if message != "" {
			c.add(at, message)
		}
		g.segments = append(g.segments, slot)
	default:
		v, ok := parseVersion(text)
		if !ok {
			c.add(at, "a version must follow semver.org, such as 2.3.4 or 2.3.4-rc.1; a leading v is allowed, "+
				"and minor and patch may be left out")
		}
		g.versions = append(g.versions, v)
	}
}

// pattern adds a regular expression. RE2 matches in time linear in the text and in the size of the program, which is
// limited.
func (c *compiler) pattern(cl *clause, g *gathered, text string, at *pointer) {
	compiled, err := c.linker.pattern(patternSource{text, cl.fold})
	if err != nil {
		c.add(at, err.Error())
		return
	}
	if c.patterns += compiled.size; c.patterns > maxFlagPatterns {
		c.add(at, fmt.Sprintf("the regular expressions of a flag or segment may become programs of %d instructions together",
			maxFlagPatterns))
		return
	}
	g.patterns = append(g.patterns, compiled)
}

// prefix adds a network, or a single address.
func (c *compiler) prefix(g *gathered, text string, at *pointer) {
	if p, err := netip.ParsePrefix(text); err == nil {
		g.prefixes = append(g.prefixes, unmapped(p.Masked()))
		return
	}
	addr, err := netip.ParseAddr(text)
	if err != nil || addr.Zone() != "" {
		c.add(at, "a network must be in CIDR notation, such as 10.0.0.0/8 or 2001:db8::/32, or a single address")
		return
	}
	addr = addr.Unmap()
	g.prefixes = append(g.prefixes, netip.PrefixFrom(addr, addr.BitLen()))
}

// unmapped turns a network of IPv4 addresses mapped into IPv6 into the IPv4 network that it is.
func unmapped(p netip.Prefix) netip.Prefix {
	const mappedBits = 96
	if p.Addr().Is4In6() && p.Bits() >= mappedBits {
		return netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-mappedBits)
	}
	return p
}
