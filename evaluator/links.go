package evaluator

// maxLinkedEvaluations bounds how many flags one evaluation may lead to over its prerequisites, and how many segments
// over nested segments. Each one counts as often as it is reached. Without this bound, a few dozen flags that each
// need two others could keep an evaluation busy for years.
const maxLinkedEvaluations = 10_000

const (
	cycleMessage = "a flag or segment must not lead back to itself"
	costMessage  = "at most 10000 evaluations may follow from one"
)

// linked reports whether the flag needs other flags.
func (f *flag) linked() bool { return f.needs != nil && len(f.needs.prerequisites) > 0 }

// linked reports whether the segment looks into other segments.
func (s *segment) linked() bool {
	for i := range s.clauses {
		if s.clauses[i].code == codeInSegment {
			return true
		}
	}
	return false
}

// checkFlagLinks keeps out the flags that need themselves, and lets in again the flags that no longer do. It replaces
// each flag that it changes by a copy, since older snapshots may hold the flag.
func (b *builder) checkFlagLinks() {
	flags := b.snapshot.flags
	g := newGraph(len(flags), func(node int32, visit func(int32)) {
		if f := flags[node]; f != nil && f.ownFault == nil && f.linked() {
			for i := range f.needs.prerequisites {
				visit(f.needs.prerequisites[i].slot)
			}
		}
	})
	for slot, f := range flags {
		if f == nil || f.ownFault != nil {
			continue
		}
		message := g.fault(int32(slot))
		if (message != "") == (f.fault != nil) {
			continue
		}
		replaced := *f
		replaced.fault = nil
		if message != "" {
			replaced.fault = &CompileError{Pointer: "/config/prerequisites", Message: message}
			b.report(kindFlag, f.key, replaced.fault)
		}
		flags[slot] = &replaced
	}
}

// checkSegmentLinks is checkFlagLinks for segments.
func (b *builder) checkSegmentLinks() {
	segments := b.snapshot.segments
	g := newGraph(len(segments), func(node int32, visit func(int32)) {
		s := segments[node]
		if s == nil || s.ownFault != nil {
			return
		}
		for i := range s.clauses {
			if s.clauses[i].code == codeInSegment {
				for _, slot := range s.clauses[i].operands.segments {
					visit(slot)
				}
			}
		}
	})
	for slot, s := range segments {
		if s == nil || s.ownFault != nil {
			continue
		}
		message := g.fault(int32(slot))
		if (message != "") == (s.fault != nil) {
			continue
		}
		replaced := *s
		replaced.fault = nil
		if message != "" {
			replaced.fault = &CompileError{Pointer: "/rules", Message: message}
			b.report(kindSegment, s.definition.Key, replaced.fault)
		}
		segments[slot] = &replaced
	}
}

// graph finds the nodes that lead back to themselves, by Tarjan's algorithm, and what each node costs to evaluate.
type graph struct {
	edges func(node int32, visit func(int32))
	own   func(node int32) int // what a node costs itself
	limit int                  // of what a node and all that it leads to cost
	nodes []graphNode
	stack []int32
	next  int32
}

type graphNode struct {
	index   int32 // 0: not visited
	low     int32
	onStack bool
	cyclic  bool
	cost    int // at most the limit and one
}

// newGraph is a graph in which each node costs one evaluation.
func newGraph(size int, edges func(node int32, visit func(int32))) *graph {
	return &graph{
		edges: edges, nodes: make([]graphNode, size), limit: maxLinkedEvaluations, own: func(int32) int { return 1 },
	}
}

// fault says what is wrong with the links of a node, "" if nothing is.
func (g *graph) fault(node int32) string {
	if g.nodes[node].index == 0 {
		g.visit(node)
	}
	switch n := &g.nodes[node]; {
	case n.cyclic:
		return cycleMessage
	case n.cost > g.limit:
		return costMessage
	default:
		return ""
	}
}

func (g *graph) visit(node int32) {
	g.next++
	n := &g.nodes[node]
	n.index, n.low, n.onStack, n.cost = g.next, g.next, true, g.own(node)
	g.stack = append(g.stack, node)
	g.edges(node, func(other int32) {
		o := &g.nodes[other]
		switch {
		case other == node:
			n.cyclic = true
		case o.index == 0:
			g.visit(other)
			n.low = min(n.low, o.low)
		case o.onStack:
			n.low = min(n.low, o.index)
		}
		n.cost = min(n.cost+o.cost, g.limit+1)
	})
	if n.low != n.index {
		return
	}
	for size := 1; ; size++ {
		last := g.stack[len(g.stack)-1]
		g.stack = g.stack[:len(g.stack)-1]
		g.nodes[last].onStack = false
		if last == node {
			n.cyclic = n.cyclic || size > 1
			return
		}
		g.nodes[last].cyclic = true
	}
}
