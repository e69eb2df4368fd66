package web

import (
	"iter"
	"strings"

	"go.yaml.in/yaml/v3"
)

// entries are the keys and values of a mapping, in the order of the file.
func entries(mapping *yaml.Node) iter.Seq2[string, *yaml.Node] {
	return func(yield func(string, *yaml.Node) bool) {
		for i := 0; i+1 < len(mapping.Content); i += 2 {
			if !yield(mapping.Content[i].Value, mapping.Content[i+1]) {
				return
			}
		}
	}
}

// schemaName is the name of the first schema that content refers to, empty if it refers to none.
func schemaName(content *yaml.Node) string {
	if name, ok := strings.CutPrefix(content.Value, "#/components/schemas/"); ok {
		return name
	}
	for _, child := range content.Content {
		if name := schemaName(child); name != "" {
			return name
		}
	}
	return ""
}

// block is the node written over several lines, without the notes for the code generator.
func block(node *yaml.Node) *yaml.Node {
	copied := *node
	copied.Style = 0
	copied.Content = nil
	if node.Kind != yaml.MappingNode {
		for _, child := range node.Content {
			copied.Content = append(copied.Content, block(child))
		}
		return &copied
	}
	for name, value := range entries(node) {
		if !strings.HasPrefix(name, "x-go-") {
			copied.Content = append(copied.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name}, block(value))
		}
	}
	return &copied
}
