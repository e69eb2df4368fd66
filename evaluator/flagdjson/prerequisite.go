package flagdjson

import (
	"encoding/json"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// served is an expression that gives the variation which a flag serves, or null for the code default. If there is no
// such expression, it holds the reason.
type served struct {
	expression logic.Expression
	err        *refusal
}

// met is true where the other flag exists, compiles, is enabled and serves the variation that is needed.
func (x *exporter) met(p evaluator.Prerequisite) (logic.Expression, *refusal) {
	other, ok := x.snapshot.Flag(p.Flag)
	if !ok || x.snapshot.Fault(p.Flag) != nil || !other.Config.Enabled {
		return false, nil //nolint:nilerr // A flag that is faulty serves nothing, so it does not serve what is needed.
	}
	s, known := x.served[p.Flag]
	if !known {
		s = x.serving(&other)
		x.served[p.Flag] = s
	}
	if s.err != nil {
		return nil, because("flag", "flag "+p.Flag, s.err)
	}
	if _, computed := s.expression.(json.RawMessage); computed {
		return logic.Apply("===", s.expression, p.Variation), nil
	}
	return s.expression == p.Variation, nil
}

// serving gives the variation of a flag that is on: a string, nil, or an encoded expression. Flags that need each other
// do not compile, so this ends.
func (x *exporter) serving(def *evaluator.Flag) served {
	if len(def.Config.Targeting) > 0 {
		return served{err: refuse("targeting", "what an expression gives cannot be compared with a variation")}
	}
	d, err := x.decide(def)
	if err != nil {
		return served{err: err}
	}
	if d.constant() {
		if d.otherwise.variation == nil {
			return served{}
		}
		return served{expression: *d.otherwise.variation}
	}
	expression := encode(d.expression(nil))
	if len(expression) > maxExpression {
		return served{err: refuse("", tooLong)}
	}
	return served{expression: expression}
}
