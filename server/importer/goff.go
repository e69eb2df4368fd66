package importer

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/tidegate-io/tidegate/evaluator"
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
	for i := range def.Targeting {
		r.goffRule(&f, &def.Targeting[i], def.BucketingKey, at(path, "targeting", i))
	}
	var ok bool
	if f.Config.Fallthrough, ok = r.goffServe(&f, &def.Default, def.BucketingKey, at(path, "defaultRule")); !ok {
		r.leaveOutFlag(key, at(path, "defaultRule"), "nothing says what it serves by default")
		return
	}
	r.addFlag(path, f)
}

func (r *reader) goffRule(f *Flag, def *goffRule, bucketBy, path string) {
	if def.Disable {
		r.lose(path, "the rule is disabled and left out")
		return
	}
	clauses, err := parseQuery(def.Query)
	if err != nil {
		r.lose(at(path, "query"), "the rule is left out, and the rules after it decide: %v", err)
		return
	}
	serve, ok := r.goffServe(f, def, bucketBy, path)
	if !ok {
		r.lose(path, "the rule is left out: it serves nothing")
		return
	}
	id := keyOf(def.Name)
	taken := slices.ContainsFunc(f.Config.Rules, func(rule evaluator.Rule) bool { return rule.ID == id })
	if id == "" || taken {
		id = "rule-" + strconv.Itoa(len(f.Config.Rules)+1)
	}
	f.Config.Rules = append(f.Config.Rules, evaluator.Rule{ID: id, Description: def.Name, Clauses: clauses, Serve: serve})
}

func (r *reader) goffServe(f *Flag, def *goffRule, bucketBy, path string) (evaluator.Serve, bool) {
	switch {
	case def.Progressive != nil:
		return r.goffProgress(f, def.Progressive, bucketBy, at(path, "progressiveRollout"))
	case len(def.Percentage) > 0:
		names := sortedKeys(def.Percentage)
		shares := make([]float64, len(names))
		for i, name := range names {
			shares[i] = def.Percentage[name]
		}
		f.Rebucketed = true
		return split(percentages(names, shares), bucketBy, ""), true
	default:
		return evaluator.Serve{Variation: def.Variation}, def.Variation != ""
	}
}
