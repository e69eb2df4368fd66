package corpustest

import (
	"encoding/binary"
	"math/bits"
)

// Murmur3 is the 32-bit MurmurHash3 with seed 0 as its definition has it, independent of the evaluator's. The module
// conformance compares it with another's.
func Murmur3(text string) uint32 {
	mix := func(block uint32) uint32 { return bits.RotateLeft32(block*0xcc9e2d51, 15) * 0x1b873593 }
	rest := []byte(text)
	var hash uint32
	for ; len(rest) >= 4; rest = rest[4:] {
		hash = bits.RotateLeft32(hash^mix(binary.LittleEndian.Uint32(rest)), 13)*5 + 0xe6546b64
	}
	var last [4]byte
	copy(last[:], rest)
	hash ^= mix(binary.LittleEndian.Uint32(last[:]))
	hash ^= uint32(len(text))
	hash = (hash ^ hash>>16) * 0x85ebca6b
	hash = (hash ^ hash>>13) * 0xc2b2ae35
	return hash ^ hash>>16
}
