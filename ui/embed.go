// Package ui holds the web app as it was built, or nothing where it was not: the folder dist is made by `make build`.
package ui

import (
	"embed"
	"io/fs"
)

// all: because dist must not be empty for Go to build without the web app; it holds .gitkeep then.
//
//go:embed all:dist
var dist embed.FS

// Files returns what was built, with index.html at its top, and whether anything was.
func Files() (files fs.FS, built bool) {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		return dist, false
	}
	_, err = fs.Stat(files, "index.html")
	return files, err == nil
}
