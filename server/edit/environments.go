package edit

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/invalid"
	"github.com/tidegate-io/tidegate/store"
)

// The limits of an environment's allowed origins. Every SDK key of the environment holds these origins in memory.
const (
	maxOrigins      = 50
	maxOriginLength = 255
)

// CreateEnvironment makes an environment in which every flag of the project is off. Its name is its key unless given.
func (s *Service) CreateEnvironment(
	ctx context.Context,
	e store.Environment,
	by store.Attribution,
) (store.Environment, error) {
	err := checkKey("environment", e.Environment)
	if err == nil {
		e, err = completeEnvironment(store.Environment{}, e)
	}
	if err != nil {
		return e, err
	}
	e.CreatedAt = by.At
	return s.store.CreateEnvironment(ctx, e, by)
}

// UpdateEnvironment changes what an environment is, and not what its flags serve.
func (s *Service) UpdateEnvironment(
	ctx context.Context, ref store.EnvironmentRef, change Change[store.Environment], guard Guard, by store.Attribution,
) (store.Environment, error) {
	return update(ctx, object[store.Environment]{
		what:     "environment " + ref.Environment,
		load:     func(ctx context.Context) (store.Environment, error) { return s.store.Environment(ctx, ref) },
		version:  func(e store.Environment) int64 { return e.Version },
		complete: completeEnvironment,
		write:    s.store.UpdateEnvironment,
	}, change, guard, by)
}

func completeEnvironment(_, e store.Environment) (store.Environment, error) {
	var f invalid.Fields
	e.Name = nameOr(&f, e.Name, e.Environment)
	checkOrigins(&f, "/allowedOrigins", e.AllowedOrigins)
	f.Compiled(release.ValidateFreezes(e.Freezes))
	return e, f.Err()
}

// checkOrigins refuses an origin that no browser would send in the Origin header. Origins are compared letter by
// letter.
func checkOrigins(f *invalid.Fields, pointer string, origins []string) {
	if len(origins) > maxOrigins {
		f.Add(pointer, "There may be %d origins at most.", maxOrigins)
		return
	}
	for i, origin := range origins {
		at := pointer + "/" + strconv.Itoa(i)
		if !isOrigin(origin) {
			f.Add(
				at,
				"An origin is a scheme, a host and a port that is not the usual one, in lower case and with nothing after it, such as https://shop.example.com.",
			)
		}
		f.AtMost(at, origin, maxOriginLength)
	}
}

func isOrigin(origin string) bool {
	u, err := url.Parse(origin)
	plain := err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" &&
		origin == u.Scheme+"://"+u.Host
	usualPort := plain && (u.Scheme == "http" && u.Port() == "80" || u.Scheme == "https" && u.Port() == "443")
	return plain && !usualPort && origin == strings.ToLower(origin) && !strings.ContainsAny(origin, " *")
}
