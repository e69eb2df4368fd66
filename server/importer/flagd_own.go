package importer

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson"
)

// ownFlag is a flag of an export of ours: what it was made of, and what the file says of it in flagd's words.
type ownFlag struct {
	source    evaluator.Flag
	key, path string
	def       flagdFlag
}

// ownSegments restores the segments of an export of ours.
func (r *reader) ownSegments(encoded string) error {
	var segments []evaluator.Segment
	if err := json.Unmarshal([]byte(encoded), &segments); err != nil {
		return fmt.Errorf("%w: /metadata/%s: %w", ErrFormat, flagdjson.MetadataSegments, err)
	}
	for _, s := range segments {
		r.addSegment("/metadata/"+flagdjson.MetadataSegments, Segment{Segment: s})
	}
	return nil
}

// restore adds the flags of an export of ours as they were. If somebody has edited a flag in the file, they have
// edited what flagd reads, and they mean that. Such a flag is read like any other.
func (r *flagdReader) restore() error {
	if len(r.own) == 0 {
		return nil
	}
	again, err := r.exportedAgain()
	if err != nil {
		return err
	}
	for i := range r.own {
		o := &r.own[i]
		why := ""
		switch {
		case r.edited(o, &again):
			why = "was edited after its export"
		case r.lacksPrerequisite(o):
			why = "needs another that the file lacks"
		}
		if why != "" {
			r.lose(
				o.path,
				"the flag %s: it is read like one of flagd's own, and what only Tidegate knew of it is not kept",
				why,
			)
			r.mapped(o.key, &o.def, o.path)
			continue
		}
		r.addFlag(o.path, Flag{
			Key:        o.source.Key,
			Type:       o.source.Type,
			Variations: o.source.Variations,
			ClientSide: o.source.ClientSide,
			Config:     o.source.Config,
		})
	}
	return nil
}

// exportedAgain is the file as it would be if nobody had edited it.
func (r *flagdReader) exportedAgain() (flagdjson.Definition, error) {
	def := evaluator.Definition{FormatVersion: evaluator.FormatVersion, Revision: 1}
	for _, o := range r.own {
		def.Flags = append(def.Flags, o.source)
	}
	for _, s := range r.plan.Segments {
		def.Segments = append(def.Segments, s.Segment)
	}
	snapshot, _, err := evaluator.Compile(def)
	if err != nil {
		return flagdjson.Definition{}, fmt.Errorf("%w: what Tidegate wrote into the metadata: %w", ErrFormat, err)
	}
	exported, _ := flagdjson.Export(snapshot, flagdjson.Options{})
	return exported, nil
}

// lacksPrerequisite reports whether a flag that the flag needs could not be exported. The flag itself may have been
// exported all the same, for instance because one of the two was off.
func (r *flagdReader) lacksPrerequisite(o *ownFlag) bool {
	return slices.ContainsFunc(o.source.Config.Prerequisites, func(p evaluator.Prerequisite) bool {
		return !slices.ContainsFunc(r.own, func(other ownFlag) bool { return other.key == p.Flag })
	})
}

// edited reports whether the file differs from the export in what it says of the flag, or of a segment that the flag
// asks for.
func (r *flagdReader) edited(o *ownFlag, again *flagdjson.Definition) bool {
	was, ok := again.Flags[o.key]
	if !ok {
		return true
	}
	is := flagdFlag{
		State:          o.def.State,
		Variants:       o.def.Variants,
		DefaultVariant: o.def.DefaultVariant,
		Targeting:      o.def.Targeting,
	}
	var before flagdFlag
	if err := json.Unmarshal(raw(was), &before); err != nil {
		return true
	}
	before.Metadata = nil
	if string(raw(is)) != string(raw(before)) {
		return true
	}
	for name := range r.referredTo(o.def.Targeting) {
		var evaluator any
		if json.Unmarshal(again.Evaluators[name], &evaluator) != nil ||
			string(raw(evaluator)) != string(raw(r.evaluators[name])) {
			return true
		}
	}
	return false
}
