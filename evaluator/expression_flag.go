package evaluator

// targeting evaluates the expression of a flag and takes the variation that it names. If the expression gives null,
// the flag serves the off variation, which is flagd's default variant. If the expression fails or names no variation,
// the outcome is an error.
func (e *evaluation) targeting(c *Context, f *flag) outcome {
	granted := min(maxExpressionSteps, e.meter.left()/stepsOfExpression)
	m := machine{context: *c, flag: f, meter: meter{steps: granted, bytes: e.meter.bytes}}
	if e.trace != nil {
		m.trace = &targetingTrace{printer: printer{left: maxPrinted, room: e.room}}
	}
	d, ok := m.start(&f.targeting.root, datum{kind: datumRoot})
	o := f.named(&m.meter, &d, ok)
	e.meter.spend((granted - max(m.steps, 0)) * stepsOfExpression)
	e.meter.bytes = m.bytes
	if e.trace != nil {
		e.trace.targeting(f, m.trace, o)
	}
	return o
}

// named is the outcome of an expression's value.
func (f *flag) named(m *meter, d *datum, ok bool) outcome {
	if m.exceeded() {
		return outcome{variation: noVariation, rule: -1, reason: ReasonError, detail: DetailBudgetExceeded}
	}
	if !ok {
		return outcome{variation: noVariation, rule: -1, reason: ReasonError, detail: DetailTargetingFailed}
	}
	if d.nullish() {
		return outcome{variation: f.off, rule: -1, reason: ReasonDefault}
	}
	var buffer [64]byte
	name := buffer[:0]
	if d.kind != datumString {
		name = d.appendText(m, name)
	}
	for i := range f.variations {
		if key := f.variations[i].key; d.kind == datumString && key == d.text || d.kind != datumString && key == string(name) {
			return outcome{variation: int32(i), rule: -1, reason: ReasonTargetingMatch}
		}
	}
	return outcome{variation: noVariation, rule: -1, reason: ReasonError, detail: DetailUnknownVariation}
}

// Timed reports whether any flag's answer may depend on $flagd.timestamp, so that contexts need Context.At.
func (s *Snapshot) Timed() bool { return s.timed }

func (f *flag) timed() bool { return f != nil && f.targeting != nil && f.targeting.timed }
