package evaluator

import "math"

// The limits of one request: one evaluation, one answer about all flags, or one explanation. docs/threat-model.md has
// them in its table.
const (
	// MaxSteps is the work that one request may cause. A step takes about ten nanoseconds. Comparing a short text with
	// a value takes a few steps. Each byte of a long text that is searched takes a few, too.
	MaxSteps = 10_000_000
	// MaxBytes is the memory that expressions may fill with what they make in one request.
	MaxBytes = 8 << 20
)

// BudgetMessage says in a sentence what DetailBudgetExceeded means.
const BudgetMessage = "evaluating the flag for this context takes more work than one request may cause (budget-exceeded)"

const (
	// block is how many steps are done before the meter asks again whether the caller is still there.
	block = 100_000
	// shortText is the length up to which the fixed cost of a clause covers the comparison of a text.
	shortText = 64
)

// Budget is the work that one request may still cause. Code that answers about several flags one by one passes the
// same Budget to all of these evaluations. An evaluation that needs more than is left gives an error GENERAL with
// DetailBudgetExceeded. A Budget is not safe for concurrent use.
type Budget struct {
	meter meter
}

// NewBudget returns a whole budget. Evaluation ends early once done is closed, which may be nil.
func NewBudget(done <-chan struct{}) Budget { return Budget{meter: newMeter(done)} }

// Steps returns how much of MaxSteps has been used.
func (b *Budget) Steps() int { return MaxSteps - b.meter.left() }

// Bytes returns how much of MaxBytes has been used.
func (b *Budget) Bytes() int { return MaxBytes - b.meter.bytes }

// meter counts down what is left of a budget.
type meter struct {
	steps int // until it is asked again whether the caller is there; below zero once the budget is exceeded
	rest  int // steps beyond those
	bytes int
	done  <-chan struct{}
}

func newMeter(done <-chan struct{}) meter {
	return meter{steps: block, rest: MaxSteps - block, bytes: MaxBytes, done: done}
}

// spend takes n steps, and reports whether enough were left. Once it has reported false, it always reports false.
func (m *meter) spend(n int) bool {
	m.steps -= n
	return m.steps >= 0 || m.refill()
}

// refill takes the next block, unless the caller has gone.
func (m *meter) refill() bool {
	select {
	case <-m.done:
		m.rest = 0
		return false
	default:
	}
	taken := min(m.rest, max(block, -m.steps))
	m.steps, m.rest = m.steps+taken, m.rest-taken
	return m.steps >= 0
}

// exceeded reports whether the work was more than the budget, or the caller has gone.
func (m *meter) exceeded() bool { return m.steps|m.bytes < 0 }

// left is how many steps are left, none once the budget is exceeded.
func (m *meter) left() int { return max(0, m.steps+m.rest) }

// restrict leaves at most n steps and puts the others aside. It returns how many it put aside, for restore.
func (m *meter) restrict(n int) (aside int) {
	aside = max(0, m.left()-n)
	if aside <= m.rest {
		m.rest -= aside
		return aside
	}
	m.steps, m.rest = m.steps-(aside-m.rest), 0
	return aside
}

// restore gives back what was put aside. It forgets what was spent beyond the rest, since that was refused.
func (m *meter) restore(aside int) {
	m.steps = max(m.steps, 0)
	m.rest += aside
}

// What the operators cost beyond the fixed cost of a clause, measured generously.
const (
	foldSteps      = 3  // a byte of text whose case is folded
	automatonSteps = 2  // a byte of text that is searched for many parts at once
	scannedPerStep = 8  // bytes that are searched for one part
	hashedPerStep  = 32 // bytes that are hashed or compared with others
	elementSteps   = 2  // an element of a list
	reflectedSteps = 10 // an element of a list of a rarer type, in addition
)

// weigh is the work of comparing a text of the length with a clause's values, beyond its fixed cost.
func (cl *clause) weigh(length int) int {
	o := cl.operands
	switch cl.code {
	case codeIn:
		if o != nil && o.affixes != nil {
			return o.affixes.weigh(length)
		}
		return length / hashedPerStep
	case codeContains:
		if o != nil && o.parts != nil {
			return o.parts.weigh(length)
		}
		return len(cl.texts) * length / scannedPerStep
	case codeStartsWith, codeEndsWith:
		if o != nil && o.affixes != nil {
			return o.affixes.weigh(length)
		}
		return len(cl.texts) * length / hashedPerStep
	case codeMatches:
		return 0 // which matchPatterns takes itself, of short texts too
	case codeInCIDR, codeInSegment:
		return 0 // no long text is an address
	default:
		return 2 * length // of versions and times, which are compared with a few bounds
	}
}

// fixedCost is the work of comparing a short text with a clause's values, as far as it fits.
func (cl *clause) fixedCost() uint16 {
	cost := 2 + len(cl.texts)/2
	if o := cl.operands; o != nil {
		cost += 4*len(o.path) + 2*len(o.ranges) + 4*len(o.patterns)
		if o.affixes != nil || o.parts != nil {
			cost += shortText / 4
		}
		if o.networks != nil || o.intervals != nil || o.versions != nil {
			cost += 20
		}
	}
	return uint16(min(cost, math.MaxUint16))
}

// fixedCost is the work of comparing short texts with the values of all the clauses.
func fixedCost(clauses []clause) (cost int32) {
	for i := range clauses {
		cost += 1 + int32(clauses[i].cost)
	}
	return cost
}

// fixedCost is the work of evaluating the flag for short texts, without what it is linked to.
func (f *flag) fixedCost() int32 {
	cost := 2 + fixedCost(f.clauses) + int32(len(f.rules)+2*len(f.targets))
	if f.needs != nil {
		cost += 4 * int32(len(f.needs.prerequisites))
		if a := f.needs.availability; a != nil {
			cost += 10 * int32(comparatorsOf([]VersionRange{a.version}))
		}
	}
	shares := len(f.fallthru.shares())
	for i := range f.rules {
		shares = max(shares, len(f.rules[i].serve.shares()))
	}
	return cost + int32(shares/4)
}

// shares are those of the rollout, none if there is none.
func (s *serve) shares() []share {
	if s.rollout == nil {
		return nil
	}
	return s.rollout.shares
}

// fill takes n bytes of what expressions may make. If the budget has fewer, the operator that made the bytes fails.
func (m *meter) fill(n int) bool {
	m.bytes -= n
	return m.bytes >= 0
}
