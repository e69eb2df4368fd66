package measure

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"

	"github.com/tidegate-io/tidegate/release"
)

// Prometheus evaluates the queries of prometheus guards. It uses the HTTP API of Prometheus, which some other servers
// offer too.
type Prometheus struct {
	api v1.API // nil where there is none
	now func() time.Time
}

// NewPrometheus asks the server at address. If address is empty or not valid, it refuses every guard.
func NewPrometheus(address string, now func() time.Time) *Prometheus {
	client, err := api.NewClient(api.Config{Address: address, RoundTripper: boundedAnswers{
		&http.Transport{Proxy: http.ProxyFromEnvironment, MaxResponseHeaderBytes: maxAnswerHeader},
	}})
	if address == "" || err != nil {
		return &Prometheus{}
	}
	return &Prometheus{api: v1.NewAPI(client), now: now}
}

// Refuses every guard while no Prometheus is configured.
func (p *Prometheus) Refuses(release.Guard) (field, reason string) {
	if p.api == nil {
		return "kind", "needs a Prometheus; start the server with --prometheus-url"
	}
	return "", ""
}

// Check evaluates the query now.
func (p *Prometheus) Check(ctx context.Context, g release.Guard) release.Check {
	if _, reason := p.Refuses(g); reason != "" {
		return release.Check{Missing: true, Text: "the guard " + reason}
	}
	result, _, _, err := p.api.Query(ctx, g.Query, p.now())
	if err != nil {
		return release.Check{Missing: true, Text: fmt.Sprintf("Prometheus does not evaluate the query: %s", cause(err))}
	}
	value, problem := single(result)
	if problem != "" {
		return release.Check{Missing: true, Text: problem}
	}
	return judge(g, value)
}

// single is the one number of a result, or what is wrong with it.
func single(result model.Value) (value float64, problem string) {
	switch result := result.(type) {
	case nil:
		return 0, "the answer holds no result; is it a Prometheus that answers?"
	case *model.Scalar:
		if result == nil {
			return 0, "the answer holds no result; is it a Prometheus that answers?"
		}
		value = float64(result.Value)
	case model.Vector:
		switch len(result) {
		case 0:
			return 0, "the query has no result"
		case 1:
			if result[0] == nil {
				return 0, "the query has a result without a value"
			}
			value = float64(result[0].Value)
		default:
			return 0, fmt.Sprintf("the query has %d results; aggregate them to one", len(result))
		}
	default:
		return 0, fmt.Sprintf("the query gives a %s; it must give one number", result.Type())
	}
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return 0, "the result of the query is " + strconv.FormatFloat(value, 'g', -1, 64)
	}
	return value, ""
}

// judge compares a number with the threshold of the guard.
func judge(g release.Guard, value float64) release.Check {
	check := release.Check{Value: &value, Good: g.Good(value), Text: format(value)}
	if g.Threshold == nil {
		return check
	}
	is := "at most"
	switch {
	case g.Better == release.BetterHigher && check.Good:
		is = "at least"
	case g.Better == release.BetterHigher:
		is = "below"
	case !check.Good:
		is = "above"
	}
	check.Text = fmt.Sprintf("%s is %s %s", format(value), is, format(*g.Threshold))
	return check
}

func format(value float64) string { return strconv.FormatFloat(value, 'g', 4, 64) }
