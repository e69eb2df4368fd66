package ofrep

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"net/http"
	"strings"

	"github.com/cespare/xxhash/v2"

	"github.com/tidegate-io/tidegate/server/presence"
)

// entityTag is the strong tag of a bulk answer. It depends only on the context and on everything that the answer
// says. So it changes exactly when one of them does, and it is the same on every replica.
func entityTag(context uint64, answer []byte, token string) string {
	var sum [16]byte
	binary.BigEndian.PutUint64(sum[:8], mix(context, xxhash.Sum64String(token)))
	binary.BigEndian.PutUint64(sum[8:], xxhash.Sum64(answer))
	var tag [2 + 2*len(sum)]byte
	tag[0], tag[len(tag)-1] = '"', '"'
	hex.Encode(tag[1:], sum[:])
	return string(tag[:])
}

// matches reports whether an If-None-Match header names the tag. A proxy may have changed the tag into a weak one.
func matches(ifNoneMatch, etag string) bool {
	return ifNoneMatch != "" && (strings.TrimSpace(ifNoneMatch) == "*" || strings.Contains(ifNoneMatch, etag))
}

// hashContext returns the same hash for contexts with the same content, whatever the order of their members.
func hashContext(attributes map[string]any, r *http.Request) uint64 {
	h := hashValue(attributes)
	for _, name := range [...]string{presence.HeaderService, presence.HeaderVersion, presence.HeaderInstance} {
		h = mix(h, xxhash.Sum64String(r.Header.Get(name)))
	}
	return h
}

// These constants give different hashes to values of different types.
const (
	seedNull = iota + 1
	seedBool
	seedNumber
	seedString
	seedList
	seedObject
)

// hashValue hashes a value as the reader of contexts returns it.
func hashValue(v any) uint64 {
	switch v := v.(type) {
	case bool:
		if v {
			return mix(seedBool, 1)
		}
		return mix(seedBool, 0)
	case float64:
		return mix(seedNumber, math.Float64bits(v))
	case string:
		return mix(seedString, xxhash.Sum64String(v))
	case []any:
		h := mix(seedList, uint64(len(v)))
		for _, element := range v {
			h = mix(h, hashValue(element))
		}
		return h
	case map[string]any:
		// A map has no order. The sum does not depend on the order either.
		var sum uint64
		for name, member := range v {
			sum += mix(xxhash.Sum64String(name), hashValue(member))
		}
		return mix(seedObject, sum)
	default:
		return seedNull
	}
}

// mix combines two hashes. Their order matters. It is the finaliser of murmur3.
func mix(a, b uint64) uint64 {
	h := a*0x9E3779B97F4A7C15 + b
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
