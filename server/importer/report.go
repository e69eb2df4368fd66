package importer

import (
	"fmt"
	"io"
)

// Report writes what a plan holds, what becomes of each part, and every loss. Actions may be nil.
func Report(w io.Writer, plan *Plan, actions []Action) error {
	p := printer{w: w}
	p.line("%d flags and %d segments.", len(plan.Flags), len(plan.Segments))
	for _, a := range actions {
		switch {
		case a.Problem != "":
			p.line("  %s %s is left as it is: %s", a.Kind, a.Key, a.Problem)
		case a.Verb == verbKeep:
			p.line("  keep %s %s, which is the same already", a.Kind, a.Key)
		case a.Kind == "segment" && a.Verb == verbReplace:
			p.line("  replace segment %s, in every environment of the project", a.Key)
		default:
			p.line("  %s %s %s", a.Verb, a.Kind, a.Key)
		}
	}
	p.line("%s", plan.Summary())
	for _, l := range plan.Losses {
		p.line("  %s: %s", l.pointer(), l.Message)
	}
	if shifts := plan.shifts(); len(shifts) > 0 {
		p.line(
			"The shares of splits stay, but users are bucketed anew. Expected to get another variation, of those who are split:",
		)
		for _, s := range shifts {
			p.line("  %s, %s: %.1f %%", s.Flag, s.Pointer, 100*s.Share)
		}
	}
	return p.err
}

// Summary says in a line what is lost. Nothing is lost if all that the file holds is understood and kept. Every format
// lists what it understands, and everything else in a file makes a loss.
func (p *Plan) Summary() string {
	counts := map[Effect]int{}
	for _, l := range p.Losses {
		counts[l.Effect]++
	}
	rebucketed := len(p.shifts()) > 0
	switch {
	case len(p.Losses) == 0 && rebucketed:
		return "Nothing is lost, but who is in which part of a split."
	case len(p.Losses) == 0:
		return "Nothing is lost."
	case counts[EffectDropped] == len(p.Losses):
		return fmt.Sprintf("The flags serve the same. What is not kept (%d), by its place in the file:", len(p.Losses))
	}
	return fmt.Sprintf("What is lost or different (%d), by its place in the file:", len(p.Losses))
}

func (l *Loss) pointer() string {
	if l.Path == "" {
		return "/"
	}
	return l.Path
}

type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

// shift is how many users of a flag change their variation.
type shift struct {
	Flag    string  `json:"flag"`
	Pointer string  `json:"pointer"`
	Share   float64 `json:"share"`
}

func (p *Plan) shifts() (list []shift) {
	for i := range p.Flags {
		if share, pointer := p.Flags[i].Shift(); share != 0 {
			list = append(list, shift{Flag: p.Flags[i].Key, Pointer: pointer, Share: share})
		}
	}
	return list
}
