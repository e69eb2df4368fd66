package release

import (
	"math"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tidegate-io/tidegate/evaluator"
)

// The limits of guards.
const (
	// MaxGuards is how many guards a release may have.
	MaxGuards = 20
	// MaxMetric is how long the name of an event, or of a guard, may be, in bytes.
	MaxMetric = 200
	// maxQuery is how long a query or an address may be, in bytes.
	maxQuery = 4000
	// maxTolerance is the greatest tolerance: a hundred times as much.
	maxTolerance = 99
	// maxFailures is how many bad checks in a row a guard may wait for.
	maxFailures = 100
)

// SampleRatio is the name of a guard that the server adds to every release with guards that compare. It watches the
// shares of the exposed and the unexposed. No other guard may have this name.
const SampleRatio = "sampleRatio"

func guardErrors(guards []Guard) (errs evaluator.CompileErrors) {
	if len(guards) > MaxGuards {
		errs = append(errs, fault("/guards", "must be at most %d", MaxGuards))
	}
	names := make(map[string]bool)
	for i, g := range guards {
		at := "/guards/" + strconv.Itoa(i)
		switch {
		case !ValidMetric(g.Name):
			errs = append(
				errs,
				fault(at+"/name", "must be a name of 1 to %d bytes without control characters", MaxMetric),
			)
		case g.Name == SampleRatio:
			errs = append(
				errs,
				fault(at+"/name", "must not be %q, which every release with guards has by itself", SampleRatio),
			)
		case names[g.Name]:
			errs = append(errs, fault(at+"/name", "is the name of another guard of the release"))
		}
		names[g.Name] = true
		errs = append(errs, g.fieldErrors(at)...)
		errs = append(errs, g.foreignFields(at)...)
		errs = append(errs, g.numberErrors(at)...)
		errs = append(errs, g.choiceErrors(at)...)
	}
	return errs
}

// ValidMetric tells whether an event or a guard may have this name.
func ValidMetric(name string) bool {
	return name != "" && len(name) <= MaxMetric && utf8.ValidString(name) &&
		!strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// fieldErrors are the errors in the fields that the kind needs.
func (g Guard) fieldErrors(at string) (errs evaluator.CompileErrors) {
	if g.Compares() && !ValidMetric(g.Metric) {
		errs = append(
			errs,
			fault(at+"/metric", "must name the tracked event that the guard measures, in 1 to %d bytes", MaxMetric),
		)
	}
	switch g.Kind {
	case GuardRate:
		if !ValidMetric(g.Per) {
			errs = append(
				errs,
				fault(at+"/per", `must name the event that the rate is relative to, for instance "checkout.attempt"`),
			)
		}
		if g.Per != "" && g.Per == g.Metric {
			errs = append(errs, fault(at+"/per", "must be another event than the metric"))
		}
	case GuardMean, GuardQuantile:
	case GuardPrometheus:
		if strings.TrimSpace(g.Query) == "" || len(g.Query) > maxQuery {
			errs = append(
				errs,
				fault(
					at+"/query",
					"must be a PromQL expression of at most %d bytes whose value is one number",
					maxQuery,
				),
			)
		}
		if g.Threshold == nil {
			errs = append(errs, fault(at+"/threshold", "must be the value that the query may just reach"))
		}
	case GuardWeb:
		if u, err := url.Parse(
			g.URL,
		); err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil ||
			len(g.URL) > maxQuery {
			errs = append(
				errs,
				fault(at+"/url", "must be an http or https address without a user, of at most %d bytes", maxQuery),
			)
		}
		if g.Pointer != "" && !strings.HasPrefix(g.Pointer, "/") {
			errs = append(errs, fault(at+"/pointer", `must be a JSON pointer, for instance "/data/errorRate"`))
		}
		if g.Threshold != nil && g.Pointer == "" {
			errs = append(errs, fault(at+"/threshold", "needs a pointer to the number that it is compared with"))
		}
	default:
		errs = append(
			errs,
			fault(at+"/kind", `must be "rate", "mean", "quantile", "prometheus" or "web", not %q`, string(g.Kind)),
		)
	}
	return errs
}

// foreignFields are errors for fields that the kind does not have. A person who sets such a field expects it to do
// something.
func (g Guard) foreignFields(at string) (errs evaluator.CompileErrors) {
	for _, field := range []struct {
		name      string
		set, fits bool
	}{
		{"metric", g.Metric != "", g.Compares()},
		{"per", g.Per != "", g.Kind == GuardRate},
		{"quantile", g.Quantile != 0, g.Kind == GuardQuantile},
		{"tolerance", g.Tolerance != 0, g.Compares()},
		{"minSample", g.MinSample != 0, g.Compares()},
		{"query", g.Query != "", g.Kind == GuardPrometheus},
		{"url", g.URL != "", g.Kind == GuardWeb},
		{"pointer", g.Pointer != "", g.Kind == GuardWeb},
		{"threshold", g.Threshold != nil, !g.Compares()},
		{"failures", g.Failures != 0, !g.Compares()},
	} {
		if field.set && !field.fits {
			errs = append(errs, fault(at+"/"+field.name, "is not a field of a guard of kind %q", string(g.Kind)))
		}
	}
	return errs
}

func (g Guard) numberErrors(at string) (errs evaluator.CompileErrors) {
	if !(g.Tolerance >= 0 && g.Tolerance <= maxTolerance) || g.higherIsBetter() && g.Tolerance >= 1 {
		errs = append(
			errs,
			fault(
				at+"/tolerance",
				"must be a share from 0 (nothing) to %d, below 1 where higher is better; 0.1 is a tenth",
				maxTolerance,
			),
		)
	}
	if g.Quantile != 0 && !(g.Quantile > 0 && g.Quantile < 1) {
		errs = append(errs, fault(at+"/quantile", "must be between 0 and 1, for instance 0.95"))
	}
	if g.MinSample < 0 || g.MinSample > MaxSample {
		errs = append(errs, fault(at+"/minSample", "must be 1 to %d", MaxSample))
	}
	if g.Failures < 0 || g.Failures > maxFailures {
		errs = append(errs, fault(at+"/failures", "must be 1 to %d", maxFailures))
	}
	if g.Threshold != nil && (math.IsNaN(*g.Threshold) || math.IsInf(*g.Threshold, 0)) {
		errs = append(errs, fault(at+"/threshold", "must be a number"))
	}
	return errs
}

func (g Guard) choiceErrors(at string) (errs evaluator.CompileErrors) {
	switch g.Better {
	case "", BetterLower, BetterHigher:
	default:
		errs = append(errs, fault(at+"/better", `must be "lower" or "higher", not %q`, string(g.Better)))
	}
	switch g.OnBreach {
	case "", OnBreachRevert, OnBreachPause:
	default:
		errs = append(errs, fault(at+"/onBreach", `must be "revert" or "pause", not %q`, string(g.OnBreach)))
	}
	switch g.MissingData {
	case "", MissingHold, MissingPause, MissingIgnore:
	default:
		errs = append(
			errs,
			fault(at+"/missingData", `must be "hold", "pause" or "ignore", not %q`, string(g.MissingData)),
		)
	}
	return errs
}
