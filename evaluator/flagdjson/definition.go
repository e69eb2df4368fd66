package flagdjson

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Definition is what flagd and its in-process providers evaluate: the flags of one environment.
type Definition struct {
	Flags map[string]Flag `json:"flags"`
	// Evaluators are expressions that targeting refers to by {"$ref": "<name>"}. They hold no such reference themselves.
	Evaluators map[string]json.RawMessage `json:"$evaluators,omitempty"`
	// Metadata holds scalars only. A provider adds them to the metadata of every answer.
	Metadata map[string]any `json:"metadata,omitempty"`
}

// The states of a Flag. A disabled one leaves the answer to the caller's code default.
const (
	StateEnabled  = "ENABLED"
	StateDisabled = "DISABLED"
)

// Flag is one flag in flagd's words: a variant is what the evaluator calls a variation.
type Flag struct {
	State    string                     `json:"state"`
	Variants map[string]json.RawMessage `json:"variants"`
	// DefaultVariant is served where Targeting gives null, or is absent; nil leaves the answer to the code default.
	DefaultVariant *string `json:"defaultVariant"`
	// Targeting is JSONLogic that gives the name of a variant.
	Targeting json.RawMessage `json:"targeting,omitempty"`
	Metadata  map[string]any  `json:"metadata,omitempty"`
}

// The members of Metadata that Export writes.
const (
	// MetadataFlagSetID names the environment, "project/environment".
	MetadataFlagSetID = "flagSetId"
	// MetadataScope is the same name. If it is absent, providers put their selector in its place.
	MetadataScope = "scope"
	// MetadataOmitted lists the keys of the flags that were left out, separated by commas; absent if there are none.
	MetadataOmitted = "omittedFlags"
	// MetadataVersion, of a flag, is the revision at which it last changed.
	MetadataVersion = "version"
	// MetadataDetail, of a flag, is the evaluator.Detail of its answers: that the flag is off, or killed.
	MetadataDetail = "detail"
	// MetadataFlag, of a flag, is the evaluator.Flag that it was made of, as JSON in a string; see Options.Source.
	MetadataFlag = "tidegateFlag"
	// MetadataSegments is the list of evaluator.Segment that the environment has, as JSON in a string; see Options.Source.
	MetadataSegments = "tidegateSegments"
)

// Encode writes the definition as JSON, with the keys of objects in order, so that equal definitions have equal bytes.
// An indent of "" writes it on one line.
func (d *Definition) Encode(indent string) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", indent)
	if err := encoder.Encode(d); err != nil {
		return nil, fmt.Errorf("encode flagd definition: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
