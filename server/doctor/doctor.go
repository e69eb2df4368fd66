// Package doctor looks at what a server needs, before or while it runs, and says what to do where something is wrong.
// It changes nothing.
package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// Status is how a check came out.
type Status string

// With a Warn a server still runs. With a Fail it does not run, or not safely.
const (
	OK   Status = "ok"
	Warn Status = "warn"
	Fail Status = "fail"
)

// Finding is what one check has found.
type Finding struct {
	// Check names what was looked at, in a word or two.
	Check  string `json:"check"`
	Status Status `json:"status"`
	// Found says what was found, without secrets.
	Found string `json:"found"`
	// Do says what to do; it is empty where nothing is to be done.
	Do string `json:"do,omitempty"`
}

// Check looks at one thing, or at several that hang together.
type Check func(ctx context.Context) []Finding

// checkTimeout bounds each check.
const checkTimeout = 10 * time.Second

// Report is what all checks have found, in their order.
type Report struct {
	// Status is the worst of all findings.
	Status   Status    `json:"status"`
	Findings []Finding `json:"findings"`
}

// Run runs the checks one after the other.
func Run(ctx context.Context, checks ...Check) Report {
	report := Report{Status: OK, Findings: []Finding{}}
	for _, check := range checks {
		report.add(runOne(ctx, check)...)
	}
	return report
}

func runOne(ctx context.Context, check Check) []Finding {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	return check(ctx)
}

func (r *Report) add(findings ...Finding) {
	for _, f := range findings {
		r.Findings = append(r.Findings, f)
		if f.Status == Fail || (f.Status == Warn && r.Status == OK) {
			r.Status = f.Status
		}
	}
}

// Count gives the number of findings of a status.
func (r *Report) Count(status Status) int {
	count := 0
	for _, f := range r.Findings {
		if f.Status == status {
			count++
		}
	}
	return count
}

// WriteText writes the report for people.
func (r *Report) WriteText(w io.Writer) error {
	var out strings.Builder
	width := 0
	for _, f := range r.Findings {
		width = max(width, len(f.Check))
	}
	for _, f := range r.Findings {
		fmt.Fprintf(&out, "%-4s  %-*s  %s\n", f.Status, width, f.Check, f.Found)
		if f.Do != "" {
			fmt.Fprintf(&out, "      %-*s  > %s\n", width, "", f.Do)
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// WriteJSON writes the report for machines.
func (r *Report) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// Found is a finding with which all is well.
func Found(check, format string, args ...any) Finding {
	return Finding{Check: check, Status: OK, Found: oneLine(format, args...)}
}

// Warned is a finding that a server runs with; do says what to do.
func Warned(check, do, format string, args ...any) Finding {
	return Finding{Check: check, Status: Warn, Found: oneLine(format, args...), Do: do}
}

// Failed is a finding that a server does not run with; do says what to do.
func Failed(check, do, format string, args ...any) Finding {
	return Finding{Check: check, Status: Fail, Found: oneLine(format, args...), Do: do}
}

// oneLine joins the lines that the errors of some drivers have.
func oneLine(format string, args ...any) string {
	return strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ")
}
