package web

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"time"
)

//go:embed reference.html
var referencePage string

// Reference serves openapi.yaml and the page that shows it. The page is made once, on the server: it needs no script.
type Reference struct {
	spec []byte
	page []byte
}

// NewReference reads the API's description.
func NewReference(spec []byte) (*Reference, error) {
	document, err := parseSpec(spec)
	if err != nil {
		return nil, err
	}
	tmpl, err := template.New("reference").Parse(referencePage)
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	if err := tmpl.Execute(&page, document); err != nil {
		return nil, err
	}
	return &Reference{spec: spec, page: page.Bytes()}, nil
}

// ServeSpec answers GET /api/openapi.yaml.
func (f *Reference) ServeSpec(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/yaml")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.spec))
}

// ServePage answers GET /api/docs.
func (f *Reference) ServePage(w http.ResponseWriter, r *http.Request) {
	SecurePage(w.Header())
	http.ServeContent(w, r, "reference.html", time.Time{}, bytes.NewReader(f.page))
}
