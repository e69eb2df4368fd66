package importer

import "encoding/json"

// The parts of an export of Flipt.
type (
	fliptFile struct {
		Version   string         `json:"version"`
		Namespace fliptNamespace `json:"namespace"`
		Flags     []fliptFlag    `json:"flags"`
		Segments  []fliptSegment `json:"segments"`
		path      string
	}
	// fliptNamespace is a key by itself, or with what people read.
	fliptNamespace struct {
		Key         string  `json:"key"`
		Name        ignored `json:"name"`
		Description ignored `json:"description"`
	}
	fliptFlag struct {
		Key         string         `json:"key"`
		Name        string         `json:"name"`
		Description string         `json:"description"`
		Type        string         `json:"type"`
		Enabled     bool           `json:"enabled"`
		Metadata    dropped        `json:"metadata"`
		Variants    []fliptVariant `json:"variants"`
		Rules       []fliptRule    `json:"rules"`
		Rollouts    []fliptRollout `json:"rollouts"`
	}
	fliptVariant struct {
		Key         string `json:"key"`
		Name        string `json:"name"`
		Description string `json:"description"`
		Attachment  any    `json:"attachment"`
		Default     bool   `json:"default"`
	}
	fliptRule struct {
		Segment       fliptSegments       `json:"segment"`
		Rank          ignored             `json:"rank"`
		Distributions []fliptDistribution `json:"distributions"`
		// The keys of version 1.1.
		Segments []string `json:"segments"`
		Operator string   `json:"operator"`
	}
	fliptDistribution struct {
		Variant string  `json:"variant"`
		Rollout float64 `json:"rollout"`
	}
	fliptRollout struct {
		Description string          `json:"description"`
		Segment     *fliptSegments  `json:"segment"`
		Threshold   *fliptThreshold `json:"threshold"`
	}
	fliptThreshold struct {
		Percentage float64 `json:"percentage"`
		Value      bool    `json:"value"`
	}
	// fliptSegments is one segment, or several of which any or all have to match.
	fliptSegments struct {
		Key      string   `json:"key"`
		Keys     []string `json:"keys"`
		Operator string   `json:"operator"`
		Value    bool     `json:"value"`
	}
	fliptSegment struct {
		Key         string            `json:"key"`
		Name        string            `json:"name"`
		Description string            `json:"description"`
		Match       string            `json:"match_type"`
		Constraints []fliptConstraint `json:"constraints"`
	}
	fliptConstraint struct {
		Type        string  `json:"type"`
		Property    string  `json:"property"`
		Operator    string  `json:"operator"`
		Value       string  `json:"value"`
		Description ignored `json:"description"`
	}
)

// UnmarshalJSON reads the key of a segment by itself too.
func (s *fliptSegments) UnmarshalJSON(encoded []byte) error {
	if json.Unmarshal(encoded, &s.Key) == nil {
		return nil
	}
	type plain fliptSegments
	return json.Unmarshal(encoded, (*plain)(s))
}

// UnmarshalJSON reads the key of a namespace by itself too.
func (n *fliptNamespace) UnmarshalJSON(encoded []byte) error {
	if json.Unmarshal(encoded, &n.Key) == nil {
		return nil
	}
	type plain fliptNamespace
	return json.Unmarshal(encoded, (*plain)(n))
}
