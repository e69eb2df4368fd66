package stats

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// expectation is the expected factor by which a batch multiplies the e-process, over all possible outcomes of the
// batch.
func expectation(b bets, add func(*bets, Counts, Counts), exposed, unexposed []float64) float64 {
	sum := 0.0
	for k, p := range successes(exposed) {
		for l, q := range successes(unexposed) {
			after := b
			add(&after, Counts{int64(len(exposed)), int64(k)}, Counts{int64(len(unexposed)), int64(l)})
			sum += p * q * math.Exp(after.evidence())
		}
	}
	return sum
}

// successes is the distribution of the number of successes among independent trials.
func successes(probabilities []float64) []float64 {
	distribution := []float64{1}
	for _, p := range probabilities {
		next := make([]float64, len(distribution)+1)
		for k, mass := range distribution {
			next[k] += mass * (1 - p)
			next[k+1] += mass * p
		}
		distribution = next
	}
	return distribution
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// Everything else depends on this property. It holds exactly, for small samples too, and for every guess. It also
// holds if the trials of one batch have different probabilities.
func TestABatchIsNotExpectedToAddEvidenceAgainstWhatIsTrue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		probability := rapid.Float64Range(0, 1)
		unexposed := rapid.SliceOfN(probability, 1, 8).Draw(t, "unexposed")
		exposed := rapid.SliceOfN(probability, 1, 6).Draw(t, "exposed")
		base := rapid.Float64Range(0.001, 0.999).Draw(t, "base")
		ratio := rapid.Float64Range(0.1, 5).Draw(t, "ratio")
		b := bets{ratio: ratio, direction: upward}
		if mean(exposed) > ratio*mean(unexposed) {
			b.direction = downward
		}
		guessed := func(b *bets, e, u Counts) { b.add(base, e, u) }
		require.LessOrEqual(t, expectation(b, guessed, exposed, unexposed), 1+1e-9)
		require.LessOrEqual(t, expectation(b, (*bets).addUnguessed, exposed, unexposed), 1+1e-9)
	})
}

func TestABatchIsExpectedToAddEvidenceAgainstWhatIsWrong(t *testing.T) {
	t.Parallel()
	rate := func(n int, p float64) []float64 {
		list := make([]float64, n)
		for i := range list {
			list[i] = p
		}
		return list
	}
	up, down := bets{ratio: 1, direction: upward}, bets{ratio: 1, direction: downward}
	guessed := func(base float64) func(*bets, Counts, Counts) {
		return func(b *bets, e, u Counts) { b.add(base, e, u) }
	}
	require.Greater(t, expectation(up, guessed(0.1), rate(10, 0.4), rate(40, 0.1)), 1.5)
	require.Greater(t, expectation(down, guessed(0.4), rate(10, 0.1), rate(40, 0.4)), 1.5)
	require.Greater(t, expectation(up, (*bets).addUnguessed, rate(20, 0.6), rate(40, 0.1)), 1.5)
}

func TestABatchOfOneArmSaysNothing(t *testing.T) {
	t.Parallel()
	b := bets{ratio: 1, direction: upward}
	b.add(0.1, Counts{10, 10}, Counts{})
	b.add(0.1, Counts{}, Counts{10, 10})
	require.Zero(t, b.evidence())
}
