package evaluator

import (
	"net/netip"
	"slices"
	"sort"
)

// networks is an immutable set of IP addresses: ranges in ascending order, none of which touches another.
type networks []addressRange

type addressRange struct{ first, last netip.Addr }

func newNetworks(prefixes []netip.Prefix) networks {
	ranges := make(networks, len(prefixes))
	for i, p := range prefixes {
		ranges[i] = addressRange{p.Addr(), lastAddress(p)}
	}
	slices.SortFunc(ranges, func(a, b addressRange) int { return a.first.Compare(b.first) })
	merged := ranges[:0]
	for _, r := range ranges {
		if n := len(merged); n == 0 || merged[n-1].last.Less(r.first) {
			merged = append(merged, r)
		} else if merged[n-1].last.Less(r.last) {
			merged[n-1].last = r.last
		}
	}
	return merged
}

// lastAddress is the highest address of a prefix. The lowest one is the prefix's own address.
func lastAddress(p netip.Prefix) netip.Addr {
	bytes := p.Addr().AsSlice()
	for i := range bytes {
		if kept := p.Bits() - 8*i; kept < 8 {
			bytes[i] |= 0xff >> max(0, kept)
		}
	}
	last, _ := netip.AddrFromSlice(bytes) // as long as that of an address
	return last
}

func (n networks) contain(addr netip.Addr) bool {
	after := sort.Search(len(n), func(i int) bool { return addr.Less(n[i].first) })
	return after > 0 && !n[after-1].last.Less(addr)
}
