package stream

import (
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/store"
)

// Frame is one server-sent event as it goes over the wire. The data must not hold a line break; JSON without
// indentation never does. An empty id or name is left out.
func Frame(id, name string, data []byte) []byte {
	b := make([]byte, 0, len(id)+len(name)+len(data)+24)
	if id != "" {
		b = append(append(append(b, "id: "...), id...), '\n')
	}
	if name != "" {
		b = append(append(append(b, "event: "...), name...), '\n')
	}
	if data != nil {
		b = append(append(append(b, "data: "...), data...), '\n')
	}
	return append(b, '\n')
}

// FormatCursor writes a cursor as the id of an event.
func FormatCursor(c store.Cursor) string {
	return c.Epoch + "." + strconv.FormatInt(c.Revision, 10)
}

// ParseCursor reads a cursor that FormatCursor has written. It returns false for any other text: then the client
// starts from the beginning.
func ParseCursor(id string) (store.Cursor, bool) {
	dot := strings.LastIndexByte(id, '.')
	if dot < 1 {
		return store.Cursor{}, false
	}
	revision, err := strconv.ParseInt(id[dot+1:], 10, 64)
	if err != nil || revision < 0 {
		return store.Cursor{}, false
	}
	return store.Cursor{Epoch: id[:dot], Revision: revision}, true
}
