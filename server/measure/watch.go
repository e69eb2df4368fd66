package measure

import (
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// watchMemory is how long a watch is believed while the environment's revision has not moved. It is believed about
// which instances are shadows and about the step of each release.
const watchMemory = 15 * time.Second

// watch is what is measured in one environment at one revision. Everything in it but shadows is immutable.
type watch struct {
	snapshot *evaluator.Snapshot
	at       time.Time
	releases []watched
	// byMetric gives, for each event, the indexes of the releases that ask for it.
	byMetric map[string][]int

	ref   store.EnvironmentRef
	store Store
	reads singleflight.Group // of deployments, by service and version

	mu      sync.Mutex
	shadows map[Source]bool
}

// watched is a release whose measurements count.
type watched struct {
	id, flag, variation string
	rule                string // that is released; "" is the fallthrough
	step                int
	stepAt              time.Time
	// share is how many of 100 000 buckets get the variation. bucketBy is the attribute by which contexts are put
	// into buckets.
	share    int
	bucketBy string
	// histograms are the metrics of which a quantile is asked for. units are the metrics of which contexts are
	// counted, numbered from 0.
	histograms map[string]bool
	units      map[string]int
}

// newWatch reads what is to be measured.
func newWatch(
	ctx context.Context,
	s Store,
	ref store.EnvironmentRef,
	snapshot *evaluator.Snapshot,
	now time.Time,
) (*watch, error) {
	w := &watch{
		snapshot: snapshot,
		at:       now,
		ref:      ref,
		store:    s,
		byMetric: make(map[string][]int),
		shadows:  make(map[Source]bool),
	}
	releases, err := s.ListReleases(ctx, ref)
	if err != nil {
		return nil, err
	}
	for _, r := range releases {
		flag, known := snapshot.Flag(r.Flag)
		if known && release.Guarded(r.Release) {
			w.add(r.Release, flag)
		}
	}
	if len(w.releases) == 0 {
		return w, nil
	}
	instances, err := s.ListInstances(ctx, ref, now.Add(-store.PresenceTTL))
	if err != nil {
		return nil, err
	}
	for _, i := range instances {
		if i.Shadow {
			w.shadows[Source{Service: i.Service, Version: i.Version, Instance: i.InstanceID}] = true
		}
	}
	return w, nil
}

func (w *watch) add(r release.Release, flag evaluator.Flag) {
	one := watched{
		id: r.ID, flag: r.Flag, variation: r.Spec.Variation, rule: r.Spec.Target.Rule, step: r.State.Step,
		bucketBy: evaluator.AttributeTargetingKey, histograms: make(map[string]bool), units: make(map[string]int),
	}
	if r.State.StepAt != nil {
		one.stepAt = *r.State.StepAt
	}
	if rollout := released(one.rule, flag.Config); rollout != nil {
		if rollout.BucketBy != "" {
			one.bucketBy = rollout.BucketBy
		}
		for _, part := range rollout.Weights {
			if part.Variation == one.variation {
				one.share += part.Weight
			}
		}
	}
	index := len(w.releases)
	for _, g := range r.Spec.Guards {
		if !g.Compares() {
			continue
		}
		one.histograms[g.Metric] = one.histograms[g.Metric] || g.Kind == release.GuardQuantile
		unit := g.Metric
		if g.Kind == release.GuardRate {
			unit = g.Per
		}
		if _, known := one.units[unit]; !known {
			one.units[unit] = len(one.units)
		}
		for _, metric := range []string{g.Metric, g.Per} {
			if metric != "" && !slices.Contains(w.byMetric[metric], index) {
				w.byMetric[metric] = append(w.byMetric[metric], index)
			}
		}
	}
	w.releases = append(w.releases, one)
}

// released is the rollout of the rule, or of the fallthrough; nil if there is no rollout.
func released(rule string, config evaluator.FlagConfig) *evaluator.Rollout {
	if rule == "" {
		return config.Fallthrough.Rollout
	}
	for _, r := range config.Rules {
		if r.ID == rule {
			return r.Serve.Rollout
		}
	}
	return nil
}

// current tells whether the watch may be used with the snapshot.
func (w *watch) current(snapshot *evaluator.Snapshot, now time.Time) bool {
	return w.snapshot == snapshot && now.Sub(w.at) < watchMemory && !now.Before(w.at)
}

// newer tells whether the watch is of a later revision than other.
func (w *watch) newer(other *watch) bool {
	return w.snapshot.Epoch() == other.snapshot.Epoch() && w.snapshot.Revision() > other.snapshot.Revision()
}

// shadow tells whether the source evaluates flags for traffic that nobody sees. Either the source says so itself, or
// its version was deployed as a shadow.
func (w *watch) shadow(ctx context.Context, from Source) (bool, error) {
	if from.Service == "" {
		return false, nil
	}
	version := Source{Service: from.Service, Version: from.Version}
	if is, known := w.knownShadow(from, version); known {
		return is, nil
	}
	// Callers for the same version wait for one read. Nobody else waits.
	is, err, _ := w.reads.Do(from.Service+"\x00"+from.Version, func() (any, error) {
		if is, known := w.knownShadow(from, version); known { // by a read that has just ended
			return is, nil
		}
		return w.findShadow(ctx, version)
	})
	if err != nil {
		return false, err
	}
	return is.(bool), nil
}

func (w *watch) knownShadow(from, version Source) (is, known bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.shadows[from] {
		return true, true
	}
	is, known = w.shadows[version]
	return is, known
}

// findShadow reads whether the version was deployed as a shadow, and remembers it.
func (w *watch) findShadow(ctx context.Context, version Source) (bool, error) {
	ctx, cancel := shared(ctx)
	defer cancel()
	stored, err := w.store.ListDeployments(ctx, w.ref, store.Recent(version.Service))
	if err != nil {
		return false, err
	}
	deployments := store.WithoutEnvironment(stored)
	is := release.Shadowed(version.Service, version.Version, deployments)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shadows[version] = is
	return is, nil
}

// arm tells on which side a context is, from the result that it was served.
func (o *watched) arm(result evaluator.Result) release.Arm {
	switch {
	case result.Reason != evaluator.ReasonSplit || result.RuleID != o.rule:
		return release.ArmOutside
	case result.Variation == o.variation:
		return release.ArmExposed
	default:
		return release.ArmUnexposed
	}
}
