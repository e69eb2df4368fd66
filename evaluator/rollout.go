package evaluator

import (
	"math"
	"strconv"
)

// rollout is a compiled Rollout.
type rollout struct {
	bucketBy attributeRef
	seeded   murmur
	shares   []share
}

// share is one range of buckets: those below upTo that no earlier share has.
type share struct {
	upTo      uint32
	variation int32
}

// bucket returns the bucket of the key, in [0, TotalWeight). The arithmetic is flagd's, bit for bit.
func (r *rollout) bucket(a *attribute) (uint32, Detail) {
	var hash uint32
	switch {
	case a.kind == kindString && a.text != "":
		hash = r.seeded.sum(a.text)
	case a.kind == kindMissing || a.kind == kindString:
		return 0, DetailBucketingKeyMissing
	case a.kind == kindNumber && a.number == math.Trunc(a.number) && math.Abs(a.number) <= maxSafeInteger:
		var digits [20]byte
		hash = r.seeded.sumBytes(strconv.AppendInt(digits[:0], int64(a.number), 10))
	default:
		return 0, DetailBucketingKeyInvalid
	}
	return uint32(uint64(hash) * TotalWeight >> 32), NoDetail
}

// pick returns the index of the share that holds the bucket.
func (r *rollout) pick(bucket uint32) int {
	for i := range r.shares {
		if bucket < r.shares[i].upTo {
			return i
		}
	}
	return len(r.shares) - 1 // unreachable: the last share with a weight ends at TotalWeight
}
