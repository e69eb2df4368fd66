package stats

import "math"

// Threshold is the evidence at which to stop. Then at most the share alpha of harmless releases is stopped.
func Threshold(alpha float64) float64 { return -math.Log(alpha) }

// Interval is the relative difference between the exposed and the unexposed: 1 means twice as much, −0.5 half as much.
type Interval struct {
	Estimate float64
	// Lower is −1 and Upper +Inf where there is no bound yet.
	Lower, Upper float64
}

// unknown is the interval before anything was seen.
func unknown() Interval { return Interval{Estimate: math.NaN(), Lower: -1, Upper: math.Inf(1)} }

// Known tells whether there is an estimate.
func (i Interval) Known() bool { return !math.IsNaN(i.Estimate) }

// logMeanExp is the logarithm of the mean of exp(logs), without overflow.
func logMeanExp(logs []float64) float64 {
	greatest := math.Inf(-1)
	for _, l := range logs {
		greatest = max(greatest, l)
	}
	if math.IsInf(greatest, 0) {
		return greatest
	}
	sum := 0.0
	for _, l := range logs {
		sum += math.Exp(l - greatest)
	}
	return greatest + math.Log(sum/float64(len(logs)))
}

// crossing gives the x at which the line through (x0, y0) and (x1, y1) has the height at.
func crossing(x0, y0, x1, y1, at float64) float64 {
	if y0 == y1 || math.IsInf(y0, 0) || math.IsInf(y1, 0) {
		return x0
	}
	return x0 + (x1-x0)*(at-y0)/(y1-y0)
}
