package tidegate

import (
	"bufio"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// readAll reads a stream with a small buffer, so that lines are longer than it.
func readAll(text string) (events []event, err error) {
	r := eventReader{lines: bufio.NewReaderSize(strings.NewReader(text), 16), alive: func() {}}
	for {
		e, err := r.next()
		if err != nil {
			return events, err
		}
		events = append(events, e)
	}
}

func TestEventReader(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 100)
	for name, test := range map[string]struct {
		text string
		want []event
		end  error
	}{
		"nothing":          {"", nil, io.EOF},
		"comments":         {":\n\n: hello\n\n", nil, io.EOF},
		"an event":         {"id: a.1\nevent: patch\ndata: {}\n\n", []event{{name: "patch", data: []byte("{}"), retry: -1}}, io.EOF},
		"no space":         {"event:patch\ndata:{}\n\n", []event{{name: "patch", data: []byte("{}"), retry: -1}}, io.EOF},
		"CR LF":            {"event: patch\r\ndata: {}\r\n\r\n", []event{{name: "patch", data: []byte("{}"), retry: -1}}, io.EOF},
		"lines of data":    {"data: a\ndata: b\n\n", []event{{data: []byte("a\nb"), retry: -1}}, io.EOF},
		"empty data":       {"data\n\n", []event{{data: []byte{}, retry: -1}}, io.EOF},
		"a long line":      {"data: " + long + "\n\n", []event{{data: []byte(long), retry: -1}}, io.EOF},
		"no data":          {"event: patch\n\ndata: 1\n\n", []event{{data: []byte("1"), retry: -1}}, io.EOF},
		"retry":            {"retry: 1500\n\n", []event{{retry: 1500 * time.Millisecond}}, io.EOF},
		"retry, no number": {"retry: soon\n\n", nil, io.EOF},
		"cut off":          {"data: {}\n", nil, io.EOF},
		"cut off in line":  {"data: {", nil, io.ErrUnexpectedEOF},
		"unknown fields":   {"colour: blue\ndata: 1\n\n", []event{{data: []byte("1"), retry: -1}}, io.EOF},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			events, err := readAll(test.text)
			require.ErrorIs(t, err, test.end)
			require.Equal(t, test.want, events)
		})
	}
}

func FuzzEventReader(f *testing.F) {
	f.Add("id: a.1\nevent: patch\ndata: {}\n\nretry: 5\n\n:\n\n")
	f.Add("data: a\r\ndata\n\n\n\nevent")
	f.Fuzz(func(t *testing.T, text string) {
		events, err := readAll(text)
		if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("the end of the text is %v", err)
		}
		size := 0
		for _, e := range events {
			size += len(e.data)
			if e.data == nil && e.retry < 0 {
				t.Fatal("an event without data and retry time")
			}
		}
		if size > len(text) {
			t.Fatalf("%d bytes of data in a text of %d", size, len(text))
		}
	})
}

func TestBackoffDoublesUpToItsMost(t *testing.T) {
	t.Parallel()
	b := backoff{first: time.Second, most: 5 * time.Second}
	for _, seconds := range []int{1, 2, 4, 5, 5, 5} {
		for range 1000 {
			again := b
			require.Less(t, again.next(), time.Duration(seconds)*time.Second)
		}
		b.next()
	}
	b.reset()
	require.Less(t, b.next(), time.Second)
	require.Zero(t, (&backoff{}).next())
}

// TestBackoffNeverGivesUpWaiting: after an outage of any length, the bound is not more than its maximum.
func TestBackoffNeverGivesUpWaiting(t *testing.T) {
	t.Parallel()
	for _, first := range []time.Duration{time.Millisecond, 10 * time.Second, time.Hour, math.MaxInt64} {
		for _, most := range []time.Duration{time.Minute, math.MaxInt64} {
			b := backoff{first: first, most: most}
			for range 1000 {
				b.next()
			}
			require.Equal(t, most, b.bound, "first %s", first)
		}
	}
}
