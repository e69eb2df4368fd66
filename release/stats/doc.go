// Package stats compares what is measured of the contexts that a release exposes with the rest, again and again while
// it comes in, without ever losing validity. It is pure: counts in, evidence out.
//
// # Evidence
//
// Every test keeps an e-process: a number that starts at 1 and, as long as the exposed are no worse than tolerated, is
// not expected to grow, however often and whenever one looks. By Ville's inequality it then ever reaches 1/alpha with a
// probability of at most alpha. So whoever stops at the first look at which Evidence is at least Threshold(alpha) is
// wrong in at most the share alpha of the releases that are harmless. Evidence is in natural logarithms.
//
// # Batches
//
// Data come in batches: the exposed and the unexposed of the same short time. Only those of one batch are compared
// with each other, so neither the time of day nor a growing share of exposed contexts passes for a difference. When a
// batch ends must not depend on the outcomes in it; neither the end of a span of time nor the number of trials does.
//
// Splitting a batch costs little: what speaks against the hypothesis grows about as n·m/(n+m) with the n unexposed
// and the m exposed trials, of which a batch of n+m trials that are exposed at random has, on average, the (n+m)th
// part less than its share.
//
// # Confidence sequences
//
// Interval gives, at every moment, the relative differences (exposed over unexposed, minus one) that the evidence does
// not speak against. Each of its two ends is right at all times together with a confidence of 1 − alpha.
//
// # What is assumed
//
// The outcomes within one batch are independent of each other. Where single contexts send many events whose outcomes
// hang together, the evidence is stronger than it should be.
package stats
