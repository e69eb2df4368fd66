package evaluator

// compileSegment compiles a segment. What it returns is complete only if there are no errors.
func compileSegment(def *Segment, l linker) (*segment, CompileErrors) {
	c := compiler{linker: l}
	var root *pointer
	c.key(def.Key, root.field("key"))
	s := &segment{
		definition: def,
		included:   newKeySet(def.Included),
		excluded:   newKeySet(def.Excluded),
	}
	for i := range def.Rules {
		at := root.field("rules").item(i)
		s.rules = append(s.rules, c.group(def.Rules[i].Clauses, at.field("clauses"), 0))
	}
	s.clauses = c.clauses
	s.cost = fixedCost(s.clauses) + int32(2*len(s.rules))
	return s, c.list
}
