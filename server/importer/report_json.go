package importer

import (
	"encoding/json"
	"io"
)

// The report for programs.
type (
	jsonReport struct {
		// NothingLost: whatever the file holds is understood and kept.
		NothingLost bool         `json:"nothingLost"`
		Summary     string       `json:"summary"`
		Flags       []jsonPart   `json:"flags"`
		Segments    []jsonPart   `json:"segments"`
		Losses      []jsonLoss   `json:"losses"`
		Rebucketed  []shift      `json:"rebucketed"`
		Actions     []jsonAction `json:"actions,omitempty"`
	}
	jsonPart struct {
		Key  string `json:"key"`
		Path string `json:"path"`
	}
	jsonLoss struct {
		Path string `json:"path"`
		// Flag or Segment is what the place belongs to, if that is imported.
		Flag    string `json:"flag,omitempty"`
		Segment string `json:"segment,omitempty"`
		Effect  Effect `json:"effect"`
		Message string `json:"message"`
	}
	jsonAction struct {
		Kind    string `json:"kind"`
		Key     string `json:"key"`
		Verb    string `json:"verb"`
		Problem string `json:"problem,omitempty"`
	}
)

// ReportJSON writes what Report writes, as one JSON object. Actions may be nil.
func ReportJSON(w io.Writer, plan *Plan, actions []Action) error {
	report := jsonReport{
		NothingLost: len(plan.Losses) == 0, Summary: plan.Summary(),
		Flags: []jsonPart{}, Segments: []jsonPart{}, Losses: []jsonLoss{}, Rebucketed: orEmpty(plan.shifts()),
	}
	for i := range plan.Flags {
		report.Flags = append(report.Flags, jsonPart{Key: plan.Flags[i].Key, Path: plan.Flags[i].path})
	}
	for i := range plan.Segments {
		report.Segments = append(report.Segments, jsonPart{Key: plan.Segments[i].Key, Path: plan.Segments[i].path})
	}
	for _, l := range plan.Losses {
		report.Losses = append(report.Losses, plan.jsonLoss(l))
	}
	for _, a := range actions {
		report.Actions = append(report.Actions, jsonAction(a))
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(report)
}

func (p *Plan) jsonLoss(l Loss) jsonLoss {
	loss := jsonLoss{Path: l.Path, Flag: l.Flag, Effect: l.Effect, Message: l.Message}
	for i := range p.Segments {
		if below(l.Path, p.Segments[i].path) {
			loss.Segment = p.Segments[i].Key
		}
	}
	return loss
}
