package flagdjson

import (
	"encoding/json"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// maxExpression bounds the expression of one flag, and of one segment, in bytes. Prerequisites are inlined, and every
// flag on the way could double the expression.
const maxExpression = 512 << 10

const tooLong = "its rules have more than the 512 KiB that one flag may have for flagd"

// exporter writes the flags of one snapshot.
type exporter struct {
	snapshot *evaluator.Snapshot
	// evaluators are the expressions of segments, by name. failed has the reasons for the names without an expression.
	evaluators map[string]json.RawMessage
	failed     map[string]*refusal
	// served has, by flag, the expression that gives the variation which the flag serves.
	served map[string]served
}

func newExporter(s *evaluator.Snapshot) *exporter {
	return &exporter{
		snapshot: s, evaluators: make(map[string]json.RawMessage), failed: make(map[string]*refusal),
		served: make(map[string]served),
	}
}

// switchOff says of a flag that it is off. A flag that leaves the answer to the code default is disabled. Any other
// flag is enabled and serves its off variation, since providers drop the value of a disabled flag.
func (f *Flag) switchOff(killed bool) {
	detail := evaluator.DetailOff
	if killed {
		detail = evaluator.DetailKilled
	}
	f.Metadata[MetadataDetail] = detail.String()
	if f.DefaultVariant == nil {
		f.State = StateDisabled
		return
	}
	// Null for every context: providers then say DEFAULT instead of STATIC.
	f.Targeting = encode(logic.Apply("if", false, nil, nil))
}

// flag writes one flag.
func (x *exporter) flag(def *evaluator.Flag, options Options) (Flag, *refusal) {
	f := Flag{
		State: StateEnabled, Variants: make(map[string]json.RawMessage, len(def.Variations)),
		Metadata: map[string]any{MetadataVersion: def.Version},
	}
	if fault := x.snapshot.Fault(def.Key); fault != nil {
		return f, &refusal{pointer: strings.TrimPrefix(fault.Pointer, "/config"), reason: fault.Message}
	}
	for _, v := range def.Variations {
		if strings.Contains(string(v.Value), `"$ref"`) {
			return f, refuse("", "flagd would take $ref in the value of variation "+v.Key+" for a reference")
		}
		f.Variants[v.Key] = v.Value
	}
	if options.Source {
		f.Metadata[MetadataFlag] = string(encode(def))
	}
	d, err := x.decide(def)
	if err != nil {
		return f, err
	}
	if d.constant() {
		f.DefaultVariant = d.otherwise.variation
		if !def.Config.Enabled {
			f.switchOff(def.Killed)
		}
		return f, nil
	}
	f.DefaultVariant = d.defaultVariant()
	f.Targeting = encode(d.expression(f.DefaultVariant))
	if len(f.Targeting) > maxExpression {
		return f, refuse("", tooLong)
	}
	return f, nil
}
