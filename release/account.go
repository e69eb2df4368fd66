package release

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/tidegate-io/tidegate/release/stats"
)

// maxPoints is how many points of a plot are kept. When there are more, every other point is dropped.
const maxPoints = 240

// account is what a ledger keeps of one guard.
type account struct {
	guard Guard
	alpha float64
	// test is nil where the guard does not compare.
	test comparison
	// exposed and unexposed are how many were compared, in each step and in total.
	exposed, unexposed       map[int]int64
	allExposed, allUnexposed int64
	slices                   map[sliceKey]*sample
	// last is the last check. bad is how many checks in a row were bad.
	last       *Check
	lastStep   int
	bad        int
	breach     string
	breachedAt time.Time
	points     []Point
}

type sliceKey struct {
	arm                Arm
	variation, version string
}

func newAccount(g Guard, alpha float64) *account {
	a := &account{
		guard:     g,
		alpha:     alpha,
		exposed:   make(map[int]int64),
		unexposed: make(map[int]int64),
		slices:    make(map[sliceKey]*sample),
	}
	if g.Compares() {
		a.test = compare(g)
	}
	return a
}

// add takes in a measurement.
func (a *account) add(m Measurement) {
	if a.test == nil {
		a.addChecks(m)
		return
	}
	var exposed, unexposed sample
	for _, t := range m.Tallies {
		if t.Metric != a.guard.Metric && t.Metric != a.guard.Per {
			continue
		}
		a.slice(t).add(a.guard, t)
		switch t.Arm {
		case ArmExposed:
			exposed.add(a.guard, t)
		case ArmUnexposed:
			unexposed.add(a.guard, t)
		}
	}
	if a.test.ready() {
		a.exposed[m.Step] += exposed.size(a.guard)
		a.unexposed[m.Step] += unexposed.size(a.guard)
		a.allExposed += exposed.size(a.guard)
		a.allUnexposed += unexposed.size(a.guard)
	}
	a.test.add(exposed, unexposed)
	if a.breach == "" && a.ample() && a.test.evidence() >= stats.Threshold(a.alpha) {
		a.breach, a.breachedAt = a.worse(), m.From
	}
	a.plotComparison(m)
}

func (a *account) slice(t Tally) *sample {
	key := sliceKey{t.Arm, t.Variation, t.Version}
	s := a.slices[key]
	if s == nil {
		s = &sample{}
		a.slices[key] = s
	}
	return s
}

// ample tells whether enough of both arms was compared to believe the result of the test.
func (a *account) ample() bool {
	return a.allExposed >= a.guard.Sample() && a.allUnexposed >= a.guard.Sample()
}

func (a *account) addChecks(m Measurement) {
	for _, c := range m.Checks {
		if c.Guard != a.guard.Name {
			continue
		}
		a.last, a.lastStep = &c, m.Step
		switch {
		case c.Missing:
		case c.Good:
			a.bad = 0
		default:
			a.bad++
		}
		if a.breach == "" && a.bad >= a.guard.badChecks() {
			a.breach, a.breachedAt = a.checked(), m.From
		}
		a.plot(Point{At: m.From, Step: m.Step, Value: c.Value})
	}
}

// reading is where the guard stands in the step.
func (a *account) reading(step int) Reading {
	r := Reading{Guard: a.guard.Name, Kind: a.guard.Kind}
	if a.test == nil {
		a.readCheck(&r, step)
	} else {
		a.readComparison(&r, step)
	}
	if a.breach != "" {
		r.Verdict, r.Text, r.BreachedAt = VerdictBreached, a.breach, &a.breachedAt
	}
	return r
}

func (a *account) readComparison(r *Reading, step int) {
	exposed, unexposed := a.test.totals()
	r.Exposed, r.Unexposed, r.Difference = &exposed, &unexposed, difference(a.test.interval(a.alpha))
	r.Sample, r.Needed = a.exposed[step], a.guard.Sample()
	r.Slices = a.sliced()
	switch {
	case r.Sample >= r.Needed && a.unexposed[step] == 0:
		r.Verdict, r.Text = VerdictMissing, "nobody is left in this step to compare the exposed with"
	case r.Sample >= r.Needed && a.ample():
		r.Verdict, r.Text = VerdictGood, a.compared()
	default:
		r.Verdict, r.Text = VerdictWaiting, a.lacking(r.Sample)
	}
}

func (a *account) readCheck(r *Reading, step int) {
	r.Needed = 1
	if a.last == nil || a.lastStep != step {
		r.Verdict, r.Text = VerdictWaiting, "not checked in this step yet"
		return
	}
	r.Value, r.Text = a.last.Value, a.last.Text
	switch {
	case a.last.Missing:
		r.Verdict = VerdictMissing
	case a.bad > 0:
		r.Verdict, r.Text = VerdictWaiting, a.checked()
	default:
		r.Verdict, r.Sample = VerdictGood, 1
	}
}

// sliced lists what was measured by arm, variation and version.
func (a *account) sliced() []Slice {
	keys := slices.SortedFunc(maps.Keys(a.slices), func(x, y sliceKey) int {
		return cmp.Or(
			cmp.Compare(x.arm, y.arm),
			cmp.Compare(x.variation, y.variation),
			cmp.Compare(x.version, y.version),
		)
	})
	list := make([]Slice, len(keys))
	for i, key := range keys {
		list[i] = Slice{Arm: key.arm, Variation: key.variation, Version: key.version, Side: a.slices[key].side(a.guard)}
	}
	return list
}

// plotComparison adds a point. If other observers have seen the same span, it replaces the last point.
func (a *account) plotComparison(m Measurement) {
	exposed, unexposed := a.test.totals()
	if exposed.Sample == 0 && unexposed.Sample == 0 {
		return
	}
	a.plot(Point{
		At:         m.From,
		Step:       m.Step,
		Exposed:    exposed.Value,
		Unexposed:  unexposed.Value,
		Difference: difference(a.test.interval(a.alpha)),
	})
}

func (a *account) plot(p Point) {
	if last := len(a.points) - 1; last >= 0 && !p.At.After(a.points[last].At) {
		p.At = a.points[last].At
		a.points[last] = p
		return
	}
	a.points = append(a.points, p)
	if len(a.points) <= maxPoints {
		return
	}
	kept := a.points[:0]
	for i, point := range a.points {
		if i%2 == 0 || i == len(a.points)-1 {
			kept = append(kept, point)
		}
	}
	a.points = kept
}

// difference is nil where there is no estimate.
func difference(i stats.Interval) *Difference {
	if !i.Known() {
		return nil
	}
	d := &Difference{Estimate: i.Estimate, Upper: known(i.Upper)}
	if i.Lower > -1 {
		d.Lower = &i.Lower
	}
	return d
}
