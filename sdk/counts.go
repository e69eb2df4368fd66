package tidegate

import (
	"slices"
	"sync/atomic"

	"github.com/tidegate-io/tidegate/evaluator"
)

// variationCount counts the evaluations of a flag that served one variation. It fills a cache line of its own: two
// counters that are busy on two processors then do not slow each other down.
type variationCount struct {
	n atomic.Uint64
	_ [56]byte
}

// flagCounts are the counters of one flag.
type flagCounts struct {
	// variations are the keys in the flag's order. The last counter has no key: it counts the code default.
	variations []string
	counters   []variationCount
}

func newFlagCounts(f *evaluator.Flag) *flagCounts {
	c := &flagCounts{variations: make([]string, len(f.Variations)), counters: make([]variationCount, len(f.Variations)+1)}
	for i := range f.Variations {
		c.variations[i] = f.Variations[i].Key
	}
	return c
}

// add counts one evaluation. A variation of "" stands for the code default.
func (c *flagCounts) add(variation string) {
	i := slices.Index(c.variations, variation)
	if i < 0 {
		i = len(c.variations)
	}
	c.counters[i].n.Add(1)
}

// fits tells whether the counters have the variations of the flag as it is now.
func (c *flagCounts) fits(f *evaluator.Flag) bool {
	return slices.EqualFunc(c.variations, f.Variations, func(key string, v evaluator.Variation) bool { return key == v.Key })
}

// drain gives the counts as events, and sets the counters to zero.
func (c *flagCounts) drain(flag string, events []reportEvent) []reportEvent {
	for i := range c.counters {
		n := c.counters[i].n.Swap(0)
		if n == 0 {
			continue
		}
		e := reportEvent{Kind: kindEvaluations, Flag: flag, Count: n}
		if i < len(c.variations) {
			e.Variation = c.variations[i]
		}
		events = append(events, e)
	}
	return events
}
