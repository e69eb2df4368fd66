package importer

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson"
)

// flagdFlag is a flag of a flagd definition.
type flagdFlag struct {
	Key            string         `json:"key"`
	State          string         `json:"state"`
	Variants       map[string]any `json:"variants"`
	DefaultVariant *string        `json:"defaultVariant"`
	Targeting      map[string]any `json:"targeting"`
	Metadata       map[string]any `json:"metadata"`
}

// flagd reads a flag definition of flagd: flags by key, or a list of flags with keys.
func (r *reader) flagd() error {
	file, err := into[struct {
		Schema     ignored        `json:"$schema"`
		Flags      any            `json:"flags"`
		Evaluators map[string]any `json:"$evaluators"`
		Metadata   map[string]any `json:"metadata"`
	}](r, r.document, "")
	if err != nil {
		return err
	}
	if segments, ok := file.Metadata[flagdjson.MetadataSegments].(string); ok {
		if err := r.ownSegments(segments); err != nil {
			return err
		}
	}
	if omitted, ok := file.Metadata[flagdjson.MetadataOmitted].(string); ok {
		r.lose(
			"/metadata/"+flagdjson.MetadataOmitted,
			"flagd's format could not express these flags, so the file lacks them: %s",
			omitted,
		)
	}
	if _, ours := file.Metadata[flagdjson.MetadataScope]; !ours {
		for _, name := range sortedKeys(file.Metadata) {
			r.drop(at("/metadata", name), "metadata of the whole file is not kept")
		}
	}
	f := flagdReader{reader: r, evaluators: file.Evaluators}
	switch flags := file.Flags.(type) {
	case map[string]any:
		for _, key := range sortedKeys(flags) {
			if err := f.flag(key, flags[key], at("/flags", key)); err != nil {
				return err
			}
		}
	case []any:
		for i := range flags {
			if err := f.flag("", flags[i], at("/flags", i)); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("%w: it has no flags", ErrFormat)
	}
	return f.restore()
}

type flagdReader struct {
	*reader
	evaluators map[string]any
	own        []ownFlag
}

func (r *flagdReader) flag(key string, part any, path string) error {
	def, err := into[flagdFlag](r.reader, part, path)
	if err != nil {
		return err
	}
	if key == "" {
		key = def.Key
	}
	if encoded, ok := def.Metadata[flagdjson.MetadataFlag].(string); ok {
		o := ownFlag{key: key, path: path, def: def}
		if err := json.Unmarshal([]byte(encoded), &o.source); err != nil {
			return fmt.Errorf("%w: %s/metadata/%s: %w", ErrFormat, path, flagdjson.MetadataFlag, err)
		}
		r.own = append(r.own, o)
		return nil
	}
	r.mapped(key, &def, path)
	return nil
}

// mapped reads a flag by what flagd knows of it.
func (r *flagdReader) mapped(key string, def *flagdFlag, path string) {
	f := Flag{Key: key}
	if !f.vary(def.Variants) {
		r.leaveOutFlag(key, at(path, "variants"), "its variants must all be booleans, texts, numbers or objects")
		return
	}
	if def.DefaultVariant != nil && *def.DefaultVariant == "" {
		def.DefaultVariant = nil
	}
	r.metadata(&f, def.Metadata, path)
	f.Config = evaluator.FlagConfig{Enabled: def.State == flagdjson.StateEnabled}
	if def.State != flagdjson.StateEnabled && def.State != flagdjson.StateDisabled {
		r.unknown(at(path, "state"), "the import does not know the state %q", def.State)
	}
	r.targeting(&f, def, path)
	r.addFlag(path, f)
}

// metadata keeps a description, and reports the other metadata, which has no place here.
func (r *flagdReader) metadata(f *Flag, metadata map[string]any, path string) {
	for _, name := range sortedKeys(metadata) {
		text, isText := metadata[name].(string)
		switch {
		case name == "description" && isText:
			f.Description = text
		case name == flagdjson.MetadataVersion, name == flagdjson.MetadataFlag:
		default:
			r.drop(at(path, "metadata", name), "metadata other than a description is not kept")
		}
	}
}

// targeting keeps the expression as it is. Only a split that says the same as one of ours becomes one of ours.
func (r *flagdReader) targeting(f *Flag, def *flagdFlag, path string) {
	c := &f.Config
	switch {
	case len(def.Targeting) == 0 && def.DefaultVariant != nil:
		c.Fallthrough = evaluator.Serve{Variation: *def.DefaultVariant}
	case len(def.Targeting) == 0 && len(f.Variations) > 0:
		r.drop(
			at(path, "defaultVariant"),
			"without a default variant the code default is served, which is what the flag serves here while it is off; it is imported as off",
		)
		c.Enabled, c.Fallthrough = false, evaluator.Serve{Variation: f.Variations[0].Key}
	case c.Enabled:
		c.OffVariation = def.DefaultVariant
		c.Targeting = r.expression(def.Targeting)
	default:
		// A flag that is disabled leaves the answer to the code default, so null cannot stand for its off variation.
		c.Targeting = r.expression(orVariant(def.Targeting, def.DefaultVariant))
	}
}

// orVariant is the expression with the variant in the place of null.
func orVariant(targeting map[string]any, variant *string) map[string]any {
	if variant == nil {
		return targeting
	}
	return map[string]any{"if": []any{map[string]any{"===": []any{targeting, nil}}, *variant, targeting}}
}

// expression is the expression with those of $evaluators that it refers to.
func (r *flagdReader) expression(targeting map[string]any) json.RawMessage {
	used := r.referredTo(targeting)
	if len(used) == 0 {
		return raw(targeting)
	}
	expression := map[string]any{"$evaluators": used}
	for operator, args := range targeting {
		expression[operator] = args
	}
	return raw(expression)
}

// referredTo are those of $evaluators that an expression refers to.
func (r *flagdReader) referredTo(targeting map[string]any) map[string]any {
	encoded, used := string(raw(targeting)), map[string]any{}
	for name, evaluator := range r.evaluators {
		if strings.Contains(encoded, `{"$ref":`+string(raw(name))+`}`) {
			used[name] = evaluator
		}
	}
	return used
}
