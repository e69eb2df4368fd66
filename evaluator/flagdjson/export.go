package flagdjson

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
)

// Options change what Export writes.
type Options struct {
	// Source adds what the definition was made of, as metadata (MetadataFlag, MetadataSegments), so that an import can
	// restore it exactly. It holds descriptions that evaluation has no need of.
	Source bool
}

// Export writes the snapshot as a definition. Flags that it cannot express exactly, and those that do not compile, are
// left out and returned, in the order of their keys.
func Export(s *evaluator.Snapshot, options Options) (Definition, []Omission) {
	x := newExporter(s)
	environment := s.Project() + "/" + s.Environment()
	d := Definition{
		Flags:    make(map[string]Flag, s.Len()),
		Metadata: map[string]any{MetadataFlagSetID: environment, MetadataScope: environment},
	}
	var omissions []Omission
	for def := range s.Flags() {
		f, err := x.flag(&def, options)
		if err != nil {
			omissions = append(omissions, Omission{Flag: def.Key, Pointer: err.pointer, Reason: err.reason})
			continue
		}
		d.Flags[def.Key] = f
	}
	d.Evaluators = x.referredTo(d.Flags)
	if options.Source {
		d.Metadata[MetadataSegments] = string(encode(s.Definition().Segments))
	}
	d.nameOmitted(omissions)
	return d, omissions
}

// Limit leaves out flags, the largest first, until the definition has at most so many bytes on one line, or no flags.
// It returns what it left out.
//
// The in-process providers take messages of up to 4 MiB, and a larger one stops them altogether.
func (d *Definition) Limit(most int) ([]Omission, error) {
	encoded, err := d.Encode("")
	if err != nil || len(encoded) <= most || len(d.Flags) == 0 {
		return nil, err
	}
	keys := make([]string, 0, len(d.Flags))
	sizes := make(map[string]int, len(d.Flags))
	for key, f := range d.Flags {
		keys = append(keys, key)
		sizes[key] = len(encode(f)) + d.sizeOfEvaluators(f)
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(cmp.Compare(sizes[b], sizes[a]), cmp.Compare(a, b))
	})
	var omissions []Omission
	for excess := len(encoded) - most; excess > 0 && len(keys) > 0; keys = keys[1:] {
		excess -= sizes[keys[0]]
		delete(d.Flags, keys[0])
		omissions = append(omissions, Omission{Flag: keys[0], Reason: fmt.Sprintf("all flags together have more than the %d bytes that flagd's providers take", most)})
	}
	d.dropUnused()
	d.nameOmitted(omissions)
	again, err := d.Limit(most)
	return append(omissions, again...), err
}

// sizeOfEvaluators is the size of the evaluators that the flag refers to, whether or not other flags use them, too.
func (d *Definition) sizeOfEvaluators(f Flag) int {
	size := 0
	for name, expression := range d.Evaluators {
		if bytes.Contains(f.Targeting, reference(name)) {
			size += len(expression)
		}
	}
	return size
}

// dropUnused removes the evaluators that no flag refers to.
func (d *Definition) dropUnused() {
	for name := range d.Evaluators {
		used := false
		for _, f := range d.Flags {
			used = used || bytes.Contains(f.Targeting, reference(name))
		}
		if !used {
			delete(d.Evaluators, name)
		}
	}
}

// nameOmitted adds keys to the metadata that names what was left out.
func (d *Definition) nameOmitted(omissions []Omission) {
	if len(omissions) == 0 {
		return
	}
	var keys []string
	if before, ok := d.Metadata[MetadataOmitted].(string); ok {
		keys = strings.Split(before, ",")
	}
	for _, o := range omissions {
		keys = append(keys, o.Flag)
	}
	slices.Sort(keys)
	d.Metadata[MetadataOmitted] = strings.Join(keys, ",")
}

// Check returns why the flag would be left out of an export; nil if it would not. s must have the flag.
func Check(s *evaluator.Snapshot, key string) *Omission {
	def, ok := s.Flag(key)
	if !ok {
		return nil
	}
	if _, err := newExporter(s).flag(&def, Options{}); err != nil {
		return &Omission{Flag: key, Pointer: err.pointer, Reason: err.reason}
	}
	return nil
}

// encode writes JSON that was read before, strings, numbers, and lists and objects of these. All of this can always be
// written. Expressions hold <, > and &, which stay as they are.
func encode(v any) json.RawMessage {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic("flagdjson: encode what is always valid: " + err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
