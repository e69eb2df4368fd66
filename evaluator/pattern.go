package evaluator

import (
	"errors"
	"fmt"
	"math/bits"
	"regexp"
	"regexp/syntax"
)

// Limits of regular expressions. Their text alone says little of what they cost: a few bytes such as .{0,1000} stand
// for a program of thousands of instructions.
const (
	// maxPatternLength bounds the text of one.
	maxPatternLength = 1000
	// maxPatternSize bounds the program of one, in instructions; a class of many ranges counts as several.
	maxPatternSize = 3000
	// maxFlagPatterns bounds the programs of all regular expressions of a flag or segment, each counted as often as it
	// stands there.
	maxFlagPatterns = 30_000
	// maxEnvironmentPatterns bounds the programs of the different regular expressions of an environment.
	maxEnvironmentPatterns = 300_000
	// rangesPerInstruction is how many ranges of a class count as one instruction.
	rangesPerInstruction = 4
)

// pattern is a regular expression, compiled. Equal ones are shared.
type pattern struct {
	source patternSource
	regexp *regexp.Regexp
	size   int
	weight int // steps for each byte of text
}

// patternSource is what a regular expression is compiled from.
type patternSource struct {
	text string
	fold bool
}

// parse reads the expression, without compiling it.
func (p patternSource) parse() (*syntax.Regexp, error) {
	if len(p.text) > maxPatternLength {
		return nil, fmt.Errorf("a regular expression has at most %d bytes", maxPatternLength)
	}
	flags := syntax.Perl
	if p.fold {
		flags |= syntax.FoldCase
	}
	parsed, err := syntax.Parse(p.text, flags)
	if err != nil {
		return nil, fmt.Errorf("a regular expression must follow RE2's syntax: %w", err)
	}
	return parsed, nil
}

// measure is the size of the program that the expression would become. It is zero for a text that is no expression.
func (p patternSource) measure() int {
	parsed, err := p.parse()
	if err != nil {
		return 0
	}
	return sizeOf(parsed)
}

var errPatternSize = fmt.Errorf("a regular expression may become a program of at most %d instructions; "+
	"repeat less, as in .{0,100}, or name fewer characters", maxPatternSize)

// compile compiles the expression unless its program would be too large.
func (p patternSource) compile() (*pattern, error) {
	parsed, err := p.parse()
	if err != nil {
		return nil, err
	}
	size := sizeOf(parsed)
	if size > maxPatternSize {
		return nil, errPatternSize
	}
	text := p.text
	if p.fold {
		text = "(?i:" + text + ")"
	}
	compiled, err := regexp.Compile(text)
	if err != nil {
		return nil, errors.New("a regular expression must follow RE2's syntax: " + err.Error())
	}
	return &pattern{source: p, regexp: compiled, size: size, weight: 1 + size/2}, nil
}

// sizeOf is about how many instructions the program of an expression will have. A repeated part counts as often as it
// is repeated.
func sizeOf(re *syntax.Regexp) int {
	size := 1
	for _, sub := range re.Sub {
		size = min(size+sizeOf(sub), maxSize)
	}
	switch re.Op {
	case syntax.OpLiteral:
		size = len(re.Rune)
	case syntax.OpCharClass:
		ranges := len(re.Rune) / 2
		size += ranges/rangesPerInstruction + bits.Len(uint(ranges))
	case syntax.OpRepeat:
		times := re.Max
		if times < 0 {
			times = re.Min + 1
		}
		if re.Min == re.Max {
			size-- // none of the repetitions can be left out
		}
		size = min(size*max(times, 1), maxSize)
	}
	return size
}

// maxSize is more than any limit, and small enough to be multiplied.
const maxSize = 1 << 30

// patterns are the regular expressions of all flags and segments.
func (s *Snapshot) patterns() map[patternSource]*pattern {
	found := make(map[patternSource]*pattern)
	collect := func(clauses []clause) {
		for i := range clauses {
			if o := clauses[i].operands; o != nil {
				for _, p := range o.patterns {
					found[p.source] = p
				}
			}
		}
	}
	for _, f := range s.flags {
		if f != nil {
			collect(f.clauses)
		}
	}
	for _, seg := range s.segments {
		if seg != nil {
			collect(seg.clauses)
		}
	}
	return found
}
