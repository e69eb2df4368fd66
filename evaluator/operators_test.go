package evaluator_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
)

// The outcomes of a clause. Negation swaps yes and no. If the outcome is unknown, neither the clause nor its negation
// matches.
const (
	yes     = "yes"
	no      = "no"
	unknown = "unknown"
)

// cell is one cell of the table in the package documentation: an attribute and what the clause comes to.
type cell struct {
	attribute any // absent stands for no attribute at all
	want      string
}

type absentAttribute struct{}

var absent = absentAttribute{}

type row struct {
	operator   evaluator.Operator
	values     string
	ignoreCase bool
	cells      []cell
}

func (r *row) clause(negate bool) evaluator.Clause {
	cl := evaluator.Clause{Attribute: "a", Operator: r.operator, IgnoreCase: r.ignoreCase, Negate: negate}
	if err := json.Unmarshal([]byte(r.values), &cl.Values); err != nil {
		panic(err)
	}
	return cl
}

// noon is 2026-05-01T12:00:00Z, epoch second 1777636800.
func noon() time.Time { return time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC) }

// without lists attributes of every type that a comparison cannot read, apart from those named.
func without(kinds ...string) []cell {
	all := []struct {
		kind  string
		value any
	}{
		{"string", "\x00 no operand reads like this"}, {"integer", 7}, {"float", 7.5}, {"boolean", true}, {"time", noon()},
		{"object", map[string]any{"b": "x"}}, {"missing", absent}, {"null", nil}, {"nan", math.NaN()},
	}
	var cells []cell
next:
	for _, a := range all {
		for _, kind := range kinds {
			if a.kind == kind {
				continue next
			}
		}
		cells = append(cells, cell{a.value, unknown})
	}
	return cells
}

