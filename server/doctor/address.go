package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// answerTimeout bounds a request to a server.
const answerTimeout = 5 * time.Second

// maxAnswer bounds what is read of an answer.
const maxAnswer = 1 << 20

// Address checks that a server can listen at addr, or that a server already does. Local is the origin at which that
// server would be reached from this machine.
func Address(addr, local string) Check {
	return func(ctx context.Context) []Finding {
		const check = "address"
		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
		if err == nil {
			err = listener.Close()
		}
		switch {
		case err == nil:
			return []Finding{Found(check, "%s is free", addr)}
		case !errors.Is(err, syscall.EADDRINUSE):
			return []Finding{
				Failed(
					check,
					"Choose another --addr (FLAGD_ADDR); ports below 1024 need a right of their own.",
					"%v",
					err,
				),
			}
		}
		status, err := ask(ctx, local)
		if err != nil {
			return []Finding{
				Failed(
					check,
					"Stop the other program, or choose another --addr (FLAGD_ADDR).",
					"another program listens on %s",
					addr,
				),
			}
		}
		return []Finding{serving(check, addr, status)}
	}
}

// serving is what to say of a server that runs.
func serving(check, where string, status readiness) Finding {
	switch status.Status {
	case "ready":
		return Found(check, "a Tidegate serves at %s and is ready", where)
	case "degraded":
		return Warned(
			check,
			"Bring its database back.",
			"a Tidegate serves at %s without its database: %s",
			where,
			status.Reason,
		)
	default:
		return Warned(
			check,
			"Wait, or look at its log.",
			"a Tidegate at %s is %s: %s",
			where,
			status.Status,
			status.Reason,
		)
	}
}

// readiness is the part of /readyz that is looked at.
type readiness struct {
	Status       string            `json:"status"`
	Reason       string            `json:"reason"`
	Environments []json.RawMessage `json:"environments"`
}

// ask reads /readyz of a Tidegate. It fails if something else answers.
func ask(ctx context.Context, origin string) (readiness, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	var status readiness
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, origin+"/readyz", nil)
	if err != nil {
		return status, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return status, err
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(
		io.LimitReader(answer.Body, maxAnswer),
	).Decode(
		&status,
	); err != nil ||
		status.Environments == nil {
		return status, fmt.Errorf("%s/readyz answers %s, but not as a Tidegate does", origin, answer.Status)
	}
	return status, nil
}

// PublicURL checks the URL that people and applications are given. Set is the setting; it is empty if there is none.
// Addr is where the server listens.
func PublicURL(set, addr string) Check {
	return func(ctx context.Context) []Finding {
		const check = "public url"
		if set == "" {
			if host, _, err := net.SplitHostPort(addr); err == nil && isLoopback(host) {
				return []Finding{Found(check, "not set; the server is reached from this machine alone")}
			}
			return []Finding{Warned(check, "Set --public-url (FLAGD_PUBLIC_URL) to the address that people use.",
				"not set, while the server listens to other machines: its links lead nowhere")}
		}
		var findings []Finding
		if parsed, err := url.Parse(set); err == nil && parsed.Scheme == "http" && !isLoopback(parsed.Hostname()) {
			findings = append(
				findings,
				Warned(
					check,
					"Put a proxy with TLS in front, and use https.",
					"%s is not encrypted: tokens and keys can be read on the way",
					set,
				),
			)
		}
		status, err := ask(ctx, strings.TrimSuffix(set, "/"))
		if err != nil {
			return append(
				findings,
				Warned(
					check,
					"Start the server, or correct the proxy, DNS or --public-url (FLAGD_PUBLIC_URL).",
					"no Tidegate answers there: %v",
					err,
				),
			)
		}
		return append(findings, serving(check, set, status))
	}
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}
