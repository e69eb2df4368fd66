package tidegate

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"time"
)

// maxEvent is the largest event that is accepted. It is far more than any environment needs, and far less than all
// memory.
const maxEvent = 256 << 20

var errEventTooLarge = errors.New("an event is larger than 256 MiB")

// event is one server-sent event, or only a retry time.
type event struct {
	name string
	data []byte
	// retry is how long the server asks to wait before the next connection; negative if it says nothing.
	retry time.Duration
}

// eventReader reads server-sent events as the HTML standard defines them. It does not keep ids: the data has the
// cursor.
type eventReader struct {
	lines *bufio.Reader
	// alive is called for every line, comments too.
	alive func()
}

// next returns the next event; io.EOF and io.ErrUnexpectedEOF mean that the stream has ended.
func (r *eventReader) next() (event, error) {
	e := event{retry: -1}
	for {
		line, err := r.line(maxEvent - len(e.data))
		if err != nil {
			return event{}, err
		}
		r.alive()
		if len(line) == 0 {
			if e.data != nil || e.retry >= 0 {
				return e, nil
			}
			e = event{retry: -1}
			continue
		}
		e.field(line)
	}
}

// field takes one line of an event. It ignores unknown lines, such as comments.
func (e *event) field(line []byte) {
	name, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimPrefix(value, []byte(" "))
	switch string(name) {
	case "event":
		e.name = string(value)
	case "data":
		if e.data != nil {
			e.data = append(e.data, '\n')
		}
		e.data = append(e.data, value...)
		if e.data == nil {
			e.data = []byte{}
		}
	case "retry":
		if ms, err := strconv.ParseUint(string(value), 10, 31); err == nil {
			e.retry = time.Duration(ms) * time.Millisecond
		}
	}
}

// line returns a line without its end. The line is valid until the next call, or longer if it did not fit the buffer.
func (r *eventReader) line(most int) ([]byte, error) {
	part, err := r.lines.ReadSlice('\n')
	if err == nil {
		return trimEnd(part), nil
	}
	long := bytes.Clone(part)
	for errors.Is(err, bufio.ErrBufferFull) {
		part, err = r.lines.ReadSlice('\n')
		if len(long)+len(part) > most {
			return nil, errEventTooLarge
		}
		long = append(long, part...)
		r.alive()
	}
	if err == io.EOF && len(long) > 0 {
		return nil, io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	return trimEnd(long), nil
}

func trimEnd(line []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
}
