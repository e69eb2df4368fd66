package ofrep

import (
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"

	"github.com/tidegate-io/tidegate/server/replica"
	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/store"
)

const eventsPath = "/ofrep/v1/events"

// eventsURI is the address of the stream of changes after the state.
func eventsURI(token string, st *replica.State) string {
	return eventsPath + "?token=" + url.QueryEscape(
		token,
	) + "&since=" + url.QueryEscape(
		stream.FormatCursor(content(st)),
	)
}

// content is the cursor at which a flag or segment last changed.
func content(st *replica.State) store.Cursor {
	return store.Cursor{Epoch: st.Snapshot.Epoch(), Revision: st.ContentRevision}
}

// events is GET /ofrep/v1/events, the address in eventStreams. It sends an event "message" whenever flags should be
// evaluated again. A client that comes back with Last-Event-ID is told at once if it has missed anything. A client
// that comes for the first time is told too: its address names the place (since) that it has seen.
func (h *Handler) events(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	key, f := checkToken(query.Get("token"), h.Keys, h.Now())
	if f != nil {
		f.write(w, "")
		return
	}
	if f := checkOrigin(w, r, &key); f != nil {
		f.write(w, "")
		return
	}
	if _, err := h.Replica.State(key.EnvironmentRef); err != nil {
		notReady(err.Error()).write(w, "")
		return
	}
	source := &eventSource{replica: h.Replica, ref: key.EnvironmentRef}
	at, ok := stream.ParseCursor(r.Header.Get("Last-Event-ID"))
	if !ok {
		at, _ = stream.ParseCursor(query.Get("since"))
	}
	source.at = at // the zero cursor is before everything
	if err := h.Streams.Serve(w, r, "ofrep", source, h.Keys.Revoked(key.ID)); err != nil {
		notReady(err.Error()).write(w, "")
	}
}

// eventSource tells one client whenever the flags of an environment have changed.
type eventSource struct {
	replica Replica
	ref     store.EnvironmentRef
	at      store.Cursor
	begun   bool
}

// Next returns one event if anything has changed since the last event. Many changes give one event.
func (s *eventSource) Next() ([][]byte, <-chan struct{}, error) {
	st, err := s.replica.State(s.ref)
	if err != nil {
		return nil, nil, err
	}
	var events [][]byte
	if !s.begun {
		s.begun = true
		events = append(events, stream.Retry(stream.BrowserRetry/2+rand.N(stream.BrowserRetry)))
		if s.at.Epoch != "" {
			// A line with the id alone is no event, but the client sends this id when it comes back.
			events = append(events, stream.Frame(stream.FormatCursor(s.at), "", nil))
		}
	}
	if now := content(st); now.Epoch != s.at.Epoch || now.Revision > s.at.Revision {
		s.at = now
		events = append(events, refetch(st))
	}
	return events, st.Superseded(), nil
}

// Close has nothing to end.
func (s *eventSource) Close() {}

// refetch is the event that makes a client evaluate again. The client sends its etag back as flagConfigEtag.
func refetch(st *replica.State) []byte {
	cursor := stream.FormatCursor(content(st))
	data := appendString([]byte(`{"type":"refetchEvaluation","etag":`), cursor)
	data = strconv.AppendInt(append(data, `,"lastModified":`...), st.At.Unix(), 10)
	return stream.Frame(cursor, "message", append(data, '}'))
}
