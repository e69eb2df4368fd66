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

// entityTag is the strong tag of a bulk answer. It is a function of the context and of everything the answer says, so
// it changes when either does and never otherwise, and it is the same on every replica.
func entityTag(context uint64, answer []byte, token string) string {
	var sum [16]byte
	binary.BigEndian.PutUint64(sum[:8], mix(context, xxhash.Sum64String(token)))
	binary.BigEndian.PutUint64(sum[8:], xxhash.Sum64(answer))
	var tag [2 + 2*len(sum)]byte
	tag[0], tag[len(tag)-1] = '"', '"'
	hex.Encode(tag[1:], sum[:])
	return string(tag[:])
}

// matches reports whether an If-None-Match header names the tag. Proxies may have made the tag a weak one.
func matches(ifNoneMatch, etag string) bool {
	return ifNoneMatch != "" && (strings.TrimSpace(ifNoneMatch) == "*" || strings.Contains(ifNoneMatch, etag))
}

// hashContext is the same for contexts that say the same, in whatever order.
func hashContext(attributes map[string]any, r *http.Request) uint64 {
	h := hashValue(attributes)
	for _, name := range [...]string{presence.HeaderService, presence.HeaderVersion, presence.HeaderInstance} {
		h = mix(h, xxhash.Sum64String(r.Header.Get(name)))
	}
	return h
}

// What tells values of different types apart that would hash alike.
const (
	seedNull = iota + 1
	seedBool
	seedNumber
	seedString
	seedList
	seedObject
)

// hashValue hashes what readValue makes.
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
		// A sum does not depend on the order, in which a map has none.
		var sum uint64
		for name, member := range v {
			sum += mix(xxhash.Sum64String(name), hashValue(member))
		}
		return mix(seedObject, sum)
	default:
		return seedNull
	}
}

// mix combines two hashes so that their order counts (the finaliser of murmur3).
func mix(a, b uint64) uint64 {
	h := a*0x9E3779B97F4A7C15 + b
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
