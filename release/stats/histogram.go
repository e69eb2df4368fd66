package stats

import (
	"maps"
	"math"
	"slices"
)

const (
	// growth is the ratio between the ends of a bucket: any value is known to 2 %.
	growth = 1.02
	// lowest is the bucket for everything from 0 to 1e-9, and for values below 0 if there are any. highest is the
	// bucket for everything from about 1e12.
	lowest, highest = -1046, 1396
)

// Histogram counts values in buckets that are 2 % wide. So two histograms can be merged without loss. Bucket i counts
// the values above 1.02^(i−1) up to 1.02^i. It is for values that are not negative. (C. Masson, J. E. Rim, H. K. Lee,
// "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees", VLDB 2019.)
type Histogram map[int]int64

// Count notes one value.
func (h Histogram) Count(value float64) { h[bucketOf(value)]++ }

// Merge adds what another has counted.
func (h Histogram) Merge(other Histogram) {
	for bucket, n := range other {
		h[bucket] += n
	}
}

// Total is how many values were counted.
func (h Histogram) Total() (n int64) {
	for _, count := range h {
		n += count
	}
	return n
}

// Quantile is a value that is not exceeded by the share p of the values; NaN if there are none.
func (h Histogram) Quantile(p float64) float64 {
	bucket, found := h.bucketAt(p)
	if !found {
		return math.NaN()
	}
	if bucket == lowest {
		return 0
	}
	// The values within a bucket are assumed to be spread evenly.
	before := float64(h.Total() - h.beyond(bucket-1).Events)
	within := (p*float64(h.Total()) - before) / float64(h[bucket])
	return math.Pow(growth, float64(bucket)-1+within)
}

// bucketAt is the bucket that holds the quantile p.
func (h Histogram) bucketAt(p float64) (bucket int, found bool) {
	want, seen := p*float64(h.Total()), int64(0)
	for _, bucket := range slices.Sorted(maps.Keys(h)) {
		seen += h[bucket]
		if float64(seen) >= want {
			return bucket, true
		}
	}
	return 0, false
}

// beyond counts all values as trials, and the values in buckets above the given one as events.
func (h Histogram) beyond(bucket int) (c Counts) {
	for b, n := range h {
		c.Trials += n
		if b > bucket {
			c.Events += n
		}
	}
	return c
}

func bucketOf(value float64) int {
	if value <= 0 || math.IsNaN(value) {
		return lowest
	}
	return min(max(int(math.Ceil(math.Log(value)/math.Log(growth))), lowest), highest)
}
