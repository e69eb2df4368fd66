package stats

import "math"

// concentration is how many contexts the prior of a Mismatch weighs as much as.
const concentration = 100

// Mismatch is the evidence that contexts did not fall to the exposed with the probability share, in (0, 1), that they
// should have: a sample-ratio mismatch. Each context counts once.
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
