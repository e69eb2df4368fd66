package measure

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/release"
)

const (
	// maxAnswer bounds how many bytes of an answer are read. maxRedirects bounds how many redirects are followed.
	maxAnswer    = 1 << 20
	maxRedirects = 3
	// maxAnswerHeader bounds the size of the answer's header.
	maxAnswerHeader = 64 << 10
)

// errElsewhere ends a redirect to a host that the server may not ask.
var errElsewhere = errors.New("it redirects to another host")

// Web gets the addresses of web guards. It asks only the hosts that it was given. Otherwise a person who prepares
// releases could make the server ask everything that it can reach. It is safe for concurrent use.
type Web struct {
	hosts  []string
	client *http.Client
}

// NewWeb may ask the hosts. Each is "host" (at the default port of the scheme) or "host:port". Without hosts it
// refuses every guard.
func NewWeb(hosts []string) *Web {
	w := &Web{hosts: hosts}
	w.client = &http.Client{
		Transport: &http.Transport{MaxIdleConnsPerHost: 1, MaxResponseHeaderBytes: maxAnswerHeader},
		CheckRedirect: func(next *http.Request, before []*http.Request) error {
			if first := before[0].URL; next.URL.Scheme != first.Scheme || next.URL.Host != first.Host {
				return errElsewhere
			}
			if len(before) > maxRedirects {
				return fmt.Errorf("it redirects more than %d times", maxRedirects)
			}
			return nil
		},
	}
	return w
}

// Refuses refuses the guards whose host may not be asked.
func (w *Web) Refuses(g release.Guard) (field, reason string) {
	u, err := url.Parse(g.URL)
	if err != nil {
		return "url", "is no address"
	}
	if len(w.hosts) == 0 {
		return "url", "may not be asked by this server; start it with --guard-hosts " + hostOf(u)
	}
	if !slices.Contains(w.hosts, hostOf(u)) {
		return "url", fmt.Sprintf(
			"must be at one of the hosts that this server may ask (--guard-hosts): %s",
			strings.Join(w.hosts, ", "),
		)
	}
	return "", ""
}

// hostOf is the host as it stands in the list: without the port, if that is the default port of the scheme.
func hostOf(u *url.URL) string {
	port := u.Port()
	if port == "" || u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443" {
		return strings.ToLower(u.Hostname())
	}
	return strings.ToLower(net.JoinHostPort(u.Hostname(), port))
}

// Check gets the address.
func (w *Web) Check(ctx context.Context, g release.Guard) release.Check {
	if _, reason := w.Refuses(g); reason != "" {
		return release.Check{Missing: true, Text: "the address " + reason}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, g.URL, nil)
	if err != nil {
		return release.Check{Missing: true, Text: "the address cannot be asked"}
	}
	request.Header.Set("Accept", "application/json")
	response, err := w.client.Do(request)
	if err != nil {
		return release.Check{Missing: true, Text: "the address does not answer: " + cause(err)}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	switch {
	case err != nil:
		return release.Check{Missing: true, Text: "the answer cannot be read: " + cause(err)}
	case response.StatusCode < 200 || response.StatusCode > 299:
		return release.Check{Text: "the answer is " + response.Status}
	case g.Pointer == "":
		return release.Check{Good: true, Text: "the answer is " + response.Status}
	case len(body) > maxAnswer:
		return release.Check{Missing: true, Text: fmt.Sprintf("the answer is larger than %d bytes", maxAnswer)}
	}
	return judgeDocument(g, body)
}

// cause leaves out the method and the address. The guard has them already.
func cause(err error) string {
	var failed *url.Error
	if errors.As(err, &failed) {
		err = failed.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Sprintf("nothing came within %s", checkTimeout)
	}
	return err.Error()
}

// judgeDocument judges the value to which the guard's pointer points.
func judgeDocument(g release.Guard, body []byte) release.Check {
	var document any
	if err := json.Unmarshal(body, &document); err != nil {
		return release.Check{Missing: true, Text: "the answer is not JSON"}
	}
	found, ok := resolve(document, g.Pointer)
	if !ok {
		return release.Check{Missing: true, Text: "the answer has no " + g.Pointer}
	}
	switch value := found.(type) {
	case bool:
		return release.Check{Good: value, Text: fmt.Sprintf("%s is %t", g.Pointer, value)}
	case float64:
		if g.Threshold == nil {
			return release.Check{
				Missing: true,
				Text:    g.Pointer + " is a number, and the guard has no threshold to compare it with",
			}
		}
		return judge(g, value)
	default:
		return release.Check{Missing: true, Text: g.Pointer + " is neither a number nor a boolean"}
	}
}

// resolve finds what a JSON pointer (RFC 6901) points to.
func resolve(document any, pointer string) (found any, ok bool) {
	for part := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		part = strings.NewReplacer("~1", "/", "~0", "~").Replace(part)
		switch in := document.(type) {
		case map[string]any:
			if document, ok = in[part]; !ok {
				return nil, false
			}
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(in) {
				return nil, false
			}
			document = in[i]
		default:
			return nil, false
		}
	}
	return document, true
}
