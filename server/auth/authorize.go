package auth

import (
	"context"
	"net/http"

	"github.com/tidegate-io/tidegate/server/body"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// Route is what a matched route needs. It comes from the router and the API's description, never from the text of the
// path.
type Route struct {
	// Needed is the least role that may use the route. If it is empty, the API's description has none, and nobody may
	// use it.
	Needed store.Role
	// Public routes need no principal.
	Public bool
	// Project and Environment come from the parameters of the route. They are empty where the route has none.
	Project     string
	Environment string
}

// Authorize tells whether p may use the route. Some principals are limited to a project or an environment. If the
// route names none, such a principal may only read: a change there would have effects outside its limit.
func Authorize(p Principal, route Route) error {
	if !Allows(p.Role, route.Needed) {
		return problem.Forbidden("This needs the role %s; %s has the role %s.", needed(route), p.Actor.Name, p.Role)
	}
	if err := within("project", p.Project, route.Project, route.Needed); err != nil {
		return err
	}
	return within("environment", p.Environment, route.Environment, route.Needed)
}

func within(what, limit, named string, needed store.Role) error {
	switch {
	case limit == "", limit == named:
		return nil
	case named != "":
		return problem.Forbidden("The access token is for the %s %s only.", what, limit)
	case needed != store.RoleViewer:
		return problem.Forbidden("This reaches beyond the %s %s, which the access token is limited to.", what, limit)
	}
	return nil
}

func needed(route Route) string {
	if route.Needed == "" {
		return "that nobody has"
	}
	return string(route.Needed)
}

// Middleware authenticates and authorises every request for the route that describe finds, and puts the Principal
// into the request's context. It has to run behind the router.
func (a *Authenticator) Middleware(describe func(*http.Request) Route) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			route := describe(r)
			if route.Public {
				next.ServeHTTP(w, r)
				return
			}
			ctx, err := a.admit(r, route)
			if err != nil {
				problem.Write(w, r, err)
				return
			}
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

func (a *Authenticator) admit(r *http.Request, route Route) (context.Context, error) {
	p, err := a.Authenticate(r)
	if err == nil {
		body.Known(r)
	}
	if err != nil {
		return nil, err
	}
	if err := Authorize(p, route); err != nil {
		return nil, err
	}
	return WithPrincipal(r.Context(), p), nil
}
