package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"
	"go.yaml.in/yaml/v3"
)

// described is what openapi.yaml says of an operation besides what is generated from it.
type described struct {
	// Open is `x-shows-secret: false`: no answer of the operation holds a secret. An operation that does not say so
	// is taken to show one.
	Open bool
	// TakesKey tells that the operation has the parameter Idempotency-Key.
	TakesKey bool
}

// describedOperation is the part of an operation in openapi.yaml that is read.
type describedOperation struct {
	ShowsSecret *bool       `yaml:"x-shows-secret"`
	Parameters  []reference `yaml:"parameters"`
}

type reference struct {
	Ref string `yaml:"$ref"`
}

// operations are those of openapi.yaml by method and path.
type operations map[string]described

// readOperations parses a description.
func readOperations(spec []byte) (operations, error) {
	var document struct {
		Paths map[string]map[string]yaml.Node `yaml:"paths"`
	}
	if err := yaml.Unmarshal(spec, &document); err != nil {
		return nil, fmt.Errorf("read description of the API: %w", err)
	}
	all := operations{}
	for path, item := range document.Paths {
		for method, node := range item {
			if method == "parameters" {
				continue
			}
			var operation describedOperation
			if err := node.Decode(&operation); err != nil {
				return nil, fmt.Errorf("read description of %s %s: %w", method, path, err)
			}
			all[operationKey(strings.ToUpper(method), path)] = described{
				Open: operation.ShowsSecret != nil && !*operation.ShowsSecret,
				TakesKey: slices.Contains(
					operation.Parameters,
					reference{Ref: "#/components/parameters/idempotencyKey"},
				),
			}
		}
	}
	return all, nil
}

func operationKey(method, path string) string { return method + " " + path }

// of is what is described of the operation that matched r. One that is not described is taken to show a secret.
func (o operations) of(r *http.Request) described {
	pattern := strings.TrimPrefix(chi.RouteContext(r.Context()).RoutePattern(), BasePath)
	return o[operationKey(r.Method, pattern)]
}
