package problem

import (
	"net/http"
	"strings"
)

// methods are those that a pattern may name.
var methods = [...]string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// HandleUnmatched answers, with a problem, every request below path that no other pattern of mux matches. The answer
// is 405 with Allow if another method would match, 404 otherwise. Path begins and ends with a slash.
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

// allowedMethods are the methods for which a pattern other than rest matches.
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
