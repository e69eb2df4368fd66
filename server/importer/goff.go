package importer

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// The parts of a flag file of GO Feature Flag.
type (
	goffFlag struct {
		Variations   map[string]any  `json:"variations"`
		Targeting    []goffRule      `json:"targeting"`
		Default      goffRule        `json:"defaultRule"`
		BucketingKey string          `json:"bucketingKey"`
		Disable      bool            `json:"disable"`
		Experiment   *goffExperiment `json:"experimentation"`
		Scheduled    []goffStep      `json:"scheduledRollout"`
		Metadata     map[string]any  `json:"metadata"`
		Version      ignored         `json:"version"`
		TrackEvents  ignored         `json:"trackEvents"`
	}
	goffRule struct {
		Name        string             `json:"name"`
		Query       string             `json:"query"`
		Variation   string             `json:"variation"`
		Percentage  map[string]float64 `json:"percentage"`
		Progressive *goffProgressive   `json:"progressiveRollout"`
		Disable     bool               `json:"disable"`
	}
)

// goFeatureFlag reads a flag file: flags by key.
func (r *reader) goFeatureFlag() error {
	file, ok := r.document.(map[string]any)
	if !ok || len(file) == 0 {
		return fmt.Errorf("%w: it is no object of flags", ErrFormat)
	}
	for _, key := range sortedKeys(file) {
		path := at("", key)
		def, err := into[goffFlag](r, file[key], path)
		if err != nil {
			return err
		}
		if def.Variations == nil {
			return fmt.Errorf("%w: %s has no variations", ErrFormat, path)
		}
		r.goffFlag(key, &def, path)
	}
	return nil
}

func (r *reader) goffFlag(key string, def *goffFlag, path string) {
	r.about = key
	defer func() { r.about = "" }()
	f := Flag{Key: key}
	if !f.vary(def.Variations) {
		r.leaveOutFlag(key, at(path, "variations"), "its variations must all be booleans, texts, numbers or objects")
		return
	}
	f.Description, _ = def.Metadata["description"].(string)
	if len(def.Metadata) > 1 || len(def.Metadata) == 1 && f.Description == "" {
		r.drop(at(path, "metadata"), "metadata other than a description is not kept")
	}
	f.Config.Enabled = !def.Disable
	if !r.goffDates(&f, def, path) {
		return
	}
	x := goffReader{reader: r, flag: &f, bucketBy: def.BucketingKey}
	otherwise, ok := x.split(&def.Default, at(path, "defaultRule"))
	if !ok {
		r.leaveOutFlag(key, at(path, "defaultRule"), "nothing says what it serves by default")
		return
	}
	steps := []step{x.hasBucketingKey()}
	for i := range def.Targeting {
		if s, ok := x.rule(&def.Targeting[i], i, at(path, "targeting", i)); ok {
			steps = append(steps, s)
		}
	}
	if x.refused != "" {
		r.leaveOutFlag(key, path, "one of its queries cannot be read: see %s", x.refused)
		return
	}
	if unknown := x.unknownVariation(append(steps, step{split: otherwise})); unknown != "" {
		r.leaveOutFlag(key, path, "it has no variation %q", unknown)
		return
	}
	if len(steps) == 1 && def.BucketingKey == "" {
		// Whoever cannot be bucketed gets the off variation, which is the code default, as in GO Feature Flag.
		f.Config.Fallthrough = evaluator.Serve{Rollout: otherwise.rollout("")}
		f.Rebucketed = otherwise.fixed() == ""
	} else {
		steps = append(steps, step{when: always, split: otherwise})
		f.decide(steps, "", nil, func(*step) bool { return false })
	}
	r.addFlag(path, f)
}

// goffReader reads one flag.
type goffReader struct {
	*reader
	flag     *Flag
	bucketBy string
	// refused is the place of a query that GO Feature Flag refuses. GO Feature Flag then refuses the whole flag.
	refused string
}

// hasBucketingKey keeps out the contexts that cannot be bucketed: they get the code default, whatever is asked.
func (x *goffReader) hasBucketingKey() step {
	key := logic.Var(evaluator.AttributeTargetingKey)
	if x.bucketBy != "" {
		key, _ = flatVar(x.bucketBy)
	}
	known := logic.All(logic.IsString(key), logic.Apply("!==", key, ""))
	return step{when: condition{met: false, unmet: known, unsure: true}}
}

func (x *goffReader) unknownVariation(steps []step) string {
	for _, s := range steps {
		for _, part := range s.split.shares {
			if !slices.ContainsFunc(
				x.flag.Variations,
				func(v evaluator.Variation) bool { return v.Key == part.variation },
			) {
				return part.variation
			}
		}
	}
	return ""
}

// rule makes a step of a rule. If the rule's query cannot be said, nobody meets the step, and everybody who comes to
// it gets the code default. The reason is that the rule may have kept somebody out of what the rules after it serve.
func (x *goffReader) rule(def *goffRule, index int, path string) (step, bool) {
	if def.Disable {
		x.drop(path, "the rule is disabled and left out")
		return step{}, false
	}
	s := step{id: "rule-" + strconv.Itoa(index+1), description: def.Name}
	split, ok := x.split(def, path)
	if !ok {
		x.leaveOut(path, "the rule serves nothing; whoever comes to it gets the code default")
		s.when = unknowable
		return s, true
	}
	s.split = split
	var err error
	s.when, err = goffCondition(def.Query)
	switch {
	case errors.Is(err, errGoffRefuses):
		x.refused = at(path, "query")
		x.lose(x.refused, "the query cannot be read: %v", err)
	case err != nil:
		x.leaveOut(
			at(path, "query"),
			"the query cannot be said here, so whoever comes to the rule gets the code default: %v",
			err,
		)
		s.when = unknowable
	}
	return s, true
}

// goffCondition is what a query asks for, in whichever of the two languages it is.
func goffCondition(text string) (condition, error) {
	var object map[string]any
	if json.Unmarshal([]byte(joinedLines(text)), &object) == nil {
		return unknowable, errors.New("the JSONLogic of GO Feature Flag is not flagd's, and means other things")
	}
	query, err := parseQuery(text)
	if err != nil {
		return unknowable, err
	}
	return query.condition()
}

// split is what a rule serves.
func (x *goffReader) split(def *goffRule, path string) (portions, bool) {
	switch {
	case def.Progressive != nil:
		return x.progress(def.Progressive, at(path, "progressiveRollout"))
	case len(def.Percentage) > 0:
		names := sortedKeys(def.Percentage)
		shares := make([]float64, len(names))
		for i, name := range names {
			if shares[i] = def.Percentage[name]; shares[i] < 0 {
				return portions{}, false
			}
		}
		split := x.portions(names, shares)
		return split, len(split.shares) > 0
	default:
		return everybody(def.Variation), def.Variation != ""
	}
}

// portions are shares of whatever sum.
func (x *goffReader) portions(names []string, shares []float64) portions {
	by, _ := flatPath(cmp.Or(x.bucketBy, evaluator.AttributeTargetingKey))
	split := portions{by: by}
	for _, w := range percentages(names, shares) {
		if w.Weight > 0 {
			split.shares = append(split.shares, share{w.Variation, w.Weight})
		}
	}
	return split
}
