package api

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/edit"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// editing gives what the headers say of an edit: the versions that the edit is limited to, who makes it, and why.
func (a *API) editing(r *http.Request, ifMatch, reason string) (edit.Guard, store.Attribution, error) {
	by, err := a.by(r, reason)
	if err != nil {
		return edit.Guard{}, by, err
	}
	guard, err := parsePrecondition(ifMatch)
	return guard, by, err
}

// by attributes a change to the caller of r.
func (a *API) by(r *http.Request, reason string) (store.Attribution, error) {
	p, _ := auth.PrincipalFrom(r.Context())
	return store.Attribution{
			Actor:   p.Actor,
			Reason:  reason,
			At:      a.Now(),
			Request: requestFrom(r.Context()),
		}, checkReason(
			reason,
		)
}

// parsePrecondition reads If-Match: empty, "*" or a list of strong ETags. A weak or foreign tag matches nothing.
func parsePrecondition(header string) (edit.Guard, error) {
	header = strings.TrimSpace(header)
	if header == "" || header == "*" {
		return edit.Guard{}, nil
	}
	guard := edit.Guard{Named: true}
	for one := range strings.SplitSeq(header, ",") {
		one = strings.TrimSpace(one)
		opaque := strings.TrimPrefix(one, "W/")
		if len(opaque) < 2 || opaque[0] != '"' || opaque[len(opaque)-1] != '"' {
			return guard, problem.BadRequest(
				`If-Match must hold the ETag of the last reading as it was sent, for instance "7" with its quotes, or *.`,
			)
		}
		if version, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimPrefix(one, `"`), `"`), 10, 64); err == nil {
			guard.Versions = append(guard.Versions, version)
		}
	}
	return guard, nil
}
