package evaluator

// flag is a compiled Flag.
type flag struct {
	key        string
	definition *Flag
	fault      *CompileError // set: the flag is kept out, evaluating it gives PARSE_ERROR
	ownFault   *CompileError // the part of fault that lies in the flag itself, not in what it is linked to
	enabled    bool
	fixed      bool // nothing in the configuration could give another answer than the fallthrough
	off        int32
	cost       int32 // steps of evaluating it for a context of short texts, without what it is linked to
	version    int64
	needs      *needs // nil: none
	targets    []target
	rules      []rule
	clauses    []clause // of all rules and groups, referred to by range
	fallthru   serve
	targeting  *expression // nil: targets, rules and fallthrough decide
	variations []variation
	inline     inline
}

// inline is room for the parts of a flag of usual size. An evaluation finds them next to the flag itself, without
// waiting for memory from all over the heap. Parts that do not fit are allocated.
type inline struct {
	variations [2]variation
	rules      [4]rule
	clauses    [4]clause
	texts      [8]string
}

// noVariation stands for the caller's code default.
const noVariation = -1

type variation struct {
	key   string
	value *value
}

// needs is what must hold before a flag that is on serves anything but its off variation.
type needs struct {
	availability  *availability
	prerequisites []prerequisite
}

type availability struct {
	scope   Scope
	service string
	version VersionRange
}

type prerequisite struct {
	slot      int32
	variation string
}

type target struct {
	keys      keySet
	variation int32
}

type rule struct {
	id      string
	clauses span
	serve   serve
}

// span is a range of a flag's or segment's clauses.
type span struct{ from, to int32 }

// serve is one variation, or a rollout.
type serve struct {
	variation int32
	rollout   *rollout
}
