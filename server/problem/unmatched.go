package problem

import (
	"net/http"
	"strings"
)

// methods are those that a pattern may name.
var methods = [...]string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// HandleUnmatched answers, as a problem, whatever is below path and matches no other pattern of mux: 405 with Allow
// where other methods do, 404 otherwise. Path begins and ends with a slash.
func HandleUnmatched(mux *http.ServeMux, path string) {
	mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
		allowed := allowedMethods(mux, path, r)
		if len(allowed) == 0 {
			Write(w, r, NotFound("There is no %s. /api/docs describes the API.", r.URL.Path))
			return
		}
		list := strings.Join(allowed, ", ")
		Write(w, r, &Error{
			Status: http.StatusMethodNotAllowed, Slug: "method-not-allowed", Header: http.Header{"Allow": {list}},
			Detail: "There is no " + r.Method + " " + r.URL.Path + ". Use " + list + ".",
		})
	})
}

// allowedMethods are the methods for which another pattern than the one for the rest matches.
func allowedMethods(mux *http.ServeMux, rest string, r *http.Request) []string {
	var allowed []string
	for _, method := range methods {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := mux.Handler(other); pattern != rest && pattern != "" {
			allowed = append(allowed, method)
		}
	}
	return allowed
}
