package flagdrpc

import (
	"errors"
	"net/http"
	"time"

	"connectrpc.com/connect"

	"github.com/tidegate-io/tidegate/server/auth"
)

const (
	// maxEnvelope bounds what is sent with a message: its length, and the trailers of some clients.
	maxEnvelope = 4 << 10
	// maxSelection bounds the message of a caller who has sent no key in the headers. The selector in the message may
	// be the key.
	maxSelection = 16 << 10
)

// admitted checks the key before it reads anything of the message. It cuts off messages that are too long. inMessage
// tells that the selector in the message may hold the key. In this case a caller without a key in the headers may
// send a short message.
func (h *Handler) admitted(next http.Handler, inMessage bool) http.Handler {
	refuse := connect.NewErrorWriter()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		limit, err := h.mayRead(r, inMessage)
		if err != nil && r.Method != http.MethodOptions {
			h.Metrics.refused(began, err)
			// Writing fails if the caller has gone, or uses a protocol that the server does not know.
			if !refuse.IsSupported(r) {
				http.Error(w, err.Message(), http.StatusUnsupportedMediaType)
				return
			}
			_ = refuse.Write(w, r, err)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit+maxEnvelope)
		next.ServeHTTP(w, r)
	})
}

// mayRead returns the greatest length of the caller's message.
func (h *Handler) mayRead(r *http.Request, inMessage bool) (limit int64, refused *connect.Error) {
	selected, err := parseSelector(r.Header.Get(selectorHeader))
	if err != nil {
		return 0, connect.NewError(connect.CodeInvalidArgument, err)
	}
	if auth.KeyText(r.Header) == "" && selected.key == "" && len(h.BoundKeys) == 0 && inMessage {
		return maxSelection, nil
	}
	if _, _, err := h.key(r.Context(), r.Header, &selected); err != nil {
		return 0, asConnect(err)
	}
	return maxRequest, nil
}

func asConnect(err error) *connect.Error {
	var known *connect.Error
	if errors.As(err, &known) {
		return known
	}
	return connect.NewError(connect.CodeUnknown, err)
}
