package server

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"

	"github.com/tidegate-io/tidegate/supervise"
)

// baseContext has every request know who owns the goroutines that it starts.
func (s *Server) baseContext(net.Listener) context.Context {
	return supervise.With(context.Background(), s.owner)
}

// recovering reports the panics of handlers of a listener that nobody else has reported, and ends their requests.
func (s *Server) recovering(listener string, next http.Handler) http.Handler {
	of := supervise.Piece{Name: "request", Detail: listener}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch reason := recover(); reason {
			case nil:
			case http.ErrAbortHandler:
				panic(reason)
			default:
				s.config.Log.ErrorContext(
					r.Context(),
					"panic in a handler",
					"listener",
					listener,
					"panic",
					fmt.Sprint(reason),
					"stack",
					string(debug.Stack()),
				)
				s.owner.Recovered(of, reason)
				panic(http.ErrAbortHandler)
			}
		}()
		next.ServeHTTP(w, r)
	})
}
