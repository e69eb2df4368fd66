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
		case a.Kind == "segment" && a.Verb == verbReplace:
			p.line("  replace segment %s, in every environment of the project", a.Key)
		default:
			p.line("  %s %s %s", a.Verb, a.Kind, a.Key)
		}
	}
	if len(plan.Losses) == 0 {
		p.line("Nothing is lost.")
	} else {
		p.line("What is lost or different (%d), by its place in the file:", len(plan.Losses))
	}
	for _, l := range plan.Losses {
		path := l.Path
		if path == "" {
			path = "/"
		}
		p.line("  %s: %s", path, l.Message)
	}
	p.shifts(plan)
	return p.err
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

// shifts tells how many users change their variation.
func (p *printer) shifts(plan *Plan) {
	said := false
	for i := range plan.Flags {
		f := &plan.Flags[i]
		share, pointer := f.Shift()
		if share == 0 {
			continue
		}
		if !said {
			p.line("The shares of splits stay, but users are bucketed anew. Expected to get another variation, of those who are split:")
			said = true
		}
		p.line("  %s, %s: %.1f %%", f.Key, pointer, 100*share)
	}
}
