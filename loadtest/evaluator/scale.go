package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
)

// point is the cost of one evaluation at one size.
type point struct {
	size        int
	nanoseconds float64
}

// series is a line of the plot.
type series struct {
	name   string
	points []point
}

// runScale prints how the costs grow, and draws them if plot names a file.
func runScale(plot string) error {
	oneFlag := series{name: "one flag of n, again and again"}
	anyFlag := series{name: "a random flag of n (3 rules, a rollout)"}
	for _, n := range []int{10, 100, 1_000, 10_000, 100_000} {
		one, other, err := flagCosts(n)
		if err != nil {
			return err
		}
		oneFlag.points = append(oneFlag.points, point{n, one})
		anyFlag.points = append(anyFlag.points, point{n, other})
	}
	oneKey := series{name: "one key of a segment with n, again and again"}
	anyKey := series{name: "a random key of a segment with n"}
	for _, n := range []int{10, 100, 1_000, 10_000, 100_000, 1_000_000} {
		one, other, err := segmentCosts(n)
		if err != nil {
			return err
		}
		oneKey.points = append(oneKey.points, point{n, one})
		anyKey.points = append(anyKey.points, point{n, other})
	}
	all := []series{oneFlag, anyFlag, oneKey, anyKey}
	for _, s := range all {
		fmt.Printf("%s:", s.name)
		for _, p := range s.points {
			fmt.Printf(" %d: %.0f ns;", p.size, p.nanoseconds)
		}
		fmt.Println()
	}
	if err := printCompileCosts(10_000); err != nil {
		return err
	}
	if err := printBulkCosts(100); err != nil {
		return err
	}
	if plot == "" {
		return nil
	}
	return os.WriteFile(plot, []byte(draw(all)), 0o644)
}

// probes is how many different flags or keys a measurement uses in turn. The list of these stays in the processor's
// caches.
const probes = 4096

// flagCosts returns the cost of evaluating the same flag of n, and a random one.
func flagCosts(n int) (one, other float64, err error) {
	def, err := scaleDefinition(n)
	if err != nil {
		return 0, 0, err
	}
	snapshot, err := compiled(def)
	if err != nil {
		return 0, 0, err
	}
	context := evaluator.MapContext(userAttributes())
	keys := make([]string, probes)
	for i := range keys {
		keys[i] = def.Flags[rand.IntN(n)].Key
	}
	one = perEvaluation(func(int) { snapshot.Evaluate(keys[0], &context) })
	other = perEvaluation(func(i int) { snapshot.Evaluate(keys[i%probes], &context) })
	return one, other, nil
}

// segmentCosts returns the cost of evaluating a flag for the same key of a segment of n, and for a random one.
func segmentCosts(n int) (one, other float64, err error) {
	segment := evaluator.Segment{Key: "segment", Version: 1, Included: make([]string, n)}
	for i := range segment.Included {
		segment.Included[i] = fmt.Sprintf("user-%d", i*7)
	}
	f := booleanFlag("flag")
	err = json.Unmarshal([]byte(`{"enabled": true, "rules": [{"id": "r", "clauses": [{"operator": "inSegment", "values": ["segment"]}],
		"serve": {"variation": "on"}}], "fallthrough": {"variation": "off"}}`), &f.Config)
	if err != nil {
		return 0, 0, fmt.Errorf("decode flag: %w", err)
	}
	snapshot, err := compiled(evaluator.Definition{
		FormatVersion: evaluator.FormatVersion, Flags: []evaluator.Flag{f}, Segments: []evaluator.Segment{segment},
	})
	if err != nil {
		return 0, 0, err
	}
	contexts := make([]evaluator.Context, probes)
	for i := range contexts {
		contexts[i] = evaluator.MapContext(map[string]any{"targetingKey": segment.Included[rand.IntN(n)]})
	}
	one = perEvaluation(func(int) { snapshot.Evaluate("flag", &contexts[0]) })
	other = perEvaluation(func(i int) { snapshot.Evaluate("flag", &contexts[i%probes]) })
	return one, other, nil
}

// perEvaluation returns the median of some rounds of evaluate, in nanoseconds.
func perEvaluation(evaluate func(i int)) float64 {
	const rounds, evaluations = 15, 100_000
	samples := make([]float64, rounds)
	for r := range samples {
		took := processorTime(func() {
			for i := range evaluations {
				evaluate(i)
			}
		})
		samples[r] = float64(took) / evaluations
	}
	return median(samples)
}

// printCompileCosts prints what compiling n flags takes, what they occupy, and what a change of one of them takes.
func printCompileCosts(n int) error {
	def, err := scaleDefinition(n)
	if err != nil {
		return err
	}
	before := heap()
	start := time.Now()
	snapshot, err := compiled(def)
	if err != nil {
		return err
	}
	took := time.Since(start)
	occupied := heap() - before
	fmt.Printf("compiling %d flags: %v; %d bytes a flag besides its definition\n", n, took.Round(time.Millisecond), occupied/uint64(n))

	changed := def.Flags[n/2]
	const changes = 200
	start = time.Now()
	for i := range int64(changes) {
		changed.Version = i + 1
		snapshot, _, err = snapshot.Apply(evaluator.Patch{
			FormatVersion: evaluator.FormatVersion, From: i, Revision: i + 1, Flags: []evaluator.Flag{changed},
		})
		if err != nil {
			return fmt.Errorf("apply patch: %w", err)
		}
	}
	fmt.Printf("changing one of them: %v\n", (time.Since(start) / changes).Round(time.Microsecond))
	runtime.KeepAlive(def)
	return nil
}

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// printBulkCosts compares evaluating all of n flags with evaluating each.
func printBulkCosts(n int) error {
	def, err := scaleDefinition(n)
	if err != nil {
		return err
	}
	snapshot, err := compiled(def)
	if err != nil {
		return err
	}
	context := evaluator.MapContext(userAttributes())
	single := perEvaluation(func(i int) { snapshot.Evaluate(def.Flags[i%n].Key, &context) }) * float64(n)
	served := 0
	const rounds = 1000
	bulk := processorTime(func() {
		for range rounds {
			snapshot.EvaluateAll(&context, func(_ string, _ bool, r evaluator.Result) bool {
				if !r.Value.IsNone() {
					served++
				}
				return true
			})
		}
	})
	fmt.Printf("all of %d flags: %.1f µs; one by one: %.1f µs\n", n, float64(bulk.Nanoseconds())/rounds/1000, single/1000)
	return nil
}

// scaleDefinition returns n flags with three rules and a rollout.
func scaleDefinition(n int) (evaluator.Definition, error) {
	def := evaluator.Definition{FormatVersion: evaluator.FormatVersion, Flags: make([]evaluator.Flag, n)}
	for i := range def.Flags {
		f := booleanFlag(fmt.Sprintf("flag-%d", i))
		if err := json.Unmarshal([]byte(rolloutConfig), &f.Config); err != nil {
			return def, fmt.Errorf("decode flag: %w", err)
		}
		def.Flags[i] = f
	}
	return def, nil
}

func compiled(def evaluator.Definition) (*evaluator.Snapshot, error) {
	snapshot, problems, err := evaluator.Compile(def)
	if err != nil {
		return nil, fmt.Errorf("compile: %w", err)
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("compile: %w", problems[0])
	}
	return snapshot, nil
}
