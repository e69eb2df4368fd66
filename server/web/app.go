// Package web serves pages: the web app and the API reference.
package web

import (
	"bytes"
	_ "embed"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/tidegate-io/tidegate/server/problem"
)

//go:embed unbuilt.html
var unbuilt []byte

// contentPolicy lets pages load from this server and from nowhere else. Styles may stand in the page, because the
// component library of the web app writes its theme there; scripts may not.
const contentPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// App serves the web app: its files as they are, and index.html for every other path, because the app has routes of
// its own. Where it was not built it serves a page that says how to build it.
type App struct {
	files fs.FS
	index []byte
}

// NewApp returns the handler for files; built tells whether there is anything in them.
func NewApp(files fs.FS, built bool) (*App, error) {
	if !built {
		return &App{files: files, index: unbuilt}, nil
	}
	index, err := fs.ReadFile(files, "index.html")
	if err != nil {
		return nil, err
	}
	return &App{files: files, index: index}, nil
}

// ServeHTTP answers GET and HEAD of any path that belongs to no interface.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		problem.Write(
			w,
			r,
			problem.NotFound("There is nothing to %s at %s. /api/docs describes the API.", r.Method, r.URL.Path),
		)
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	content, err := fs.ReadFile(a.files, name)
	switch {
	case err == nil && name != "index.html" && !hidden(name):
		a.serveFile(w, r, name, content)
	case strings.HasPrefix(name, "assets/"):
		problem.Write(w, r, problem.NotFound("There is no %s in this build of the web app.", r.URL.Path))
	default:
		SecurePage(w.Header())
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeContent(w, r, "index.html", time.Time{}, bytes.NewReader(a.index))
	}
}

// serveFile serves one file of the build, compressed where the build has a .gz beside it. The names of assets hold a
// hash of their content, so they never change.
func (a *App) serveFile(w http.ResponseWriter, r *http.Request, name string, content []byte) {
	SecurePage(w.Header())
	if strings.HasPrefix(name, "assets/") {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		w.Header().Set("Cache-Control", "no-cache")
	}
	if packed, err := fs.ReadFile(a.files, name+".gz"); err == nil {
		w.Header().Set("Vary", "Accept-Encoding")
		if takesGzip(r) {
			w.Header().Set("Content-Encoding", "gzip")
			content = packed
		}
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}

// takesGzip tells whether the caller accepts what the build has compressed in advance.
func takesGzip(r *http.Request) bool {
	for coding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, parameter, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if name == "gzip" {
			weight, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(parameter), "q="), 64)
			return err != nil || weight > 0
		}
	}
	return false
}

func hidden(name string) bool { return strings.HasPrefix(path.Base(name), ".") }

// SecurePage sets the headers that every page and asset carries.
func SecurePage(h http.Header) {
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
}
