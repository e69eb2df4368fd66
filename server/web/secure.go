package web

import "net/http"

// dataPolicy is for answers that are no pages: opened in a browser, they may load and run nothing, and nobody may
// frame them.
const dataPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// Secured gives every answer of next the headers that browsers heed: its type is the one that it names, and it is no
// page unless it says so by SecurePage. Evaluations pass here, so it allocates nothing of its own.
func Secured(next http.Handler) http.Handler {
	policy, options := []string{dataPolicy}, []string{"nosniff"}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header["Content-Security-Policy"] = policy
		header["X-Content-Type-Options"] = options
		next.ServeHTTP(w, r)
	})
}
