package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/store"
)

// The first content of an empty store.
const (
	defaultProject = "default"
	adminID        = "admin"
	// bootstrapTokenID is always the same, so that a new preset token replaces the one before.
	bootstrapTokenID = "bootstrap"
)

// Bootstrap gives an empty store its first content: the project default, its environments and an admin. Several
// replicas may call it at once, and a replica may be stopped in the middle. First tells whether the store was empty.
func Bootstrap(ctx context.Context, s store.Store, now time.Time) (first bool, err error) {
	by := store.Attribution{Actor: store.Actor{Kind: store.ActorSystem, Name: "flagd"}, Reason: "First start", At: now}
	environments, err := s.ListEnvironments(ctx, "")
	if err != nil {
		return false, fmt.Errorf("list environments: %w", err)
	}
	if len(environments) == 0 {
		first = true
		if err := createProject(ctx, s, by); err != nil {
			return false, err
		}
	}
	err = s.CreateUser(ctx, store.User{ID: adminID, Name: "Admin", Role: store.RoleAdmin, CreatedAt: now})
	if err != nil && !errors.Is(err, store.ErrExists) {
		return false, fmt.Errorf("create admin: %w", err)
	}
	return first, nil
}

func createProject(ctx context.Context, s store.Store, by store.Attribution) error {
	_, err := s.CreateProject(ctx, store.Project{Key: defaultProject, Name: "Default", CreatedAt: by.At}, by)
	if err != nil && !errors.Is(err, store.ErrExists) {
		return fmt.Errorf("create project: %w", err)
	}
	for i, environment := range []store.Environment{
		{Name: "Development", EnvironmentRef: store.EnvironmentRef{Environment: "development"}},
		{Name: "Staging", EnvironmentRef: store.EnvironmentRef{Environment: "staging"}},
		{Name: "Production", EnvironmentRef: store.EnvironmentRef{Environment: "production"}, Production: true},
	} {
		environment.Project, environment.Position, environment.CreatedAt = defaultProject, int64(i+1), by.At
		_, err := s.CreateEnvironment(ctx, environment, by)
		if err != nil && !errors.Is(err, store.ErrExists) {
			return fmt.Errorf("create environment %s: %w", environment.Environment, err)
		}
	}
	return nil
}

// presetAdminToken makes the token work with the role admin. It replaces the token that was preset before.
func presetAdminToken(ctx context.Context, s store.Credentials, token string, now time.Time) error {
	secret := auth.SecretFrom(token)
	err := s.PutAccessToken(ctx, store.AccessToken{
		ID:        bootstrapTokenID,
		Name:      "Bootstrap",
		Role:      store.RoleAdmin,
		Prefix:    secret.Prefix,
		Hash:      secret.Hash,
		CreatedAt: now,
	})
	if err != nil {
		return fmt.Errorf("preset admin token: %w", err)
	}
	return nil
}

// SignInLink makes a new one-time sign-in link for the admin. The store must have its first content.
func SignInLink(ctx context.Context, s store.Store, publicURL string, now time.Time) (string, error) {
	token, err := auth.NewSignInLink(ctx, s, adminID, now)
	if err != nil {
		return "", fmt.Errorf("make sign-in link: %w", err)
	}
	return publicURL + "/sign-in?token=" + token, nil
}
