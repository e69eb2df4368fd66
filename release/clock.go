package release

import (
	"fmt"
	"strings"
	"time"
)

// Clock is a time of the day in minutes, written "09:00"; "24:00" is the end of the day.
type Clock int

const endOfDay = Clock(24 * 60)

// String writes c as people read it.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// MarshalText encodes c as String does.
func (c Clock) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText decodes hours and minutes of two digits each.
func (c *Clock) UnmarshalText(text []byte) error {
	if string(text) == endOfDay.String() {
		*c = endOfDay
		return nil
	}
	parsed, err := time.Parse("15:04", string(text))
	if err != nil || len(text) != len("15:04") {
		return fmt.Errorf(`%q is no time of the day; write one such as "09:00"`, text)
	}
	*c = Clock(parsed.Hour()*60 + parsed.Minute())
	return nil
}

func (c Clock) duration() time.Duration { return time.Duration(c) * time.Minute }

// Weekday is a day of the week, written "monday" to "sunday".
type Weekday time.Weekday

// String is the day's name in lower case.
func (d Weekday) String() string { return strings.ToLower(time.Weekday(d).String()) }

// MarshalText encodes d as String does.
func (d Weekday) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText decodes a day's name in lower case.
func (d *Weekday) UnmarshalText(text []byte) error {
	for day := time.Sunday; day <= time.Saturday; day++ {
		if Weekday(day).String() == string(text) {
			*d = Weekday(day)
			return nil
		}
	}
	return fmt.Errorf(`%q is no day; write one of "monday" to "sunday"`, text)
}
