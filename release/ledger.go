package release

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release/stats"
)

// alphaRatio is the greatest share of releases with a right sample ratio in which the ratio is found wrong by chance.
const alphaRatio = 0.01

// Ledger adds up the measurements of one release and tells where its guards stand. The same measurements in the same
// order give the same readings. It is not safe for concurrent use.
type Ledger struct {
	steps     int
	accounts  []*account
	exposures map[int]int64
	reported  map[int]bool
	ratios    map[ratioKey]*Assignment
	observers []string // in the order in which they came
	added     int
}

// ratioKey names an independent sample of contexts: those that one observer saw for the first time in one step.
type ratioKey struct {
	step, share int
	observer    string
}

func compareRatioKeys(a, b ratioKey) int {
	return cmp.Or(cmp.Compare(a.step, b.step), cmp.Compare(a.share, b.share), cmp.Compare(a.observer, b.observer))
}

// NewLedger returns an empty ledger.
func NewLedger(spec Spec) *Ledger {
	comparing := 0
	for _, g := range spec.Guards {
		if g.Compares() {
			comparing++
		}
	}
	l := &Ledger{
		steps: len(
			spec.Steps,
		),
		exposures: make(map[int]int64),
		reported:  make(map[int]bool),
		ratios:    make(map[ratioKey]*Assignment),
	}
	for _, g := range spec.Guards {
		// All guards together are wrong no more often than Alpha, however many there are (Bonferroni).
		l.accounts = append(l.accounts, newAccount(g, Alpha/float64(max(1, comparing))))
	}
	return l
}

// Add takes in a measurement.
func (l *Ledger) Add(m Measurement) {
	l.added++
	for _, a := range l.accounts {
		a.add(m)
	}
	for _, t := range m.Tallies {
		if t.Arm == ArmExposed {
			l.reported[m.Step] = true
		}
	}
	if m.Exposures > 0 {
		l.reported[m.Step] = true
		l.exposures[m.Step] += m.Exposures
	}
	for _, counted := range m.Assigned {
		l.assign(m, counted)
	}
}

func (l *Ledger) assign(m Measurement, counted Assignment) {
	if !slices.Contains(l.observers, m.Observer) {
		l.observers = append(l.observers, m.Observer)
	}
	key := ratioKey{m.Step, counted.Share, m.Observer}
	sum := l.ratios[key]
	if sum == nil {
		sum = &Assignment{Share: counted.Share}
		l.ratios[key] = sum
	}
	sum.Exposed += counted.Exposed
	sum.Unexposed += counted.Unexposed
}

// Standing tells where the guards stand in the step. The guards of the spec come first, in their order. The sample
// ratio follows if any contexts were counted.
func (l *Ledger) Standing(step int) Standing {
	standing := Standing{Exposures: l.exposed(step), Measurements: l.added}
	for _, a := range l.accounts {
		standing.Readings = append(standing.Readings, a.reading(step))
	}
	if len(l.ratios) > 0 {
		standing.Readings = append(standing.Readings, l.sampleRatio(step))
	}
	return standing
}

// Breached tells whether any guard of the spec is breached.
func (l *Ledger) Breached() bool {
	return slices.ContainsFunc(l.accounts, func(a *account) bool { return a.breach != "" })
}

// exposed is how often the variation was served in the step. It is the greater of two numbers: what applications
// report, and how many events that a guard measures the exposed have sent. It is nil if neither was measured.
func (l *Ledger) exposed(step int) *int64 {
	if !l.reported[step] {
		return nil
	}
	most := l.exposures[step]
	for _, a := range l.accounts {
		most = max(most, a.exposed[step])
	}
	return &most
}

// Series are the points of each guard, rising in time, in the order of the spec.
func (l *Ledger) Series() map[string][]Point {
	series := make(map[string][]Point, len(l.accounts))
	for _, a := range l.accounts {
		series[a.guard.Name] = slices.Clone(a.points)
	}
	return series
}

// sampleRatio tests whether as many contexts were exposed as should have been. The samples of different steps and of
// different observers hold the same contexts. So their evidence must not be multiplied, and each sample is tested by
// itself with a part of alphaRatio. The steps get equal parts. The observers get 1/2, 1/6, 1/12, … in the order in
// which they came, since nobody knows how many will come.
func (l *Ledger) sampleRatio(step int) Reading {
	r := Reading{Guard: SampleRatio, Verdict: VerdictGood, Exposed: &Side{}, Unexposed: &Side{}}
	for _, key := range slices.SortedFunc(maps.Keys(l.ratios), compareRatioKeys) {
		sum := l.ratios[key]
		r.Exposed.Sample += sum.Exposed
		r.Unexposed.Sample += sum.Unexposed
		if key.step == step {
			r.Sample += sum.Exposed
		}
		if sum.Share <= 0 || sum.Share >= evaluator.TotalWeight {
			continue
		}
		should := float64(sum.Share) / evaluator.TotalWeight
		rank := float64(slices.Index(l.observers, key.observer) + 1)
		alpha := alphaRatio / float64(l.steps) / (rank * (rank + 1))
		if stats.Mismatch(sum.Exposed, sum.Unexposed, should) >= stats.Threshold(alpha) &&
			r.Verdict != VerdictBreached {
			r.Verdict = VerdictBreached
			r.Text = fmt.Sprintf(
				"%s of %s contexts were exposed, where %s should have been: something loses or adds some of them, so the measurements cannot be trusted",
				share(
					float64(sum.Exposed)/float64(sum.Exposed+sum.Unexposed),
				),
				count(sum.Exposed+sum.Unexposed),
				share(should),
			)
		}
	}
	if r.Verdict == VerdictGood {
		r.Text = fmt.Sprintf(
			"%s contexts exposed and %s not, as expected",
			count(r.Exposed.Sample),
			count(r.Unexposed.Sample),
		)
	}
	return r
}
