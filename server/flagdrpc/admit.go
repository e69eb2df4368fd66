package flagdrpc

import (
	"errors"
	"net/http"
	"time"

	"connectrpc.com/connect"

	"github.com/tidegate-io/tidegate/server/auth"
)

const (
	// maxEnvelope is what comes with a message: its length, and the trailers of some clients.
	maxEnvelope = 4 << 10
	// maxSelection is the greatest size of a message whose selector may be the key, of a caller who has sent none
	// otherwise.
	maxSelection = 16 << 10
)

// admitted checks the key before anything of the message is read, and cuts messages off that are longer than they may
// be. inMessage tells that the selector of the message may hold the key: then a caller without one may send a short
// message.
func (h *Handler) admitted(next http.Handler, inMessage bool) http.Handler {
	refuse := connect.NewErrorWriter()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		limit, err := h.mayRead(r, inMessage)
		if err != nil && r.Method != http.MethodOptions {
			h.Metrics.refused(began, err)
			// Writing fails where the caller has gone, or speaks no protocol that is known here.
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

// mayRead is how long the message of the caller may be.
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
