package importer

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
)

// Plan is what an import writes.
type Plan struct {
	Flags    []Flag
	Segments []Segment
	Losses   []Loss
}

// Flag is one flag with its configuration in the environment.
type Flag struct {
	Key         string
	Name        string
	Description string
	Tags        []string
	ClientSide  bool
	Type        evaluator.Type
	Variations  []evaluator.Variation
	Config      evaluator.FlagConfig
	// Rebucketed: its splits have the same shares as before, but of other users.
	Rebucketed bool
	path       string  // of its place in the file
	moved      float64 // the share of users whom the splits of its expression move
}

// Segment is one segment with what only people read.
type Segment struct {
	evaluator.Segment
	Name        string
	Description string
	path        string // of its place in the file
}

// Loss is something in the file that is not written, or not written exactly as it was.
type Loss struct {
	// Flag is the key of the flag that it is about, "" if it is about a segment or the file.
	Flag string
	// Path is an RFC 6901 JSON pointer into the file, as if it were JSON.
	Path string
	// Message is a sentence for people.
	Message string
	// Effect says what becomes of what was at the place.
	Effect Effect
}

// Effect is what a loss does to what is imported.
type Effect string

const (
	// EffectDropped is for what has no part in what a flag serves, and is not kept.
	EffectDropped Effect = "dropped"
	// EffectDifferent is for what may answer otherwise than before.
	EffectDifferent Effect = "different"
	// EffectUnknown is for what the import does not know.
	EffectUnknown Effect = "unknown"
	// EffectClosed is for flags that are imported as off.
	EffectClosed Effect = "closed"
	// EffectLeftOut is for flags, segments and rules that are not imported.
	EffectLeftOut Effect = "left-out"
)

// Source names what is to be read.
type Source struct {
	// Format is one of Formats.
	Format string
	// Environment is the source's own, where a file has several; "" takes the only one.
	Environment string
	// Now is the time of the import, for formats in which flags go by dates.
	Now time.Time
}

// Formats are the names of all formats.
func Formats() []string {
	return []string{"flagd", "launchdarkly", "unleash", "flagsmith", "growthbook", "goff", "flipt"}
}

// ErrFormat is wrapped by the errors of files that are not what they are said to be.
var ErrFormat = errors.New("the file is not in the format")

// errOneEnvironment is for a source's environment that is named although the file has only one. Whoever names one
// means another file.
var errOneEnvironment = errors.New("the file has one environment: leave --source-environment out")

// Read reads a file.
func Read(file []byte, source Source) (*Plan, error) {
	documents, err := decode(file)
	if err != nil {
		return nil, err
	}
	r := &reader{documents: documents, environment: source.Environment, now: source.Now, unknownOf: map[string]bool{}}
	read := map[string]func() error{
		"flagd": r.flagd, "launchdarkly": r.launchDarkly, "unleash": r.unleash, "flagsmith": r.flagsmith,
		"growthbook": r.growthBook, "goff": r.goFeatureFlag, "flipt": r.flipt,
	}[source.Format]
	if read == nil {
		return nil, fmt.Errorf(
			"there is no format %q to import; there are %s",
			source.Format,
			strings.Join(Formats(), ", "),
		)
	}
	if source.Environment != "" && source.Format != "launchdarkly" && source.Format != "unleash" &&
		source.Format != "flipt" {
		return nil, errOneEnvironment
	}
	if len(documents) > 0 {
		r.document = documents[0]
	}
	if len(documents) > 1 && source.Format != "launchdarkly" && source.Format != "flipt" {
		return nil, errDocuments(len(documents))
	}
	if err := read(); err != nil {
		return nil, err
	}
	r.closeUnknown()
	r.leaveOutDuplicates()
	r.leaveOutInvalid()
	r.spread()
	r.attribute()
	r.closeOpposed()
	return &r.plan, nil
}

// reader collects the plan.
type reader struct {
	// documents are all of the file's, and document the first.
	documents   []any
	document    any
	environment string
	now         time.Time
	plan        Plan
	// unknowns are the places of what the import does not know.
	unknowns []string
	// about is the key of the flag that is being read where it is known: parts of it may stand elsewhere in the file.
	about string
	// unknownOf are the flags of which the import does not know something that may stand elsewhere in the file.
	unknownOf map[string]bool
	// flagAt has the keys of the flags that were read, by their places.
	flagAt map[string]string
}

func (r *reader) say(effect Effect, path, format string, args ...any) {
	r.plan.Losses = append(
		r.plan.Losses,
		Loss{Flag: r.about, Path: path, Message: fmt.Sprintf(format, args...), Effect: effect},
	)
}

// lose reports what may answer otherwise than before.
func (r *reader) lose(path, format string, args ...any) {
	r.say(EffectDifferent, path, format, args...)
}

// drop reports what is not kept, and has no part in what is served.
func (r *reader) drop(path, format string, args ...any) { r.say(EffectDropped, path, format, args...) }

// leaveOut reports a flag, segment or rule that is not imported.
func (r *reader) leaveOut(path, format string, args ...any) {
	r.say(EffectLeftOut, path, format, args...)
}

// leaveOutFlag reports a flag that is not imported.
func (r *reader) leaveOutFlag(key, path, format string, args ...any) {
	message := fmt.Sprintf("flag %q is left out: "+format, append([]any{key}, args...)...)
	r.plan.Losses = append(r.plan.Losses, Loss{Flag: key, Path: path, Message: message, Effect: EffectLeftOut})
}

