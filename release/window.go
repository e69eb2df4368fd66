package release

import (
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // every named zone is known wherever the server runs, also in an image without a zone database
)

// Window is a part of the week, by the clocks of a time zone.
type Window struct {
	// Days are the days of the week, "monday" to "sunday"; monday to friday unless set.
	Days []Weekday `json:"days,omitempty"`
	// From is when it opens and To when it closes, later on the same day.
	From Clock `json:"from"`
	To   Clock `json:"to"`
	// TimeZone is the IANA name of the zone, for instance "Europe/Berlin".
	TimeZone string `json:"timeZone"`
}

// Freeze is a time in which no release of an environment starts or takes a step.
type Freeze struct {
	From time.Time `json:"from"`
	// To is when it ends. Nil means that it ends when somebody removes it.
	To     *time.Time `json:"to,omitempty"`
	Reason string     `json:"reason"`
}

// calendarWaits says until when windows and freezes hold a step that is ready at the given time. It is empty if the
// step may be taken then.
func calendarWaits(windows []Window, freezes []Freeze, at time.Time) []Wait {
	wait := Wait{}
	for opens := at; ; {
		if next := nextOpen(windows, opens); next.After(opens) {
			opens = next
			wait = Wait{
				Kind:  WaitWindow,
				Text:  "for the release window to open at " + describeOpening(windows, opens),
				Until: written(next),
			}
		}
		frozen := frozenAt(freezes, opens)
		switch {
		case frozen == nil && wait.Kind == "":
			return nil
		case frozen == nil:
			return []Wait{wait}
		case frozen.To == nil:
			return []Wait{{Kind: WaitFreeze, Text: fmt.Sprintf("for the freeze (%s) to be lifted", frozen.Reason)}}
		}
		opens = *frozen.To
		wait = Wait{
			Kind:  WaitFreeze,
			Text:  fmt.Sprintf("for the freeze (%s) to end at %s", frozen.Reason, stamp(opens)),
			Until: frozen.To,
		}
	}
}

// written is the time; nil if it is too late to be written.
func written(t time.Time) *time.Time {
	if t.Year() > lastYear {
		return nil
	}
	return &t
}

// lastYear is the last year that RFC 3339 can write.
const lastYear = 9999

// frozenAt gives the freeze that holds at t. If there are several, it gives the one that ends last.
func frozenAt(freezes []Freeze, t time.Time) (last *Freeze) {
	for i, f := range freezes {
		if t.Before(f.From) || (f.To != nil && !t.Before(*f.To)) {
			continue
		}
		if last == nil || (last.To != nil && (f.To == nil || f.To.After(*last.To))) {
			last = &freezes[i]
		}
	}
	return last
}

// nextOpen is the first moment from t on at which any of the windows is open. Without windows it is t itself.
func nextOpen(windows []Window, t time.Time) time.Time {
	var first time.Time
	for _, w := range windows {
		if opens, ok := w.nextOpen(t); ok && (first.IsZero() || opens.Before(first)) {
			first = opens
		}
	}
	if first.IsZero() {
		return t
	}
	return first
}

// nextOpen is the first moment from t on at which the clocks of the zone show a time within the window. The clocks
// run evenly between two changes, so each span between changes is searched by itself. So a time that a change skips
// is never shown, and a time that it repeats is shown twice. ok is false for an unknown zone, which ValidateSpec
// keeps out.
func (w Window) nextOpen(t time.Time) (opens time.Time, ok bool) {
	zone, err := w.zone()
	if err != nil {
		return t, false
	}
	for {
		_, offset := t.In(zone).Zone()
		even := time.FixedZone("", offset)
		_, change := t.In(zone).ZoneBounds()
		opens := w.nextOpenEvenly(t.In(even)).In(t.Location())
		if change.IsZero() || opens.Before(change) {
			return opens, true
		}
		t = change.In(t.Location())
	}
}

// nextOpenEvenly is nextOpen for clocks that never change.
func (w Window) nextOpenEvenly(t time.Time) time.Time {
	for day := 0; ; day++ {
		midnight := time.Date(t.Year(), t.Month(), t.Day()+day, 0, 0, 0, 0, t.Location())
		if !slices.Contains(w.days(), Weekday(midnight.Weekday())) {
			continue
		}
		from, to := midnight.Add(w.From.duration()), midnight.Add(w.To.duration())
		switch {
		case t.Before(from):
			return from
		case t.Before(to):
			return t
		}
	}
}

func (w Window) days() []Weekday {
	if len(w.Days) > 0 {
		return w.Days
	}
	return []Weekday{
		Weekday(time.Monday),
		Weekday(time.Tuesday),
		Weekday(time.Wednesday),
		Weekday(time.Thursday),
		Weekday(time.Friday),
	}
}

// zone looks the zone up. It refuses the names that mean a different zone on every machine.
func (w Window) zone() (*time.Location, error) {
	if w.TimeZone == "" || strings.EqualFold(w.TimeZone, "local") {
		return nil, fmt.Errorf(`must be the IANA name of a time zone, such as "Europe/Berlin" or "UTC"`)
	}
	zone, err := time.LoadLocation(w.TimeZone)
	if err != nil {
		return nil, fmt.Errorf(
			`must be the IANA name of a time zone, such as "Europe/Berlin" or "UTC"; %q is none`,
			w.TimeZone,
		)
	}
	return zone, nil
}

// describeOpening writes when a window opens, by the clocks of the first window's zone.
func describeOpening(windows []Window, t time.Time) string {
	zone, err := windows[0].zone()
	if err != nil {
		return stamp(t)
	}
	return t.In(zone).Format("Mon 2006-01-02 15:04 ") + windows[0].TimeZone
}
