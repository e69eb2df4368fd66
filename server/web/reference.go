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

// Reference serves openapi.yaml and the page that shows it, and ofrep.yaml and sdk.yaml, to which the page links. The
// page is made once, on the server: it needs no script.
type Reference struct {
	spec  []byte
	ofrep []byte
	sdk   []byte
	page  []byte
}

// NewReference reads the API's description; those of OFREP and for SDKs are served as they are.
func NewReference(spec, ofrep, sdk []byte) (*Reference, error) {
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
	return &Reference{spec: spec, ofrep: ofrep, sdk: sdk, page: page.Bytes()}, nil
}

// ServeSpec answers GET /api/openapi.yaml.
func (f *Reference) ServeSpec(w http.ResponseWriter, r *http.Request) { serveYAML(w, r, f.spec) }

// ServeOFREP answers GET /api/ofrep.yaml.
func (f *Reference) ServeOFREP(w http.ResponseWriter, r *http.Request) { serveYAML(w, r, f.ofrep) }

// ServeSDK answers GET /api/sdk.yaml.
func (f *Reference) ServeSDK(w http.ResponseWriter, r *http.Request) { serveYAML(w, r, f.sdk) }

func serveYAML(w http.ResponseWriter, r *http.Request, content []byte) {
	w.Header().Set("Content-Type", "application/yaml")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// ServePage answers GET /api/docs.
func (f *Reference) ServePage(w http.ResponseWriter, r *http.Request) {
	SecurePage(w.Header())
	http.ServeContent(w, r, "reference.html", time.Time{}, bytes.NewReader(f.page))
}
