package tidegate

import (
	"slices"

	"github.com/open-feature/go-sdk/openfeature"

	"github.com/tidegate-io/tidegate/evaluator"
)

// eventBacklog is how many events wait until OpenFeature takes them. Without OpenFeature's API nobody takes them.
// Then the events beyond this number are dropped, so that the provider does not wait.
const eventBacklog = 64

// EventChannel gives the provider's events to OpenFeature.
func (p *Provider) EventChannel() <-chan openfeature.Event { return p.events }

func (p *Provider) emit(kind openfeature.EventType, details openfeature.ProviderEventDetails) {
	select {
	case p.events <- openfeature.Event{ProviderName: providerName, EventType: kind, ProviderEventDetails: details}:
	default:
	}
}

// changedFlags lists the flags whose answers may differ between two snapshots. These are the flags that were added,
// changed or removed, the flags that use a segment which was added, changed or removed, and the flags that have one
// of these flags as a prerequisite. Between two epochs the same version may mean different things, so there it lists
// all flags. The list is in key order.
func changedFlags(before, after *evaluator.Snapshot) []string {
	c := changes{flags: make(map[string]bool), segments: make(map[string]bool)}
	c.compareSegments(before.Definition().Segments, after.Definition().Segments)
	sameEpoch := before.Epoch() == after.Epoch()
	for flag := range after.Flags() {
		old, known := before.Flag(flag.Key)
		if !sameEpoch || !known || old.Version != flag.Version || c.usesSegment(flag.Config.Rules) {
			c.flags[flag.Key] = true
		}
	}
	for flag := range before.Flags() {
		if _, still := after.Flag(flag.Key); !still {
			c.flags[flag.Key] = true
		}
	}
	c.spreadToDependants(after)
	keys := make([]string, 0, len(c.flags))
	for key := range c.flags {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// changes are the keys of what differs between two snapshots.
type changes struct {
	flags, segments map[string]bool
}

func (c *changes) compareSegments(before, after []evaluator.Segment) {
	versions := make(map[string]int64, len(before))
	for i := range before {
		versions[before[i].Key] = before[i].Version
	}
	for i := range after {
		if old, known := versions[after[i].Key]; !known || old != after[i].Version {
			c.segments[after[i].Key] = true
		}
		delete(versions, after[i].Key)
	}
	for removed := range versions {
		c.segments[removed] = true
	}
	// A segment that uses a changed segment counts as changed too.
	for spread := len(c.segments) > 0; spread; {
		spread = false
		for i := range after {
			if c.segments[after[i].Key] {
				continue
			}
			for _, rule := range after[i].Rules {
				if c.clausesUseSegment(rule.Clauses) {
					c.segments[after[i].Key], spread = true, true
				}
			}
		}
	}
}

func (c *changes) usesSegment(rules []evaluator.Rule) bool {
	return len(c.segments) > 0 && slices.ContainsFunc(rules, func(r evaluator.Rule) bool { return c.clausesUseSegment(r.Clauses) })
}

func (c *changes) clausesUseSegment(clauses []evaluator.Clause) bool {
	for i := range clauses {
		clause := &clauses[i]
		if c.clausesUseSegment(clause.Any) || c.clausesUseSegment(clause.All) {
			return true
		}
		if clause.Operator != evaluator.OpInSegment {
			continue
		}
		for _, value := range clause.Values {
			// The values are keys as JSON strings. Keys need no escaping.
			if len(value) > 2 && c.segments[string(value[1:len(value)-1])] {
				return true
			}
		}
	}
	return false
}

func (c *changes) spreadToDependants(s *evaluator.Snapshot) {
	for spread := len(c.flags) > 0; spread; {
		spread = false
		for flag := range s.Flags() {
			if !c.flags[flag.Key] && slices.ContainsFunc(flag.Config.Prerequisites, func(p evaluator.Prerequisite) bool { return c.flags[p.Flag] }) {
				c.flags[flag.Key], spread = true, true
			}
		}
	}
}
