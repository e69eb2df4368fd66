package release_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
)

// world is everything around a release. It applies decisions as the store would.
type world struct {
	release     release.Release
	flag        evaluator.Flag
	version     int64
	deployments []release.Deployment
	fleet       release.Fleet
	upstream    *release.Release
	freezes     []release.Freeze
	killed      *release.Kill
	exposures   *int64
	segments    []evaluator.Segment
	now         time.Time
	ledger      *release.Ledger // nil: nothing is measured
}

func newFlag() evaluator.Flag {
	off := "off"
	return evaluator.Flag{
		Key: "new-checkout", Type: evaluator.TypeString,
		Variations: []evaluator.Variation{
			{Key: "on", Value: json.RawMessage(`"on"`)},
			{Key: "off", Value: json.RawMessage(`"off"`)},
			{Key: "other", Value: json.RawMessage(`"other"`)},
		},
		Config: evaluator.FlagConfig{OffVariation: &off, Fallthrough: evaluator.Serve{Variation: "on"}},
	}
}

// waitsFor is a release of three steps, with holds of 10 and 30 minutes, that waits for checkout >=2.3.0.
func waitsFor() release.Spec {
	return release.Spec{
		Variation: "on",
		Trigger:   release.Trigger{Deployment: &release.DeploymentTrigger{Service: "checkout", Version: ">=2.3.0"}},
		Steps: []release.Step{
			{Weight: 1_000, Hold: release.Duration(10 * time.Minute)},
			{Weight: 25_000, Hold: release.Duration(30 * time.Minute)},
			{Weight: 100_000},
		},
	}
}

func newWorld(spec release.Spec) *world {
	return &world{
		release: release.New("r1", "new-checkout", spec, release.Observation{}, noon),
		flag:    newFlag(), version: 7, now: noon,
	}
}

func (w *world) seen() release.Observation {
	seen := release.Observation{
		Flag: w.flag, ConfigVersion: w.version, Deployments: w.deployments, Fleet: w.fleet, Upstream: w.upstream,
		Freezes: w.freezes, Killed: w.killed, Exposures: w.exposures,
	}
	if w.ledger != nil {
		standing := w.ledger.Standing(w.release.State.Step)
		seen.Readings, seen.Exposures = standing.Readings, standing.Exposures
	}
	return seen
}

func (w *world) apply(d release.Decision) bool {
	if d.None() {
		return false
	}
	w.release.Version++
	w.release.State = *d.State
	if d.Config != nil {
		w.flag.Config = *d.Config
		w.version++
		w.release.State.ConfigVersion = w.version
	}
	return true
}

// settle applies Next until it decides nothing more at this moment, and tells how often it decided something.
func (w *world) settle() (decisions int) {
	for w.apply(release.Next(w.release, w.seen(), w.now)) {
		if decisions++; decisions > 10 {
			panic(fmt.Sprintf("Next does not come to rest: %+v", w.release.State))
		}
	}
	return decisions
}

func (w *world) wait(d time.Duration) {
	w.now = w.now.Add(d)
	w.settle()
}

type verb func(release.Release, release.Observation, time.Time, string) (release.Decision, error)

func (w *world) do(v verb) error {
	decision, err := v(w.release, w.seen(), w.now, "")
	if err == nil {
		w.apply(decision)
	}
	return err
}

// deploy reports a new deployment that reaches the status now, one second after everything before.
func (w *world) deploy(version string, status release.Status) {
	w.now = w.now.Add(time.Second)
	now := w.now
	id := fmt.Sprintf("d%03d", len(w.deployments)+1)
	w.deployments = append([]release.Deployment{{
		ID: id, Service: "checkout", Version: version, Status: status, Source: "ci", ExternalID: id,
		StartedAt: now, FinishedAt: &now, UpdatedAt: now,
	}}, w.deployments...)
}

// turn changes the status of the newest deployment.
func (w *world) turn(status release.Status) {
	w.now = w.now.Add(time.Second)
	report := w.deployments[0]
	report.Status, report.UpdatedAt = status, w.now
	w.deployments[0], _ = release.Merge(w.deployments[0], report)
}

// edit changes the configuration as a person does.
func (w *world) edit(change func(*evaluator.FlagConfig)) {
	change(&w.flag.Config)
	w.version++
}

// evaluation compiles the flag and gives what it serves to a targeting key.
func (w *world) evaluation() func(targetingKey string) string {
	snapshot, problems, err := evaluator.Compile(evaluator.Definition{
		FormatVersion: evaluator.FormatVersion, Flags: []evaluator.Flag{w.flag}, Segments: w.segments,
	})
	if err != nil || len(problems) > 0 {
		panic(fmt.Sprint(err, problems))
	}
	return func(targetingKey string) string {
		c := evaluator.NewContext(targetingKey)
		return snapshot.Evaluate(w.flag.Key, &c).Variation
	}
}
