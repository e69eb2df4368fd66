package importer

import (
	"time"
)

// What GO Feature Flag does by the clock. Nothing here goes by it, so a flag is imported as it stands at the time of
// the import, and stays so.
type (
	goffProgressive struct {
		Initial goffEdge `json:"initial"`
		End     goffEdge `json:"end"`
	}
	// goffEdge is the beginning or the end of a progressive rollout. Percentage is the share of the variation at the end.
	goffEdge struct {
		Variation  string     `json:"variation"`
		Percentage float64    `json:"percentage"`
		Date       *time.Time `json:"date"`
	}
	goffExperiment struct {
		Start *time.Time `json:"start"`
		End   *time.Time `json:"end"`
	}
	goffStep struct {
		Date *time.Time `json:"date"`
		// What it changes is not read.
		Variations   ignored `json:"variations"`
		Targeting    ignored `json:"targeting"`
		Default      ignored `json:"defaultRule"`
		BucketingKey ignored `json:"bucketingKey"`
		Disable      ignored `json:"disable"`
		Experiment   ignored `json:"experimentation"`
		Scheduled    ignored `json:"scheduledRollout"`
		Metadata     ignored `json:"metadata"`
		Version      ignored `json:"version"`
		TrackEvents  ignored `json:"trackEvents"`
	}
)

// wholeShare is the end of a progressive rollout that names none, or an impossible one.
const wholeShare = 100

// valid reports whether the rollout names the variation and the date of its beginning and of its end, in this order of
// time.
func (p *goffProgressive) valid() bool {
	return p.Initial.Variation != "" && p.End.Variation != "" && p.Initial.Date != nil && p.End.Date != nil &&
		p.End.Date.After(*p.Initial.Date)
}

// share is the percentage of the variation at the end, at a time. It goes up in a straight line between the dates.
func (p *goffProgressive) share(now time.Time) float64 {
	begin, end := *p.Initial.Date, *p.End.Date
	last := p.End.Percentage
	if last <= 0 || last > wholeShare {
		last = wholeShare
	}
	switch {
	case now.Before(begin):
		return 0
	case !now.Before(end):
		return last
	}
	gone := float64(now.Sub(begin)) / float64(end.Sub(begin))
	return p.Initial.Percentage + gone*(last-p.Initial.Percentage)
}

// progress is what a progressive rollout serves now.
func (x *goffReader) progress(p *goffProgressive, path string) (portions, bool) {
	if !p.valid() {
		return portions{}, false
	}
	share := p.share(x.now)
	x.lose(
		path,
		"the flag does not progress by the clock here: %q stays at the %.1f %% that it has now; prepare a release for the rest",
		p.End.Variation,
		share,
	)
	if p.Initial.Variation == p.End.Variation {
		return everybody(p.End.Variation), true
	}
	return x.portions([]string{p.Initial.Variation, p.End.Variation}, []float64{wholeShare - share, share}), true
}

// goffDates reports what the clock would do to a flag. It returns false for a flag that past steps have changed
// already.
func (r *reader) goffDates(f *Flag, def *goffFlag, path string) bool {
	if x := def.Experiment; x != nil {
		over := x.Start != nil && r.now.Before(*x.Start) || x.End != nil && r.now.After(*x.End)
		if over {
			f.Config.Enabled = false
			r.lose(
				at(path, "experimentation"),
				"the experiment does not run now: the flag is imported as off, and dates do not turn it on here",
			)
		} else {
			r.lose(
				at(path, "experimentation"),
				"the experiment runs now and does not end by its date here: turn the flag off then",
			)
		}
	}
	for i, step := range def.Scheduled {
		if step.Date != nil && !step.Date.After(r.now) {
			r.leaveOutFlag(f.Key, at(path, "scheduledRollout", i),
				"this step is in force already; write what it changes into the flag itself")
			return false
		}
	}
	if len(def.Scheduled) > 0 {
		r.lose(at(path, "scheduledRollout"), "what the flag would become later is not kept; prepare a release instead")
	}
	return true
}
