package evaluator

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzParseAddress compares with net/netip.
func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{
		"", "1.2.3.4", "255.255.255.255", "256.1.1.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "::", "::1", "1::", "2001:db8::1", ":1",
		"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1::2::3", ":::", "::ffff:1.2.3.4", "64:ff9b::1.2.3.4",
		"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "1.2.3.4::", "fe80::1%eth0", "12345::", "g::", "ABCD::ef", "1:", "1:2", "::1:", "1::1.2.3.4:5",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want, err := netip.ParseAddr(s)
		got, ok := parseAddress(s)
		if err != nil || want.Zone() != "" {
			require.False(t, ok, "%q", s)
			return
		}
		require.True(t, ok, "%q", s)
		require.Equal(t, want.Unmap(), got)
	})
}

// FuzzParseInstant compares with time.Parse, which also takes a comma before the fraction, 24-hour offsets, and
// hours of one digit.
func FuzzParseInstant(f *testing.F) {
	for _, s := range []string{
		"", "2026-05-01T12:00:00Z", "2026-05-01T12:00:00.5Z", "2026-05-01T12:00:00.123456789123Z", "2026-05-01T12:00:00+02:30",
		"2026-05-01T12:00:00-23:59", "0000-01-01T00:00:00Z", "0000-02-29T00:00:00Z", "9999-12-31T23:59:59Z", "1969-12-31T23:59:59.999999999Z",
		"2024-02-29T00:00:00Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2000-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
		"2026-05-01T24:00:00Z", "2026-05-01T12:60:00Z", "2026-05-01T12:00:60Z", "2026-05-01T12:00:00", "2026-05-01T12:00:00.Z",
		"2026-05-01t12:00:00z", "2026-05-01 12:00:00Z", "2026-05-01T12:00:00+0200", "2026-05-01T12:00:00Z ",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := parseInstant(s)
		want, err := time.Parse(time.RFC3339Nano, s)
		if !ok {
			lenient := strings.Contains(s, ",") || len(s) < len("2006-01-02T15:04:05Z") || strings.Contains(s, "+24") || strings.Contains(s, "-24") ||
				s[12] == ':' || strings.Contains(s[19:], ":6")
			require.True(t, err != nil || lenient, "%q is refused", s)
			return
		}
		require.NoError(t, err)
		require.Equal(t, instant{seconds: want.Unix(), nanoseconds: int32(want.Nanosecond())}, got, "%q", s)
	})
}
