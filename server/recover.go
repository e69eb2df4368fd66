package server

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"

	"github.com/tidegate-io/tidegate/supervise"
)

// baseContext makes the context of every request. It carries the owner of the goroutines that the request starts.
func (s *Server) baseContext(net.Listener) context.Context {
	return supervise.With(context.Background(), s.owner)
}

// recovering reports a panic of a handler that no other code has reported, and ends its request. listener names where
// the request came in.
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
