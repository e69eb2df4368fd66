package evaluator

// Limits of an explanation.
const (
	// maxTraceBytes bounds what the parts of an explanation take, those of linked flags and segments included. What
	// finds no room is left out.
	maxTraceBytes = 2 << 20
	// maxTraceSteps bounds the work of writing down what the context holds.
	maxTraceSteps = MaxSteps / 5
	// maxTraceDepth bounds how deep the explanations of flags and segments lie in one another.
	maxTraceDepth = 32
	// nodeBytes is what a node of an explanation takes beside its texts.
	nodeBytes = 200
)

// room is what is left of the limits of an explanation.
type room struct {
	bytes int
	steps int
	depth int
	full  bool // something was left out
}

func newRoom() *room { return &room{bytes: maxTraceBytes, steps: maxTraceSteps} }

// take takes n bytes, and reports whether there is room for them.
func (r *room) take(n int) bool {
	if n > r.bytes {
		r.full = true
		return false
	}
	r.bytes -= n
	return true
}

// spend takes n steps, and reports whether there were as many.
func (r *room) spend(n int) bool {
	if n > r.steps {
		r.full = true
		return false
	}
	r.steps -= n
	return true
}

// enter goes one explanation deeper, and reports whether there is room for it. After true, the caller must call leave.
func (r *room) enter() bool {
	if r.depth == maxTraceDepth {
		r.full = true
		return false
	}
	r.depth++
	return true
}

func (r *room) leave() { r.depth-- }