// rows is the operator table, written by hand from the package documentation.
func rows() []row {
	list := func(values ...any) []any { return append([]any{}, values...) } // nil would be null
	var all []row
	add := func(op evaluator.Operator, values string, cells ...[]cell) {
		r := row{operator: op, values: values}
		for _, c := range cells {
			r.cells = append(r.cells, c...)
		}
		all = append(all, r)
	}
	addFolding := func(op evaluator.Operator, values string, cells ...cell) {
		all = append(all, row{operator: op, values: values, ignoreCase: true, cells: cells})
	}

	add(evaluator.OpIn, `["FR", "IT", ""]`, without("string", "time"), []cell{
		{"FR", yes}, {"", yes}, {"fr", no}, {"FRA", no}, {noon(), no},
		{list("DE", "IT"), yes}, {list("DE"), no}, {list(), no}, {list("DE", 7), unknown}, {list(7, "FR"), yes},
		{list(nil), unknown}, {list(list("FR")), unknown}, {[]string{"DE", "FR"}, yes}, {[]string{"DE"}, no},
	})
	add(evaluator.OpIn, `["2026-05-01T12:00:00Z"]`, []cell{{noon(), yes}, {noon().Add(time.Second), no}})
	add(evaluator.OpIn, `[1, 2.5, -3, 9007199254740991]`, without("integer", "float"), []cell{
		{1, yes}, {1.0, yes}, {int64(-3), yes}, {uint8(1), yes}, {float32(2.5), yes}, {json.Number("2.5"), yes}, {json.Number("1e0"), yes},
		{2, no}, {2.51, no}, {math.Copysign(0, -1), no}, {math.Inf(1), no}, {int64(9007199254740991), yes},
		{int64(9007199254740993), no}, {uint64(math.MaxUint64), no}, {"1", unknown}, {list(5, 1), yes}, {[]int{5, 1}, yes},
		{[]float64{5}, no},
	})
	add(evaluator.OpIn, `[true]`, without("boolean"), []cell{{true, yes}, {false, no}, {list(false, true), yes}, {"true", unknown}, {1, unknown}})
	add(evaluator.OpIn, `[false, "x", 1]`, []cell{{false, yes}, {true, no}, {"x", yes}, {"y", no}, {1, yes}, {2, no}, {nil, unknown}})
	add(evaluator.OpIn, manyValues(), []cell{{"v0", yes}, {"v99", yes}, {"v100", no}, {"", no}, {5, unknown}})

	add(evaluator.OpContains, `["ell", "ö"]`, without("string", "time"), []cell{
		{"hello", yes}, {"schön", yes}, {"hELLo", no}, {"", no}, {noon(), no}, {list("x", "well"), yes}, {list("x"), no}, {list(), no},
	})
	add(evaluator.OpContains, `["T12:"]`, []cell{{noon(), yes}})
	add(evaluator.OpStartsWith, `["ab", "2026-"]`, without("string", "time"), []cell{
		{"abc", yes}, {"ab", yes}, {"a", no}, {"Abc", no}, {"xab", no}, {noon(), yes}, {list("x", "abc"), yes}, {list("x"), no},
	})
	add(evaluator.OpEndsWith, `["@example.org", "00Z"]`, without("string", "time"), []cell{
		{"me@example.org", yes}, {"me@example.com", no}, {"", no}, {noon(), yes}, {list("x", "a@example.org"), yes}, {list("x"), no},
	})
	add(evaluator.OpMatches, `["^b+c", "z$"]`, without("string", "time"), []cell{
		{"bbbc!", yes}, {"xyz", yes}, {"abc", no}, {"BC", no}, {"", no}, {noon(), no}, {list("a", "bc"), yes}, {list("a"), no},
	})
	addFolding(evaluator.OpIn, `["Straße", "ΣΊΣΥΦΟΣ", "K"]`,
		cell{"STRAßE", yes}, cell{"STRASSE", no}, cell{"σίσυφος", yes}, cell{"k", yes}, cell{"\u212a", yes}, cell{"", no}, cell{1, unknown})
	addFolding(evaluator.OpContains, `["ÉCOL"]`, cell{"une école", yes}, cell{"ecole", no}, cell{"", no})
	addFolding(evaluator.OpStartsWith, `["Ab"]`, cell{"aBc", yes}, cell{"a", no}, cell{"bab", no})
	addFolding(evaluator.OpEndsWith, `["@Example.ORG"]`, cell{"ME@EXAMPLE.org", yes}, cell{"org", no}, cell{"x@example.orgs", no})
	addFolding(evaluator.OpMatches, `["^ab|cd$"]`, cell{"ABx", yes}, cell{"xCD", yes}, cell{"xabx", no})

	add(evaluator.OpLessThan, `[5]`, without("integer", "float"), []cell{
		{4, yes}, {5, no}, {4.999, yes}, {math.Inf(-1), yes}, {math.Inf(1), no}, {"4", unknown}, {list(9, 4), yes}, {list(9), no}, {list(9, "x"), unknown},
	})
	add(evaluator.OpLessThan, `[1, 5]`, []cell{{4, yes}, {0, yes}, {5, no}})
	add(evaluator.OpLessThanOrEqual, `[5]`, without("integer", "float"), []cell{{5, yes}, {5.0001, no}, {list(5), yes}})
	add(evaluator.OpGreaterThan, `[5]`, without("integer", "float"), []cell{
		{6, yes}, {5, no}, {5.5, yes}, {int64(math.MaxInt64), yes}, {list(1), no},
	})
	add(evaluator.OpGreaterThan, `[5, 9]`, []cell{{6, yes}, {5, no}})
	add(evaluator.OpGreaterThanOrEqual, `[5]`, without("integer", "float"), []cell{{5, yes}, {4.9, no}, {list(4, 5), yes}})

	for _, bound := range []string{`["2026-05-01T12:00:00Z"]`, `["2026-05-01T14:00:00.000+02:00"]`, `[1777636800]`} {
		add(evaluator.OpBefore, bound, without("string", "integer", "float", "time"), []cell{
			{noon().Add(-1), yes}, {noon(), no}, {noon().Add(1), no}, {"2026-05-01T11:59:59Z", yes}, {"2026-05-01T12:00:00Z", no},
			{"2026-05-01T12:59:59+01:00", yes}, {"2026-05-01T13:00:00+01:00", no}, {"2026-05-01", unknown}, {"", unknown},
			{1777636799, yes}, {1777636799.5, yes}, {1777636800, no}, {1777636800000.0, unknown}, {math.Inf(-1), unknown},
			{list("x", 1777636799), yes}, {list("2027-01-01T00:00:00Z"), no}, {list("x"), unknown},
		})
		add(evaluator.OpAfter, bound, without("string", "integer", "float", "time"), []cell{
			{noon().Add(1), yes}, {noon(), no}, {"2026-05-01T12:00:00.000000001Z", yes}, {"2026-05-01T12:00:00Z", no},
			{"2026-05-01T12:00:00-00:01", yes}, {"2026-13-01T12:00:00Z", unknown}, {1777636801, yes}, {1777636800, no},
			{list(1777636801), yes},
		})
	}

	for _, r := range []struct {
		op                   evaluator.Operator
		less, equal, greater string
	}{
		{evaluator.OpSemverEqual, no, yes, no},
		{evaluator.OpSemverLessThan, yes, no, no},
		{evaluator.OpSemverLessThanOrEqual, yes, yes, no},
		{evaluator.OpSemverGreaterThan, no, no, yes},
		{evaluator.OpSemverGreaterThanOrEqual, no, yes, yes},
	} {
		add(r.op, `["2.3.0"]`, without("string", "time"), []cell{{noon(), unknown}}, []cell{
			{"2.2.9", r.less}, {"2.3.0-rc.1", r.less}, {"1", r.less}, {"v2.2", r.less},
			{"2.3.0", r.equal}, {"v2.3", r.equal}, {"2.3.0+build.7", r.equal},
			{"2.3.1", r.greater}, {"2.10", r.greater}, {"3.0.0-alpha", r.greater}, {"99999999999999999999.0.0", r.greater},
			{"2.3.x", unknown}, {"02.3.0", unknown}, {"2.3.0-01", unknown}, {"", unknown}, {"two", unknown}, {2.3, unknown},
			{list("nonsense", "2.3.0"), map[bool]string{true: yes, false: unknown}[r.equal == yes]},
		})
	}
	add(evaluator.OpSemverRange, `["^2.3 || 5.x", "~7.1.2"]`, without("string", "time"), []cell{{noon(), unknown}}, []cell{
		{"2.3.0", yes}, {"2.9.9", yes}, {"3.0.0", no}, {"3.0.0-rc.1", no}, {"2.4.0-rc.1", yes}, {"2.3.0-rc.1", no}, {"v5", yes},
		{"7.1.9", yes}, {"7.2.0", no}, {"x", unknown}, {list("1.0.0", "5.0.0"), yes}, {list("1.0.0"), no},
	})

	add(evaluator.OpInCIDR, `["10.0.0.0/8", "2001:db8::/32", "192.0.2.7"]`, without("string", "time"), []cell{{noon(), unknown}}, []cell{
		{"10.1.2.3", yes}, {"11.1.2.3", no}, {"192.0.2.7", yes}, {"192.0.2.8", no}, {"2001:db8::1", yes}, {"2001:db9::1", no},
		{"::ffff:10.1.2.3", yes}, {"10.1.2", unknown}, {"010.1.2.3", unknown}, {"10.1.2.3/8", unknown}, {"fe80::1%eth0", unknown},
		{list("11.0.0.1", "10.0.0.1"), yes}, {list("11.0.0.1"), no}, {list("11.0.0.1", "?"), unknown},
	})

	add(evaluator.OpInCIDR, `["::ffff:10.0.0.0/104", "::/0"]`, []cell{{"10.1.2.3", yes}, {"11.0.0.1", no}, {"::ffff:10.9.9.9", yes}, {"::1", yes}})

	add(evaluator.OpExists, `[]`, []cell{
		{"x", yes}, {"", yes}, {0, yes}, {0.5, yes}, {false, yes}, {noon(), yes}, {list(), yes}, {map[string]any{}, yes},
		{[]byte("x"), yes}, {absent, no}, {nil, no}, {math.NaN(), no},
		{[]any(nil), no}, {[]string(nil), no}, {[]int(nil), no}, {map[string]any(nil), no}, {map[string]string(nil), no}, {(*int)(nil), no},
	})
	return all
}

