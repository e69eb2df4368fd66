package evaluator

import (
	"math/bits"
	"unsafe"
)

// murmur is the state of 32-bit MurmurHash3 (seed 0) after a prefix, ready to go on with the rest of the input. A
// rollout hashes its seed once, when it is compiled, and every evaluation goes on from there with the bucketing key.
type murmur struct {
	hash    uint32
	pending uint32 // bytes of the last, incomplete block, little-endian
	length  uint32 // bytes hashed so far, pending ones included
}

const (
	murmurC1 = 0xcc9e2d51
	murmurC2 = 0x1b873593
)

func newMurmur(prefix string) murmur {
	m := murmur{length: uint32(len(prefix))}
	i := 0
	for ; i+4 <= len(prefix); i += 4 {
		m.hash = murmurBlock(m.hash, word(prefix[i:]))
	}
	for shift := 0; i < len(prefix); i, shift = i+1, shift+8 {
		m.pending |= uint32(prefix[i]) << shift
	}
	return m
}

// sum returns the hash of the prefix followed by key. m itself stays as it is.
func (m murmur) sum(key string) uint32 {
	m.length += uint32(len(key))
	filled := (m.length - uint32(len(key))) & 3 * 8
	hash, pending := m.hash, m.pending
	for len(key) >= 4 {
		block := word(key)
		// The block is made of the pending bytes and the first of key; its remainder becomes pending.
		hash = murmurBlock(hash, pending|block<<filled)
		pending = uint32(uint64(block) >> (32 - filled))
		key = key[4:]
	}
	for i := range len(key) {
		pending |= uint32(key[i]) << filled
		if filled += 8; filled == 32 {
			hash, pending, filled = murmurBlock(hash, pending), 0, 0
		}
	}
	if filled != 0 {
		hash ^= murmurScramble(pending)
	}
	return murmurFinish(hash ^ m.length)
}

func word(s string) uint32 {
	_ = s[3]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

func murmurScramble(block uint32) uint32 {
	return bits.RotateLeft32(block*murmurC1, 15) * murmurC2
}

func murmurBlock(hash, block uint32) uint32 {
	return bits.RotateLeft32(hash^murmurScramble(block), 13)*5 + 0xe6546b64
}

func murmurFinish(hash uint32) uint32 {
	hash = (hash ^ hash>>16) * 0x85ebca6b
	hash = (hash ^ hash>>13) * 0xc2b2ae35
	return hash ^ hash>>16
}

// sumBytes is sum for a key in a buffer, without copying it.
func (m murmur) sumBytes(key []byte) uint32 {
	return m.sum(unsafe.String(unsafe.SliceData(key), len(key)))
}