// unknown reports what the import does not know: a field, operator, type or version. The flag or segment that it
// stands in is closed.
func (r *reader) unknown(path, format string, args ...any) {
	r.unknowns = append(r.unknowns, path)
	if r.about != "" {
		r.unknownOf[r.about] = true
	}
	r.say(EffectUnknown, path, format, args...)
}

// attribute gives every loss whose place is in a flag the key of that flag.
func (r *reader) attribute() {
	for i := range r.plan.Losses {
		l := &r.plan.Losses[i]
		for path := l.Path; l.Flag == "" && path != ""; path = path[:strings.LastIndexByte(path, '/')] {
			l.Flag = r.flagAt[path]
		}
	}
}

func (r *reader) addFlag(path string, f Flag) {
	f.path = path
	if r.flagAt == nil {
		r.flagAt = make(map[string]string)
	}
	r.flagAt[path] = f.Key
	r.plan.Flags = append(r.plan.Flags, f)
}

func (r *reader) addSegment(path string, s Segment) {
	s.path = path
	r.plan.Segments = append(r.plan.Segments, s)
}

// leaveOutInvalid takes away what the server would refuse, again and again, until all that is left is valid together.
func (r *reader) leaveOutInvalid() {
	for r.leaveOutOne() {
	}
}

// leaveOutOne reports whether there was anything to leave out.
func (r *reader) leaveOutOne() bool {
	definition := r.plan.Definition()
	for i, s := range r.plan.Segments {
		if err := evaluator.ValidateSegment(definition, s.Segment); err != nil {
			r.leaveOut(s.path, "segment %q is left out: %v", s.Key, err)
			r.plan.Segments = slices.Delete(r.plan.Segments, i, i+1)
			return true
		}
	}
	for i, f := range r.plan.Flags {
		flag := f.evaluated()
		err := errors.Join(
			evaluator.ValidateFlag(flag),
			evaluator.ValidateConfig(definition, flag),
			oneEmpty(flag.Variations),
		)
		if err != nil {
			r.leaveOut(f.path, "flag %q is left out: %v", f.Key, err)
			r.plan.Flags = slices.Delete(r.plan.Flags, i, i+1)
			return true
		}
	}
	return false
}

// oneEmpty refuses a second empty variation, as the server does.
func oneEmpty(variations []evaluator.Variation) error {
	empty := 0
	for i := range variations {
		if variations[i].IsEmpty() {
			empty++
		}
	}
	if empty > 1 {
		return fmt.Errorf("%d variations are empty, and nobody could tell them apart; give each a value", empty)
	}
	return nil
}

// leaveOutDuplicates takes away everything that shares a key: the file does not say which one counts.
func (r *reader) leaveOutDuplicates() {
	flags, segments := map[string]int{}, map[string]int{}
	for i := range r.plan.Flags {
		flags[r.plan.Flags[i].Key]++
	}
	for i := range r.plan.Segments {
		segments[r.plan.Segments[i].Key]++
	}
	const message = "%s %q is left out: there are %d of this key, and the file does not say which of them counts"
	r.plan.Flags = slices.DeleteFunc(r.plan.Flags, func(f Flag) bool {
		n := flags[f.Key]
		if n > 1 {
			r.leaveOut(f.path, message, "flag", f.Key, n)
		}
		return n > 1
	})
	r.plan.Segments = slices.DeleteFunc(r.plan.Segments, func(s Segment) bool {
		n := segments[s.Key]
		if n > 1 {
			r.leaveOut(s.path, message, "segment", s.Key, n)
		}
		return n > 1
	})
}

// Definition is the plan as an environment of its own.
func (p *Plan) Definition() evaluator.Definition {
	d := evaluator.Definition{FormatVersion: evaluator.FormatVersion, Revision: 1}
	for i := range p.Flags {
		d.Flags = append(d.Flags, p.Flags[i].evaluated())
	}
	for i := range p.Segments {
		d.Segments = append(d.Segments, p.Segments[i].Segment)
	}
	return d
}

func (f *Flag) evaluated() evaluator.Flag {
	return evaluator.Flag{
		Key:        f.Key,
		Version:    1,
		Type:       f.Type,
		Variations: f.Variations,
		ClientSide: f.ClientSide,
		Config:     f.Config,
	}
}

// Shift is the share of users who are expected to get another variation than before, in the widest split of a flag. It
// also returns the place of that split in the configuration. The new buckets are as good as independent of the old
// ones, so a user stays with a variation of share p by chance p. It is 0 where nothing is split or the buckets are the
// same.
func (f *Flag) Shift() (share float64, pointer string) {
	switch {
	case !f.Rebucketed:
		return 0, ""
	case f.Config.Targeting != nil:
		return f.moved, "/targeting"
	}
	consider := func(serve evaluator.Serve, at string) {
		if serve.Rollout == nil {
			return
		}
		shares := map[string]float64{}
		for _, w := range serve.Rollout.Weights {
			shares[w.Variation] += float64(w.Weight) / evaluator.TotalWeight
		}
		moved := 1.0
		for _, p := range shares {
			moved -= p * p
		}
		if moved > share {
			share, pointer = moved, at
		}
	}
	for i := range f.Config.Rules {
		consider(f.Config.Rules[i].Serve, fmt.Sprintf("/rules/%d", i))
	}
	consider(f.Config.Fallthrough, "/fallthrough")
	return share, pointer
}
