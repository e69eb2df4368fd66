package evaluator

import (
	"cmp"
	"math"
)

// instant is a point in time, counted from the Unix epoch. Only years 0 to 9999 exist, as in RFC 3339.
type instant struct {
	seconds     int64
	nanoseconds int32
}

const (
	minEpoch = -62167219200 // 0000-01-01T00:00:00Z
	maxEpoch = 253402300799 // 9999-12-31T23:59:59Z
)

func (a instant) compare(b instant) int {
	if a.seconds != b.seconds {
		return cmp.Compare(a.seconds, b.seconds)
	}
	return cmp.Compare(a.nanoseconds, b.nanoseconds)
}

// epochInstant reads epoch seconds, which may have a fraction. Whoever passes milliseconds gets no instant.
func epochInstant(n float64) (instant, bool) {
	if !(n >= minEpoch && n < maxEpoch+1) {
		return instant{}, false
	}
	seconds := math.Floor(n)
	return instant{seconds: int64(seconds), nanoseconds: int32((n - seconds) * 1e9)}, true
}

// parseInstant reads an RFC 3339 time. Unlike time.Parse it allocates nothing, whatever the offset or the error.
func parseInstant(s string) (instant, bool) {
	if len(s) < len("2006-01-02T15:04:05Z") ||
		s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':' {
		return instant{}, false
	}
	century, ok1 := digitPair(s[0:], 99)
	year, ok2 := digitPair(s[2:], 99)
	month, ok3 := digitPair(s[5:], 12)
	day, ok4 := digitPair(s[8:], 31)
	hour, ok5 := digitPair(s[11:], 23)
	minute, ok6 := digitPair(s[14:], 59)
	second, ok7 := digitPair(s[17:], 59)
	if !(ok1 && ok2 && ok3 && ok4 && ok5 && ok6 && ok7) {
		return instant{}, false
	}
	year += century * 100
	if month == 0 || day == 0 || day > daysIn(year, month) {
		return instant{}, false
	}
	nanoseconds, rest, ok := parseFraction(s[19:])
	if !ok {
		return instant{}, false
	}
	offset, ok := parseOffset(rest)
	if !ok {
		return instant{}, false
	}
	seconds := daysSinceEpoch(year, month, day)*86400 + hour*3600 + minute*60 + second - offset
	return instant{seconds: seconds, nanoseconds: nanoseconds}, true
}

// digitPair reads the first two bytes of s as a number of at most limit.
func digitPair(s string, limit int64) (int64, bool) {
	tens, ones := s[0]-'0', s[1]-'0'
	n := int64(tens)*10 + int64(ones)
	return n, tens <= 9 && ones <= 9 && n <= limit
}

// parseFraction reads an optional fraction of a second and returns what follows. Digits beyond nanoseconds are cut.
func parseFraction(s string) (nanoseconds int32, rest string, ok bool) {
	if s == "" || s[0] != '.' {
		return 0, s, true
	}
	i, unit := 1, int32(100_000_000)
	for ; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		nanoseconds += int32(s[i]-'0') * unit
		unit /= 10
	}
	return nanoseconds, s[i:], i > 1
}

// parseOffset reads "Z" or "±hh:mm" and returns it in seconds east of UTC.
func parseOffset(s string) (int64, bool) {
	if s == "Z" {
		return 0, true
	}
	if len(s) != len("+00:00") || s[0] != '+' && s[0] != '-' || s[3] != ':' {
		return 0, false
	}
	hours, ok1 := digitPair(s[1:], 23)
	minutes, ok2 := digitPair(s[4:], 59)
	offset := hours*3600 + minutes*60
	if s[0] == '-' {
		offset = -offset
	}
	return offset, ok1 && ok2
}

func daysIn(year, month int64) int64 {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	default:
		return 31
	}
}

// daysSinceEpoch counts days in the proleptic Gregorian calendar. The year is taken to start in March, so that the
// leap day is its last.
func daysSinceEpoch(year, month, day int64) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	const daysToEpoch = 719468 // from 0000-03-01 to 1970-01-01
	era := floorDiv(year, 400)
	yearOfEra := year - era*400
	dayOfYear := (153*(month-3)+2)/5 + day - 1
	dayOfEra := yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear
	return era*146097 + dayOfEra - daysToEpoch
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
