package evaluator

import (
	"math"
	"strconv"
)

// rollout is a compiled Rollout.
type rollout struct {
	bucketBy attributeRef
	direct   bool // bucketBy may be asked for by Context.text
	seeded   murmur
	shares   []share
	inline   [2]share // room for the shares of most rollouts, next to the rest
}

// share is one range of buckets: the buckets below upTo that belong to no earlier share.
type share struct {
	upTo      uint32
	variation int32
}

// bucket returns the bucket of the context, in [0, TotalWeight). The arithmetic is flagd's, bit for bit.
func (r *rollout) bucket(c *Context, m *meter) (uint32, Detail) {
	if r.direct {
		if text, ok := c.text(r.bucketBy.name, r.bucketBy.reserved); ok && text != "" && m.spend(len(text)/hashedPerStep) {
			return scale(r.seeded.sum(text)), NoDetail
		}
	}
	a := c.attribute(&r.bucketBy)
	if !m.spend(len(a.text) / hashedPerStep) {
		return 0, NoDetail
	}
	hash, detail := r.hash(&a)
	return scale(hash), detail
}

func scale(hash uint32) uint32 { return uint32(uint64(hash) * TotalWeight >> 32) }

// hash hashes the seed and the key, which is a string or an integer in decimal.
func (r *rollout) hash(key *attribute) (uint32, Detail) {
	switch {
	case key.kind == kindString && key.text != "":
		return r.seeded.sum(key.text), NoDetail
	case key.kind == kindTime:
		return r.seeded.sum(key.timeText()), NoDetail
	case key.kind == kindMissing || key.kind == kindString:
		return 0, DetailBucketingKeyMissing
	case key.kind == kindNumber && key.number == math.Trunc(key.number) && math.Abs(key.number) <= maxSafeInteger:
		var digits [20]byte
		return r.seeded.sumBytes(strconv.AppendInt(digits[:0], int64(key.number), 10)), NoDetail
	default:
		return 0, DetailBucketingKeyInvalid
	}
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
