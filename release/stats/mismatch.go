package stats

import "math"

// concentration is the weight of the prior of a Mismatch, as a number of contexts.
const concentration = 100

// Mismatch is the evidence for a sample-ratio mismatch. Each context should be exposed with the probability share, in
// (0, 1). Mismatch speaks against the hypothesis that this is so. Each context counts once.
//
// It is the Bayes factor of a beta prior around share: M. Lindon, A. Malek, "Anytime-valid inference for multinomial
// count data", NeurIPS 2022, with two outcomes.
func Mismatch(exposed, unexposed int64, share float64) float64 {
	strength := max(concentration, 1/min(share, 1-share))
	a, b := strength*share, strength*(1-share)
	x, y := float64(exposed), float64(unexposed)
	return logBeta(a+x, b+y) - logBeta(a, b) - x*math.Log(share) - y*math.Log1p(-share)
}

func logBeta(a, b float64) float64 {
	x, _ := math.Lgamma(a)
	y, _ := math.Lgamma(b)
	sum, _ := math.Lgamma(a + b)
	return x + y - sum
}
