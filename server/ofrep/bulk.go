package ofrep

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/stream"
)

// maxAnswer bounds the answer about all flags. If the value of a flag has no room, this flag alone fails.
const maxAnswer = 8 << 20

// awaitRefetch is how long a request waits for the revision that an event has announced to its client.
const awaitRefetch = time.Second

// evaluateFlags is POST /ofrep/v1/evaluate/flags: the values of all flags that the key may see, for one context.
func (h *Handler) evaluateFlags(w http.ResponseWriter, r *http.Request) {
	a, f := h.enter(w, r)
	if f == nil {
		a, f = h.awaited(r, a)
	}
	if f != nil {
		f.write(w, "")
		return
	}
	x := exchanges.Get().(*exchange)
	defer x.release()
	if f := x.read(w, r); f != nil {
		f.write(w, "")
		return
	}
	context := x.context(r, a.Snapshot, h.Now)
	x.answer = appendFlags(r.Context(), x.answer, &a, &context)
	token := streamToken(a.Key, h.Now())
	// The tag covers the content of the answer. It does not cover the place where the event stream begins. It covers
	// the token, because a client must not keep a token that has ended.
	etag := entityTag(hashContext(x.attributes, r), x.answer, token)
	header := w.Header()
	header["Content-Type"] = contentTypeJSON
	header["Cache-Control"] = noStore
	header["Etag"] = []string{etag}
	if matches(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	x.answer = h.appendStreams(x.answer, token, &a)
	header["Content-Length"] = []string{strconv.Itoa(len(x.answer))}
	// An error means that the client has gone.
	_, _ = w.Write(x.answer)
}

// awaited waits for the configuration that an event has announced, if this replica does not have it yet. It does not
// wait for long. After that, a slightly older answer is better than none, and another event will come.
func (h *Handler) awaited(r *http.Request, a auth.Access) (auth.Access, *failure) {
	if r.URL.RawQuery == "" {
		return a, nil
	}
	at, ok := stream.ParseCursor(strings.Trim(r.URL.Query().Get("flagConfigEtag"), `"`))
	if !ok || at.Epoch != a.Snapshot.Epoch() || at.Revision <= a.Snapshot.Revision() {
		return a, nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), awaitRefetch)
	defer cancel()
	if h.Replica.Await(ctx, a.Key.EnvironmentRef, at.Revision) != nil {
		return a, nil
	}
	return h.current(a.Key)
}

// appendFlags writes the evaluation of every flag that the holder of the key may see. Each flag is evaluated on its
// own: if one fails, the others do not.
func appendFlags(ctx context.Context, b []byte, a *auth.Access, c *evaluator.Context) []byte {
	b = append(b, `{"flags":[`...)
	first := true
	budget := evaluator.NewBudget(ctx.Done())
	a.Snapshot.EvaluateAllWithin(&budget, c, func(key string, clientSide bool, r evaluator.Result) bool {
		if a.ClientSide() && !clientSide {
			return true
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		if r.Reason == evaluator.ReasonError {
			b = evaluationFailed(&r, key).append(b, key)
			return true
		}
		if len(b)+len(r.Value.JSON()) > maxAnswer {
			b = answerTooLarge().append(b, key)
			return true
		}
		b = appendResult(b, key, &r, !a.ClientSide(), nil)
		return true
	})
	b = appendFlagSet(append(b, `],"metadata":{`...), a.Key.EnvironmentRef)
	b = appendString(append(b, `,"project":`...), a.Key.Project)
	b = appendString(append(b, `,"environment":`...), a.Key.Environment)
	return append(b, '}')
}

// appendStreams ends the answer with the address of the event stream.
func (h *Handler) appendStreams(b []byte, token string, a *auth.Access) []byte {
	uri := eventsURI(token, a.State)
	b = append(b, `,"eventStreams":[{"type":"sse",`...)
	if h.PublicURL != "" {
		b = appendString(append(b, `"url":`...), strings.TrimSuffix(h.PublicURL, "/")+uri)
	} else {
		b = append(appendString(append(b, `"endpoint":{"requestUri":`...), uri), '}')
	}
	return append(b, `,"inactivityDelaySec":120}]}`...)
}
