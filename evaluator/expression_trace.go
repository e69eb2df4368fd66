package evaluator

import "math"

// maxTracedSteps bounds how many steps of an expression an explanation shows: loops over long lists have many.
const maxTracedSteps = 1000

// TargetingTrace tells how an expression came to its value.
type TargetingTrace struct {
	Outcome Outcome `json:"outcome"`
	// Variation is what the expression chose, "" if it chose none.
	Variation string `json:"variation,omitempty"`
	// Steps are the operators in the order in which they were done with; StepCount is how many there were.
	Steps     []TargetingStep `json:"steps,omitempty"`
	StepCount int             `json:"stepCount"`
}

// TargetingStep is the value of one operator.
type TargetingStep struct {
	// Pointer is an RFC 6901 JSON pointer to the operator's arguments. It is relative to the expression in which each
	// reference is replaced by what it refers to.
	Pointer string `json:"pointer"`
	// Value is what the operator gave, null where it failed.
	Value any `json:"value"`
	// Failed: the operator could not take its arguments.
	Failed bool `json:"failed,omitempty"`
}

// targetingTrace is what an expression writes its steps into.
type targetingTrace struct {
	steps   []TargetingStep
	count   int
	printer printer
}

func (t *targetingTrace) step(n *node, d datum, ok bool) {
	t.count++
	if len(t.steps) >= maxTracedSteps || !t.printer.room.take(nodeBytes+len(n.at)) {
		return
	}
	step := TargetingStep{Pointer: n.at, Failed: !ok}
	if ok {
		step.Value = t.printer.datum(&d, maxAttributeDepth)
	}
	t.steps = append(t.steps, step)
}

// targeting writes the steps into the explanation.
func (t *trace) targeting(f *flag, steps *targetingTrace, o outcome) {
	x := t.explanation.Targeting
	x.Steps, x.StepCount = steps.steps, steps.count
	switch o.reason {
	case ReasonTargetingMatch:
		x.Variation = f.variations[o.variation].key
		x.Outcome = OutcomeMatched
	case ReasonDefault:
		x.Outcome = OutcomeNotMatched
	default:
		x.Outcome = OutcomeUnknown
	}
}

// datum is print for a value of an expression.
func (p *printer) datum(d *datum, depth int) any {
	switch made, isMade := d.ref.(*listing); {
	case isMade:
		if depth == 0 {
			return omitted
		}
		printed := []any{}
		for i := range made.items {
			if !p.more(len(printed)) {
				return append(printed, omitted)
			}
			printed = append(printed, p.datum(&made.items[i], depth-1))
		}
		return printed
	case d.kind == datumList:
		return p.print(attribute{kind: kindList, ref: d.ref}, depth)
	case d.kind == datumObject && d.ref != nil:
		return p.print(attribute{kind: kindObject, ref: d.ref}, depth)
	case d.kind == datumBool:
		return d.number != 0
	case d.kind == datumNumber && d.number == d.number && !math.IsInf(d.number, 0):
		return d.number
	case d.nullish():
		return nil
	case d.kind == datumString:
		return p.text(d.text)
	default:
		return d.toText(&meter{})
	}
}
