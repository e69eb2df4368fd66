package evaluator

import (
	"encoding/json"
	"fmt"
	"math"
	"net/netip"
	"regexp"
	"slices"
)

// maxPatternLength bounds the length of a regular expression.
const maxPatternLength = 1000

// operands prepares the values of a comparison.
func (c *compiler) operands(cl *clause, def *Clause, at *pointer) {
	if cl.code == codeExists {
		return
	}
	o := cl.operands
	if o == nil {
		o = &operands{}
	}
	var texts []string
	for i, raw := range def.Values {
		here := at.item(i)
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			c.add(here, "a value must be JSON: "+err.Error())
			continue
		}
		switch cl.code {
		case codeIn:
			texts = c.member(cl, o, texts, v, here)
		case codeLess, codeLessOrEqual, codeGreater, codeGreaterOrEqual:
			o.numbers = c.number(o.numbers, v, here, "the operator compares numbers; ")
		case codeBefore, codeAfter:
			c.instant(o, v, here)
		default:
			text, ok := v.(string)
			if !ok {
				c.add(here, "the operator's values must be strings")
				continue
			}
			texts = c.text(cl, o, texts, text, here)
		}
	}
	slices.Sort(o.numbers)
	c.settle(cl, o, texts)
}

// settle stores what was prepared, leaving out what is empty.
func (c *compiler) settle(cl *clause, o *operands, texts []string) {
	switch {
	case len(texts) == 0:
	case cl.code == codeIn && cl.fold:
		o.foldings = newFoldedSet(texts)
	case cl.code == codeIn && len(texts) > scanLimit:
		o.keys = newKeyTable(texts)
	default:
		from := len(c.texts)
		for _, text := range texts {
			c.texts = append(c.texts, c.linker.intern(text))
		}
		cl.texts = c.texts[from:len(c.texts):len(c.texts)]
	}
	if !o.empty() {
		cl.operands = o
	}
}

func (o *operands) empty() bool {
	return o.keys == nil && o.foldings == nil && len(o.path)+len(o.numbers)+len(o.instants)+len(o.versions)+
		len(o.ranges)+len(o.patterns)+len(o.prefixes)+len(o.segments) == 0
}

// member adds a value of the operator in.
func (c *compiler) member(cl *clause, o *operands, texts []string, v any, at *pointer) []string {
	switch v := v.(type) {
	case string:
		return append(texts, v)
	case bool:
		if v {
			cl.booleans |= acceptsTrue
		} else {
			cl.booleans |= acceptsFalse
		}
	default:
		o.numbers = c.number(o.numbers, v, at, "in takes strings, numbers and booleans; ")
	}
	return texts
}

// number adds a number. Within ±(2^53 − 1) comparing is exact for whatever number a context holds: one beyond that
// range never rounds into it.
func (c *compiler) number(numbers []float64, v any, at *pointer, prefix string) []float64 {
	n, ok := v.(float64)
	if !ok || math.Abs(n) > maxSafeInteger {
		c.add(at, prefix+"a number must lie within ±9007199254740991 (2^53 − 1)")
		return numbers
	}
	return append(numbers, n)
}

func (c *compiler) instant(o *operands, v any, at *pointer) {
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
	o.instants = append(o.instants, parsed)
}

// text adds a value of an operator whose values are all strings.
func (c *compiler) text(cl *clause, o *operands, texts []string, text string, at *pointer) []string {
	switch cl.code {
	case codeContains, codeStartsWith, codeEndsWith:
		if cl.fold {
			text = foldString(text)
		}
		return append(texts, text)
	case codeMatches:
		c.pattern(cl, o, text, at)
	case codeSemverRange:
		r, err := ParseVersionRange(text)
		if err != nil {
			c.add(at, err.Error())
		}
		o.ranges = append(o.ranges, r)
	case codeInCIDR:
		c.prefix(o, text, at)
	case codeInSegment:
		slot, message := c.linker.segment(text)
		if message != "" {
			c.add(at, message)
		}
		o.segments = append(o.segments, slot)
	default:
		v, ok := parseVersion(text)
		if !ok {
			c.add(at, "a version must follow semver.org, such as 2.3.4 or 2.3.4-rc.1; a leading v is allowed, "+
				"and minor and patch may be left out")
		}
		o.versions = append(o.versions, v)
	}
	return texts
}

// pattern adds a regular expression. RE2 matches in time linear in the text, so none can be made to run away.
func (c *compiler) pattern(cl *clause, o *operands, text string, at *pointer) {
	if len(text) > maxPatternLength {
		c.add(at, fmt.Sprintf("a regular expression has at most %d bytes", maxPatternLength))
		return
	}
	pattern, err := regexp.Compile(text)
	if err == nil && cl.fold {
		pattern, err = regexp.Compile("(?i:" + text + ")") // only now: "a)(b" would compile in brackets
	}
	if err != nil {
		c.add(at, "a regular expression must follow RE2's syntax: "+err.Error())
		return
	}
	o.patterns = append(o.patterns, pattern)
}

// prefix adds a network, or a single address.
func (c *compiler) prefix(o *operands, text string, at *pointer) {
	if p, err := netip.ParsePrefix(text); err == nil {
		o.prefixes = append(o.prefixes, unmapped(p.Masked()))
		return
	}
	addr, err := netip.ParseAddr(text)
	if err != nil || addr.Zone() != "" {
		c.add(at, "a network must be in CIDR notation, such as 10.0.0.0/8 or 2001:db8::/32, or a single address")
		return
	}
	addr = addr.Unmap()
	o.prefixes = append(o.prefixes, netip.PrefixFrom(addr, addr.BitLen()))
}

// unmapped turns a network of IPv4 addresses mapped into IPv6 into the IPv4 network that it is.
func unmapped(p netip.Prefix) netip.Prefix {
	const mappedBits = 96
	if p.Addr().Is4In6() && p.Bits() >= mappedBits {
		return netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-mappedBits)
	}
	return p
}