// manyValues is a list that is long enough to be hashed.
func manyValues() string {
	values := make([]string, 100)
	for i := range values {
		values[i] = fmt.Sprintf("v%d", i)
	}
	raw, err := json.Marshal(values)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

func TestOperatorTable(t *testing.T) {
	t.Parallel()
	for _, r := range rows() {
		name := fmt.Sprintf("%s %s", r.operator, r.values)
		if r.ignoreCase {
			name += " ignoring case"
		}
		if len(name) > 60 {
			name = name[:60]
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := clauseSnapshot(t, r.clause(false), r.clause(true))
			for _, c := range r.cells {
				got := map[bool]bool{}
				for _, negate := range []bool{false, true} {
					for i, context := range bothContexts("a", c.attribute) {
						matched := s.Evaluate(fmt.Sprintf("negate-%t", negate), &context).Variation == "on"
						require.Equal(t, wants(c.want, negate), matched, "negate %t of %T %[2]v, context %d", negate, c.attribute, i)
						got[negate] = matched
					}
				}
			}
		})
	}
}

// wants reports whether a clause that comes to outcome matches.
func wants(outcome string, negate bool) bool {
	return outcome == yes && !negate || outcome == no && negate
}

// clauseSnapshot returns a snapshot with a flag for the clause and one for its negation.
func clauseSnapshot(t testing.TB, clause, negated evaluator.Clause) *evaluator.Snapshot {
	t.Helper()
	flags := []evaluator.Flag{
		booleanFlag(t, "negate-false", 1, `{"enabled": true, "fallthrough": {"variation": "off"}}`),
		booleanFlag(t, "negate-true", 1, `{"enabled": true, "fallthrough": {"variation": "off"}}`),
	}
	for i, cl := range []evaluator.Clause{clause, negated} {
		flags[i].Config.Rules = []evaluator.Rule{{
			ID: "r", Clauses: []evaluator.Clause{cl}, Serve: evaluator.Serve{Variation: "on"},
		}}
	}
	return compile(t, definition(flags))
}

// bothContexts returns a map context and a prepared one with the attribute.
func bothContexts(name string, value any) []evaluator.Context {
	if value == any(absent) {
		return []evaluator.Context{evaluator.MapContext(map[string]any{}), evaluator.NewContext("")}
	}
	return []evaluator.Context{
		evaluator.MapContext(map[string]any{name: value}),
		evaluator.NewContext("").With(name, value),
	}
}
