package auth

import (
	"context"
	"time"

	"github.com/tidegate-io/tidegate/store"
)

// Principal is who is calling the REST API.
type Principal struct {
	Actor store.Actor
	Role  store.Role
	// Project and Environment limit what the principal may change; empty means all.
	Project     string
	Environment string
	// ExpiresAt is when the credential ends; zero means never.
	ExpiresAt time.Time
}

type principalKey struct{}

// WithPrincipal returns a context that carries p.
func WithPrincipal(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}

// PrincipalFrom returns who is calling; ok is false where nobody was authenticated.
func PrincipalFrom(ctx context.Context) (p Principal, ok bool) {
	p, ok = ctx.Value(principalKey{}).(Principal)
	return p, ok
}
