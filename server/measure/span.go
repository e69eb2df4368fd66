package measure

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"slices"
	"time"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/release/stats"
	"github.com/tidegate-io/tidegate/store"
)

const (
	// A span lasts youngSpan while the step is young, so that a harmful release is caught soon. Later a span lasts
	// oldSpan, so that little is stored.
	youngSpan, oldSpan = 10 * time.Second, time.Minute
	youth              = 10 * time.Minute
	// A span may also end early, so that harm is found sooner. It must have lasted promptSpan, and promptShift more
	// for each other span that is open. This bounds how much is stored. For each unit that the step ever had, it must
	// also hold at least promptSample, and at least one promptPart-th of what came before. So the number of spans
	// grows with the logarithm of what is measured. The smaller batches cost a test one part in promptSample of its
	// power. None of this depends on an outcome: see stats.
	promptSpan, promptShift  = 250 * time.Millisecond, 10 * time.Millisecond
	promptSample, promptPart = 100, 200
	// maxTallies bounds the tallies of a span. Events beyond it are counted without variation and version.
	maxTallies = 500
	// seenBits is the greatest number of contexts that can be told apart. If two contexts share a bit, the second is
	// not counted.
	seenBits = 1 << 17
)

// spanKey names the span that is open for a step of a release. It includes the share, because a release may be known
// to have taken a step a moment before the configuration of that step has come.
type spanKey struct {
	store.EnvironmentRef
	release     string
	step, share int
}

// span is what was seen of a step in one span of time.
type span struct {
	key         spanKey
	from, until time.Time
	tallies     map[tallyKey]*release.Tally
	assigned    release.Assignment
	exposures   int64
	// units are the counts of each unit of the release, for instance attempts, in the arms that are compared.
	units []int64
}

type tallyKey struct {
	metric             string
	arm                release.Arm
	variation, version string
}

func newSpan(key spanKey, o *watched, now time.Time) *span {
	width := oldSpan
	if now.Sub(o.stepAt) < youth {
		width = youngSpan
	}
	// The span ends at a round time, so that the spans of all replicas end together. Its beginning names it.
	return &span{
		key: key, from: now.Truncate(time.Microsecond), until: now.Truncate(width).Add(width),
		tallies: make(map[tallyKey]*release.Tally), assigned: release.Assignment{Share: o.share},
		units: make([]int64, len(o.units)),
	}
}

// over tells whether the span has ended.
func (s *span) over(now time.Time) bool { return !now.Before(s.until) || now.Before(s.from) }

// worthALook tells whether the span may end early. Open is how many other spans are open, before is how many of each
// unit the step had.
func (s *span) worthALook(now time.Time, open int, before []int64) bool {
	if now.Sub(s.from) < promptSpan+time.Duration(open)*promptShift {
		return false
	}
	counted := false
	for i, count := range s.units {
		if count == 0 && before[i] == 0 {
			continue
		}
		counted = true
		if count < max(promptSample, before[i]/promptPart) {
			return false
		}
	}
	return counted
}

// add counts an event.
func (s *span) add(o *watched, arm release.Arm, variation, version string, e TrackingEvent) {
	key := tallyKey{metric: e.Name, arm: arm, variation: variation, version: version}
	tally := s.tallies[key]
	if tally == nil {
		if len(s.tallies) >= maxTallies {
			key.variation, key.version = "", ""
		}
		tally = s.tallies[key]
	}
	if tally == nil {
		tally = &release.Tally{Metric: key.metric, Arm: key.arm, Variation: key.variation, Version: key.version}
		s.tallies[key] = tally
	}
	tally.Count++
	tally.Sum += e.Value
	tally.Squares += e.Value * e.Value
	if o.histograms[e.Name] {
		if tally.Histogram == nil {
			tally.Histogram = stats.Histogram{}
		}
		tally.Histogram.Count(e.Value)
	}
}

// measurement is what is stored of the span.
func (s *span) measurement(observer string) store.Measurement {
	m := store.Measurement{
		EnvironmentRef: s.key.EnvironmentRef, Release: s.key.release,
		Measurement: release.Measurement{Observer: observer, From: s.from, Step: s.key.step},
	}
	for _, tally := range s.tallies {
		m.Tallies = append(m.Tallies, *tally)
	}
	slices.SortFunc(m.Tallies, func(a, b release.Tally) int {
		return cmp.Or(
			cmp.Compare(a.Metric, b.Metric),
			cmp.Compare(a.Arm, b.Arm),
			cmp.Compare(a.Variation, b.Variation),
			cmp.Compare(a.Version, b.Version),
		)
	})
	if s.assigned.Exposed+s.assigned.Unexposed > 0 {
		m.Assigned = []release.Assignment{s.assigned}
	}
	m.Exposures = s.exposures
	return m
}

// seen remembers what was counted in a step. It has one bit for each context. It also has the number of each unit in
// the spans that have ended. The bits depend on a seed that only this process knows. They never leave the process.
type seen struct {
	bits  [seenBits / 64]uint64
	units []int64
}

// first tells whether a context is seen for the first time, and marks it as seen.
func (s *seen) first(seed maphash.Seed, key string) bool {
	bit := maphash.String(seed, key) % seenBits
	mask := uint64(1) << (bit % 64)
	if s.bits[bit/64]&mask != 0 {
		return false
	}
	s.bits[bit/64] |= mask
	return true
}

// bucketKey is the attribute by which a context is put into a bucket, as text.
func bucketKey(attributes map[string]any, by string) string { return fmt.Sprint(attributes[by]) }
