package presence

import (
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tidegate-io/tidegate/server/body"
	"github.com/tidegate-io/tidegate/server/problem"
)

// The headers by which a process says what it is.
const (
	HeaderService   = "X-Tidegate-Service"
	HeaderVersion   = "X-Tidegate-Version"
	HeaderInstance  = "X-Tidegate-Instance"
	HeaderStartedAt = "X-Tidegate-Started-At"
	HeaderShadow    = "X-Tidegate-Shadow"
)

// MaxIdentity bounds each part of an identity, in bytes.
const MaxIdentity = 256

// Identity is what a process says of itself.
type Identity struct {
	Service  string
	Version  string
	Instance string
	// StartedAt is zero where the process does not say.
	StartedAt time.Time
	// Shadow processes evaluate for traffic that nobody sees.
	Shadow bool
}

// named tells whether the process has said enough to be counted: its service and its instance.
func (i Identity) named() bool { return i.Service != "" && i.Instance != "" }

// check refuses parts that are too long, and parts that cannot be stored.
func (i Identity) check() error {
	for _, part := range []string{i.Service, i.Version, i.Instance} {
		if len(part) > MaxIdentity {
			return problem.BadRequest("The service, version and instance of a process may have 256 bytes each.")
		}
		if strings.ContainsRune(part, 0) || !utf8.ValidString(part) {
			return problem.BadRequest(
				"The service, version and instance of a process must be UTF-8 without the character U+0000.",
			)
		}
	}
	return nil
}

// Identify reads what the process says of itself. A header takes precedence over a query parameter.
func Identify(r *http.Request) (Identity, error) {
	// Most processes send headers alone. The query is parsed only if there is one.
	query := url.Values{}
	if r.URL.RawQuery != "" {
		query = r.URL.Query()
	}
	read := func(header, parameter string) string {
		if value := r.Header.Get(header); value != "" {
			return value
		}
		return query.Get(parameter)
	}
	i := Identity{
		Service: read(
			HeaderService,
			"service",
		),
		Version:  read(HeaderVersion, "version"),
		Instance: read(HeaderInstance, "instance"),
		Shadow:   read(HeaderShadow, "shadow") == "true",
	}
	if started := read(HeaderStartedAt, "startedAt"); started != "" {
		at, err := time.Parse(time.RFC3339, started)
		if err != nil {
			return i, problem.BadRequest(
				"The header " + HeaderStartedAt + " must be a time such as 2026-12-01T09:00:00Z.",
			)
		}
		if err := body.CheckTime(at); err != nil {
			return i, problem.BadRequest("The header " + HeaderStartedAt + " " + err.Error() + ".")
		}
		i.StartedAt = at
	}
	return i, i.check()
}
