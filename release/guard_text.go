package release

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// compared says what a guard has measured: "2.1 % of 1 840 exposed against 1 % of 34 900 others".
func (a *account) compared() string {
	exposed, unexposed := a.test.totals()
	return fmt.Sprintf("%s exposed against %s others", a.measured(exposed), a.measured(unexposed))
}

// worse says what compared says, and adds that it is worse than tolerated.
func (a *account) worse() string {
	than := "worse"
	if a.guard.Tolerance > 0 {
		than = "worse by more than the tolerated " + share(a.guard.Tolerance)
	}
	return fmt.Sprintf("%s: %s with %s confidence", a.compared(), than, share(1-a.alpha))
}

func (a *account) measured(s Side) string {
	switch {
	case s.Value == nil:
		return "no value of " + count(s.Sample)
	case a.guard.Kind == GuardRate:
		return share(*s.Value) + " of " + count(s.Sample)
	case a.guard.Kind == GuardMean:
		return number(*s.Value) + " on average of " + count(s.Sample)
	default:
		return fmt.Sprintf("%s at the %s quantile of %s", number(*s.Value), share(a.guard.quantile()), count(s.Sample))
	}
}

// lacking says what a guard has too little of.
func (a *account) lacking(inStep int64) string {
	if needed := a.guard.Sample(); inStep >= needed {
		return fmt.Sprintf("%s of %s others", count(a.allUnexposed), count(needed))
	}
	return fmt.Sprintf("%s of %s exposed in this step", count(inStep), count(a.guard.Sample()))
}

// checked says what the last checks have found.
func (a *account) checked() string {
	if needed := a.guard.badChecks(); needed > 1 {
		return fmt.Sprintf("%s; %d of %d bad checks in a row", a.last.Text, a.bad, needed)
	}
	return a.last.Text
}

// share writes a share in percent, with up to three significant figures.
func share(s float64) string { return number(100*s) + " %" }

// number writes up to three significant figures, and always every digit before the point.
func number(x float64) string {
	if x == 0 || math.Abs(x) >= 100 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	digits := max(0, 2-int(math.Floor(math.Log10(math.Abs(x)))))
	text := strconv.FormatFloat(x, 'f', min(digits, 9), 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// count writes a whole number in groups of three digits.
func count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	var b strings.Builder
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(digit)
	}
	return b.String()
}
