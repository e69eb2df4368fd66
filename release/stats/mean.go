package stats

import "math"

// tightest tunes the width of the interval of a mean. It is an effective sample, 1/(1/exposed + 1/unexposed).
// Compared with the interval of a single look, the interval is tightest at about five times that sample.
const tightest = 100

// Moments are the count, sum and sum of squares of values.
type Moments struct {
	Count        int64
	Sum, Squares float64
}

// Add gives the sum.
func (m Moments) Add(other Moments) Moments {
	return Moments{Count: m.Count + other.Count, Sum: m.Sum + other.Sum, Squares: m.Squares + other.Squares}
}

// Mean is NaN without values.
func (m Moments) Mean() float64 { return m.Sum / float64(m.Count) }

// variance is the variance of the values around their mean.
func (m Moments) variance() float64 {
	if m.Count < 2 {
		return 0
	}
	n := float64(m.Count)
	return max(0, m.Squares-m.Sum*m.Sum/n) / (n - 1)
}

// Mean compares the means of values of the exposed and the unexposed. It is made by NewMean.
//
// It is an asymptotic confidence sequence (I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy, A. Ramdas,
// "Time-uniform central limit theory and asymptotic confidence sequences", Annals of Statistics 52, 2024). It is
// right in the limit, for values of any distribution with a variance. So it must not be believed before there are
// some hundred values. Its shape is the one-sided normal mixture of S. R. Howard, A. Ramdas, J. McAuliffe, J. Sekhon,
// "Time-uniform, nonparametric, nonasymptotic confidence sequences", Annals of Statistics 49, 2021. The differences
// of the batches are weighted by their effective samples.
type Mean struct {
	bound              float64
	direction          direction
	exposed, unexposed Moments
	// The weights of the batches, the weighted means, and the factors of the variances.
	weight                             float64
	exposedMean, unexposedMean         float64
	exposedVariance, unexposedVariance float64
}

// NewMean tests the hypothesis that the mean of the exposed is at most 1 + tolerance times the mean of the unexposed.
// With higherIsBetter, it tests that the mean is at least 1 − tolerance times that of the unexposed.
func NewMean(tolerance float64, higherIsBetter bool) *Mean {
	if higherIsBetter {
		return &Mean{bound: 1 - tolerance, direction: downward}
	}
	return &Mean{bound: 1 + tolerance, direction: upward}
}

// Add takes in a batch.
func (m *Mean) Add(exposed, unexposed Moments) {
	m.exposed, m.unexposed = m.exposed.Add(exposed), m.unexposed.Add(unexposed)
	if exposed.Count == 0 || unexposed.Count == 0 {
		return
	}
	e, u := float64(exposed.Count), float64(unexposed.Count)
	weight := e * u / (e + u)
	m.weight += weight
	m.exposedMean += weight * exposed.Mean()
	m.unexposedMean += weight * unexposed.Mean()
	m.exposedVariance += weight * weight / e
	m.unexposedVariance += weight * weight / u
}

// Exposed are all values of the exposed so far.
func (m *Mean) Exposed() Moments { return m.exposed }

// Unexposed are all values of the unexposed so far.
func (m *Mean) Unexposed() Moments { return m.unexposed }

// Evidence is the evidence against the hypothesis that the exposed are no worse than tolerated.
func (m *Mean) Evidence() float64 { return m.against(m.bound, m.direction) }

// against is the evidence against the hypothesis that the mean of the exposed is at most (upward) or at least
// (downward) ratio times the mean of the unexposed.
func (m *Mean) against(ratio float64, d direction) float64 {
	variance := m.exposedVariance*m.exposed.variance() + ratio*ratio*m.unexposedVariance*m.unexposed.variance()
	if m.weight == 0 || variance == 0 {
		return 0
	}
	score := float64(d) * (m.exposedMean - ratio*m.unexposedMean) / math.Sqrt(variance)
	age := m.weight / tightest
	share := age / (1 + age)
	return math.Ln2 - math.Log1p(age)/2 + score*score*share/2 + math.Log(normal(score*math.Sqrt(share)))
}

// normal is the distribution function of the standard normal distribution.
func normal(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

// Interval is the relative difference of the means. It is unknown unless the mean of the unexposed is positive.
func (m *Mean) Interval(alpha float64) Interval {
	interval := unknown()
	if m.weight == 0 || m.unexposedMean <= 0 {
		return interval
	}
	threshold := Threshold(alpha)
	ratio := m.exposedMean / m.unexposedMean
	interval.Estimate = ratio - 1
	span := math.Abs(ratio) + 1
	if end, found := m.refuted(ratio, -1, span, upward, threshold); found {
		interval.Lower = end - 1
	}
	if end, found := m.refuted(ratio, +1, span, downward, threshold); found {
		interval.Upper = end - 1
	}
	return interval
}

// refuted searches for the end of an interval. It starts at the estimated ratio and goes towards a side. It gives the
// first ratio against which there is enough evidence.
func (m *Mean) refuted(ratio, side, span float64, d direction, threshold float64) (end float64, found bool) {
	const farthest, halvings = 64, 50
	far := span / farthest
	for ; m.against(ratio+side*far, d) < threshold; far *= 2 {
		if far > farthest*span {
			return 0, false
		}
	}
	near := 0.0
	for range halvings {
		middle := (near + far) / 2
		if m.against(ratio+side*middle, d) < threshold {
			near = middle
		} else {
			far = middle
		}
	}
	return ratio + side*far, true
}
