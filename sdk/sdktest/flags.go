// Package sdktest has flags for unit tests of applications that use OpenFeature: the provider of package tidegate
// evaluates them, in memory, without a server.
//
//	flags := sdktest.NewFlags()
//	flags.Set("new-checkout", true)
//	client := sdktest.Client(t, flags)
package sdktest

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/tidegate-io/tidegate/evaluator"
)

// variationOf is the key of the variation that Set makes. The keys of the variations that SetFor makes begin with it.
const variationOf = "set"

// Flags are flags that a test sets. It is safe for concurrent use. A provider sees what was set before it started,
// and it gets every later change, as from a server.
type Flags struct {
	mu       sync.Mutex
	revision int64
	flags    map[string]evaluator.Flag
	changed  chan struct{} // closed with the next change
}

// NewFlags returns Flags without any flag.
func NewFlags() *Flags {
	return &Flags{flags: make(map[string]evaluator.Flag), changed: make(chan struct{})}
}

// Set makes a flag serve one value to everybody: a bool, a string, a number, or a value that encodes as a JSON
// object. It panics for any other value, because that is a mistake in the test.
func (f *Flags) Set(key string, value any) {
	kind, raw, err := encode(value)
	if err != nil {
		panic(fmt.Sprintf("sdktest: set flag %q: %v", key, err))
	}
	variation := variationOf
	f.Put(evaluator.Flag{
		Key: key, Type: kind, Variations: []evaluator.Variation{{Key: variation, Value: raw}},
		Config: evaluator.FlagConfig{
			Enabled: true, OffVariation: &variation, Fallthrough: evaluator.Serve{Variation: variation},
		},
	})
}

// SetFor makes a flag that was Set serve another value of the same type to one targeting key. It panics if there is no
// such flag or the value is of another type.
func (f *Flags) SetFor(targetingKey, key string, value any) {
	kind, raw, err := encode(value)
	if err != nil {
		panic(fmt.Sprintf("sdktest: set flag %q: %v", key, err))
	}
	f.mu.Lock()
	flag, ok := f.flags[key]
	f.mu.Unlock()
	if !ok || flag.Type != kind || flag.Variations[0].Key != variationOf {
		panic(fmt.Sprintf("sdktest: set flag %q for %q: no flag of that name and of type %s was Set before", key, targetingKey, kind))
	}
	flag.Variations, flag.Config.Targets = slices.Clone(flag.Variations), slices.Clone(flag.Config.Targets)
	for i, target := range flag.Config.Targets {
		if target.Values[0] == targetingKey {
			// The first variation is for everybody. After it, each target has a variation of its own.
			flag.Variations[i+1].Value = raw
			f.Put(flag)
			return
		}
	}
	variation := fmt.Sprintf("%s-%d", variationOf, len(flag.Variations))
	flag.Variations = append(flag.Variations, evaluator.Variation{Key: variation, Value: raw})
	flag.Config.Targets = append(flag.Config.Targets, evaluator.Target{Variation: variation, Values: []string{targetingKey}})
	f.Put(flag)
}

// Put adds a flag, or replaces it. The flag may have rules, rollouts and everything else that a flag can have. If it
// does not compile, the provider logs that, and the flag resolves to an error, as with a server.
func (f *Flags) Put(flag evaluator.Flag) {
	f.change(func() {
		flag.Version = f.revision
		f.flags[flag.Key] = flag
	})
}

// Remove removes a flag, if there is one of that name.
func (f *Flags) Remove(key string) {
	f.change(func() { delete(f.flags, key) })
}

func (f *Flags) change(edit func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.revision++
	edit()
	close(f.changed)
	f.changed = make(chan struct{})
}

// Follow makes Flags a source for tidegate.WithDefinitions.
func (f *Flags) Follow(ctx context.Context, serve func(evaluator.Definition)) {
	for {
		def, changed := f.definition()
		serve(def)
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

func (f *Flags) definition() (evaluator.Definition, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	def := evaluator.Definition{
		FormatVersion: evaluator.FormatVersion, Project: "sdktest", Environment: "test", Epoch: "sdktest", Revision: f.revision,
	}
	for _, flag := range f.flags {
		def.Flags = append(def.Flags, flag)
	}
	return def, f.changed
}

// encode finds the type of a value.
func encode(value any) (evaluator.Type, json.RawMessage, error) {
	raw, err := json.Marshal(value)
	if err != nil {
		return "", nil, fmt.Errorf("encode value: %w", err)
	}
	var decoded any
	if err := json.Unmarshal(raw, &decoded); err != nil {
		return "", nil, fmt.Errorf("decode value: %w", err)
	}
	switch v := decoded.(type) {
	case bool:
		return evaluator.TypeBoolean, raw, nil
	case string:
		return evaluator.TypeString, raw, nil
	case float64:
		if v == math.Trunc(v) && math.Abs(v) > 1<<53-1 {
			return "", nil, fmt.Errorf("%s is beyond ±(2^53 − 1)", raw)
		}
		return evaluator.TypeNumber, raw, nil
	case map[string]any:
		return evaluator.TypeObject, raw, nil
	default:
		return "", nil, fmt.Errorf("a value must be a boolean, a string, a number or an object, not %s", raw)
	}
}
