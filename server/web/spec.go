package web

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// reference is what the page shows of the API's description.
type reference struct {
	Title       string
	Description string
	Base        string
	Groups      []*group
	Schemas     []schemaText
}

// group is the operations of one tag.
type group struct {
	Name        string
	Description string
	Operations  []operation
}

type operation struct {
	ID          string
	Method      string
	Path        string
	Summary     string
	Description string
	Role        string
	Parameters  []parameter
	Body        string
	Answers     []answer
}

type parameter struct {
	Name        string
	In          string
	Description string
}

type answer struct {
	Status      string
	Description string
	Schema      string
}

// schemaText is a schema as YAML, the form that people read it in.
type schemaText struct{ Name, Text string }

// document is the part of an OpenAPI document that the page needs. Nodes keep the order of the file.
type document struct {
	Info struct {
		Title       string `yaml:"title"`
		Description string `yaml:"description"`
	} `yaml:"info"`
	Servers []struct {
		URL string `yaml:"url"`
	} `yaml:"servers"`
	Security []map[string][]string `yaml:"security"`
	Tags     []struct {
		Name        string `yaml:"name"`
		Description string `yaml:"description"`
	} `yaml:"tags"`
	Paths      yaml.Node `yaml:"paths"`
	Components struct {
		Parameters map[string]specParameter `yaml:"parameters"`
		Schemas    yaml.Node                `yaml:"schemas"`
	} `yaml:"components"`
}

type specOperation struct {
	OperationID string                 `yaml:"operationId"`
	Tags        []string               `yaml:"tags"`
	Summary     string                 `yaml:"summary"`
	Description string                 `yaml:"description"`
	Security    *[]map[string][]string `yaml:"security"`
	Parameters  []specParameter        `yaml:"parameters"`
	RequestBody struct {
		Content yaml.Node `yaml:"content"`
	} `yaml:"requestBody"`
	Responses yaml.Node `yaml:"responses"`
}

type specParameter struct {
	Ref         string `yaml:"$ref"`
	Name        string `yaml:"name"`
	In          string `yaml:"in"`
	Description string `yaml:"description"`
}

// parseSpec reads an OpenAPI document into what the page shows.
func parseSpec(spec []byte) (*reference, error) {
	var d document
	if err := yaml.Unmarshal(spec, &d); err != nil {
		return nil, fmt.Errorf("parse API description: %w", err)
	}
	page := &reference{Title: d.Info.Title, Description: d.Info.Description}
	if len(d.Servers) > 0 {
		page.Base = d.Servers[0].URL
	}
	for _, tag := range d.Tags {
		page.Groups = append(page.Groups, &group{Name: tag.Name, Description: tag.Description})
	}
	for path, item := range entries(&d.Paths) {
		if err := page.addPath(&d, path, item); err != nil {
			return nil, fmt.Errorf("parse path %s: %w", path, err)
		}
	}
	for name, node := range entries(&d.Components.Schemas) {
		text, err := yaml.Marshal(block(node))
		if err != nil {
			return nil, fmt.Errorf("parse schema %s: %w", name, err)
		}
		page.Schemas = append(page.Schemas, schemaText{Name: name, Text: string(text)})
	}
	return page, nil
}

func (page *reference) addPath(d *document, path string, item *yaml.Node) error {
	var shared struct {
		Parameters []specParameter `yaml:"parameters"`
	}
	if err := item.Decode(&shared); err != nil {
		return err
	}
	for method, node := range entries(item) {
		if method == "parameters" {
			continue
		}
		var op specOperation
		if err := node.Decode(&op); err != nil {
			return err
		}
		op.Parameters = append(slices.Clone(shared.Parameters), op.Parameters...)
		for _, g := range page.Groups {
			if slices.Contains(op.Tags, g.Name) {
				g.Operations = append(g.Operations, op.shown(d, strings.ToUpper(method), path))
			}
		}
	}
	return nil
}

func (op *specOperation) shown(d *document, method, path string) operation {
	shown := operation{
		ID: op.OperationID, Method: method, Path: path, Summary: op.Summary, Description: op.Description,
		Role: op.role(d), Body: schemaName(&op.RequestBody.Content),
	}
	for _, p := range op.Parameters {
		if name, ok := strings.CutPrefix(p.Ref, "#/components/parameters/"); ok {
			p = d.Components.Parameters[name]
		}
		if p.In != "path" {
			shown.Parameters = append(shown.Parameters, parameter{Name: p.Name, In: p.In, Description: p.Description})
		}
	}
	for status, node := range entries(&op.Responses) {
		var response struct {
			Description string    `yaml:"description"`
			Content     yaml.Node `yaml:"content"`
		}
		if status == "default" || node.Decode(&response) != nil {
			continue
		}
		shown.Answers = append(
			shown.Answers,
			answer{Status: status, Description: response.Description, Schema: schemaName(&response.Content)},
		)
	}
	return shown
}

func (op *specOperation) role(d *document) string {
	security := d.Security
	if op.Security != nil {
		security = *op.Security
	}
	for _, requirement := range security {
		for _, scopes := range requirement {
			return strings.Join(scopes, ", ")
		}
	}
	return "everybody"
}
