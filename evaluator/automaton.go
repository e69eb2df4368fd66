package evaluator

import (
	"slices"
	"unicode/utf8"
)

// automaton finds out in one pass whether a text contains any of many parts, by the algorithm of Aho and Corasick.
// Each node stands for a beginning of a part.
type automaton struct {
	nodes []automatonNode // by the length of what they stand for, so that the children of each lie together
	roots [256]int32      // the children of node 0 by their byte
	fold  bool            // the parts are folded, and so is the text
}

type automatonNode struct {
	children, count int32 // the first child and how many there are, in the order of their bytes
	fail            int32 // the node of the longest end of this beginning that is a beginning as well
	b               byte
	found           bool // this, or an end of it, is a part
}

func newAutomaton(parts []string, fold bool) *automaton {
	sorted := slices.Clone(parts)
	slices.Sort(sorted)
	a := &automaton{nodes: make([]automatonNode, 1), fold: fold}
	ranges := []narrowing{{texts: sorted, to: len(sorted)}} // of the parts that begin as each node says
	a.nodes[0].found = ranges[0].complete()
	for at := 0; at < len(ranges); at++ {
		ranges = a.grow(int32(at), ranges)
		ranges[at].texts = nil
	}
	return a
}

// grow adds the children of a node. All nodes that stand for shorter beginnings have been added before.
func (a *automaton) grow(at int32, ranges []narrowing) []narrowing {
	w := ranges[at]
	for w.from < w.to && w.complete() {
		w.from++
	}
	a.nodes[at].children = int32(len(a.nodes))
	for w.from < w.to {
		child := w
		b := w.texts[w.from][w.seen]
		child.next(b)
		next := int32(len(a.nodes))
		node := automatonNode{b: b, found: child.complete()}
		if at == 0 {
			a.roots[b] = next
		} else {
			node.fail = a.step(a.nodes[at].fail, b)
			node.found = node.found || a.nodes[node.fail].found
		}
		a.nodes = append(a.nodes, node)
		a.nodes[at].count++
		ranges = append(ranges, child)
		w.from = child.to
	}
	return ranges
}

func (a *automaton) childOf(at int32, b byte) int32 {
	if at == 0 {
		return a.roots[b]
	}
	from, to := a.nodes[at].children, a.nodes[at].children+a.nodes[at].count
	for end := to; from < end; {
		middle := (from + end) / 2
		if a.nodes[middle].b < b {
			from = middle + 1
		} else {
			end = middle
		}
	}
	if from < to && a.nodes[from].b == b {
		return from
	}
	return 0
}

// step is the node that a byte leads to.
func (a *automaton) step(at int32, b byte) int32 {
	for {
		if next := a.childOf(at, b); next != 0 || at == 0 {
			return next
		}
		at = a.nodes[at].fail
	}
}

// weigh is the work of searching a text of the length.
func (a *automaton) weigh(length int) int {
	if a.fold {
		return length * (foldSteps + automatonSteps)
	}
	return length * automatonSteps
}

// foundIn reports whether the text contains any of the parts.
func (a *automaton) foundIn(text string) bool {
	at := int32(0)
	if a.nodes[at].found {
		return true
	}
	if !a.fold {
		for i := range len(text) {
			if at = a.step(at, text[i]); a.nodes[at].found {
				return true
			}
		}
		return false
	}
	for _, r := range text {
		var encoded [utf8.UTFMax]byte
		for _, b := range utf8.AppendRune(encoded[:0], foldRune(r)) {
			at = a.step(at, b)
		}
		if a.nodes[at].found {
			return true
		}
	}
	return false
}
