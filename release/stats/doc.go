// Package stats compares the contexts that a release exposes with the rest. It does so again and again while
// measurements come in, and the result is valid at every look. It is pure: counts go in, evidence comes out.
//
// # Evidence
//
// Every test keeps an e-process. That is a number that starts at 1. While the exposed are no worse than tolerated, it
// is not expected to grow, however often and whenever somebody looks. Then the probability that it ever reaches
// 1/alpha is at most alpha (Ville's inequality). So a rule may stop at the first look at which Evidence is at least
// Threshold(alpha). It wrongly stops at most the share alpha of the releases that are harmless. Evidence is in
// natural logarithms.
//
// # Batches
//
// Data come in batches: the exposed and the unexposed of the same short time. Only data of one batch are compared
// with each other. So neither the time of day nor a growing share of exposed contexts looks like a difference. The
// end of a batch must not depend on the outcomes in it. The end of a span of time does not depend on them, nor does
// the number of trials.
//
// Splitting a batch costs little. With n unexposed and m exposed trials, the evidence against the hypothesis grows
// about as n·m/(n+m). If n+m trials are exposed at random, a batch of them loses, on average, only the (n+m)th part
// of its share of that.
//
// # Confidence sequences
//
// Interval gives, at every moment, the relative differences (exposed over unexposed, minus one) against which there
// is not enough evidence. Each of its two ends is right at all times together, with a confidence of 1 − alpha.
//
// # What is assumed
//
// The outcomes within one batch are independent of each other. If single contexts send many events whose outcomes
// depend on each other, the evidence is stronger than it should be.
package stats
