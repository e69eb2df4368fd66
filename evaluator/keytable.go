package evaluator

import (
	"encoding/binary"
	"hash/maphash"
	"strings"
)

// keyTable is an immutable hashed set of strings, made for sets of up to millions of keys. Compared with a map it
// takes half the memory, gives the garbage collector two pointers to follow instead of one per key, and touches two
// cache lines per look-up instead of three or more, so that its cost hardly grows with its size.
type keyTable struct {
	seed  maphash.Seed // random, so that nobody can choose keys that collide
	slots []uint64     // open addressing; the upper bits of a key's hash, then where it starts in keys; 0: empty
	keys  string       // all keys one after the other, each behind its length
}

const (
	// offsetBits is how many bits of a slot say where its key starts.
	offsetBits = 40
	offsetMask = 1<<offsetBits - 1
	// slotsPerKey keeps half of the slots empty, so that most look-ups end at the first.
	slotsPerKey = 2
)

func newKeyTable(keys []string) *keyTable {
	size, bytes := 1, 1
	for size < len(keys)*slotsPerKey {
		size *= 2
	}
	for _, key := range keys {
		bytes += len(key) + binary.MaxVarintLen16
	}
	t := &keyTable{seed: maphash.MakeSeed(), slots: make([]uint64, size)}
	var all strings.Builder
	all.Grow(bytes)
	all.WriteByte(0) // no key starts at 0, which marks an empty slot
	for _, key := range keys {
		// Copies of one key would fill a run of slots, and each further copy would have to go through that run.
		if t.keys = all.String(); t.contains(key) {
			continue
		}
		hash := maphash.String(t.seed, key)
		t.slots[t.free(hash)] = hash&^offsetMask | uint64(all.Len())
		all.Write(binary.AppendUvarint(nil, uint64(len(key))))
		all.WriteString(key)
	}
	t.keys = all.String()
	return t
}

// free returns the first empty slot for the hash.
func (t *keyTable) free(hash uint64) uint64 {
	mask := uint64(len(t.slots) - 1)
	i := hash & mask
	for t.slots[i] != 0 {
		i = (i + 1) & mask
	}
	return i
}

func (t *keyTable) contains(key string) bool {
	hash := maphash.String(t.seed, key)
	mask := uint64(len(t.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		slot := t.slots[i]
		if slot == 0 {
			return false
		}
		if (slot^hash)>>offsetBits == 0 && startsWithKey(t.keys[slot&offsetMask:], key) {
			return true
		}
	}
}

// startsWithKey reports whether a key behind its length stands at the start of keys.
func startsWithKey(keys, key string) bool {
	length, i := uint64(keys[0]), 1
	if length >= 1<<7 { // the rest of a length that takes more than a byte
		length &= 1<<7 - 1
		for shift := 7; ; shift += 7 {
			b := keys[i]
			length |= uint64(b&(1<<7-1)) << shift
			i++
			if b < 1<<7 {
				break
			}
		}
	}
	return length == uint64(len(key)) && keys[i:i+len(key)] == key
}
