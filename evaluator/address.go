package evaluator

import "net/netip"

// parseAddress reads an IP address without a zone; IPv4 mapped into IPv6 counts as IPv4. It accepts what
// netip.ParseAddr accepts. Unlike netip.ParseAddr, it allocates nothing for a text that is no address.
func parseAddress(s string) (netip.Addr, bool) {
	if v4, ok := parseIPv4(s); ok {
		return netip.AddrFrom4(v4), true
	}
	v6, ok := parseIPv6(s)
	return netip.AddrFrom16(v6).Unmap(), ok
}

// parseIPv4 reads four decimal numbers without leading zeros.
func parseIPv4(s string) (addr [4]byte, ok bool) {
	for i := range addr {
		if i > 0 {
			if s == "" || s[0] != '.' {
				return addr, false
			}
			s = s[1:]
		}
		digits, value := 0, 0
		for digits < len(s) && s[digits]-'0' <= 9 && value <= 255 {
			value = value*10 + int(s[digits]-'0')
			digits++
		}
		if digits == 0 || digits > 1 && s[0] == '0' || value > 255 {
			return addr, false
		}
		addr[i] = byte(value)
		s = s[digits:]
	}
	return addr, s == ""
}

// parseIPv6 reads groups of hexadecimal digits, with at most one "::" and perhaps an IPv4 address at the end.
func parseIPv6(s string) (addr [16]byte, ok bool) {
	filled, gap := 0, -1
	if len(s) >= 2 && s[0] == ':' && s[1] == ':' {
		gap, s = 0, s[2:]
	}
	for s != "" && filled < len(addr) {
		if v4, ok := parseIPv4(s); ok && filled <= len(addr)-len(v4) {
			filled += copy(addr[filled:], v4[:])
			s = ""
			break
		}
		group, digits := cutHex(s)
		if digits == 0 {
			return addr, false
		}
		addr[filled], addr[filled+1] = byte(group>>8), byte(group)
		filled, s = filled+2, s[digits:]
		if s == "" {
			break
		}
		if s[0] != ':' || len(s) == 1 {
			return addr, false
		}
		s = s[1:]
		if s[0] == ':' {
			if gap >= 0 {
				return addr, false
			}
			gap, s = filled, s[1:]
		}
	}
	if s != "" || gap < 0 && filled < len(addr) || gap >= 0 && filled == len(addr) {
		return addr, false
	}
	if gap >= 0 {
		moved := copy(addr[len(addr)-(filled-gap):], addr[gap:filled])
		clear(addr[gap : len(addr)-moved])
	}
	return addr, true
}

// cutHex reads up to four hexadecimal digits. It leaves a fifth digit in the text, and the caller refuses it.
func cutHex(s string) (value uint16, digits int) {
	for digits < len(s) && digits < 4 {
		b := s[digits]
		switch {
		case b-'0' <= 9:
			b -= '0'
		case b|0x20 >= 'a' && b|0x20 <= 'f':
			b = b | 0x20 - 'a' + 10
		default:
			return value, digits
		}
		value = value<<4 | uint16(b)
		digits++
	}
	return value, digits
}
