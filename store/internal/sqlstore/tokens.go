package sqlstore

import (
	"context"
	"time"

	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

func accessTokenOf(row db.AccessToken) store.AccessToken {
	return store.AccessToken{
		ID:          row.ID,
		Name:        row.Name,
		Role:        store.Role(row.Role),
		Project:     row.Project,
		Environment: row.Environment,
		Prefix:      row.Prefix,
		Hash:        row.Hash,
		CreatedAt:   timeOf(row.CreatedAt),
		ExpiresAt:   timeOrNil(row.ExpiresAt),
		RevokedAt:   timeOrNil(row.RevokedAt),
	}
}

func accessTokenRow(t store.AccessToken) db.AccessToken {
	return db.AccessToken{
		ID:          t.ID,
		Name:        t.Name,
		Role:        string(t.Role),
		Project:     t.Project,
		Environment: t.Environment,
		Prefix:      t.Prefix,
		Hash:        t.Hash,
		CreatedAt:   micros(t.CreatedAt),
		ExpiresAt:   microsOrNull(t.ExpiresAt),
		RevokedAt:   microsOrNull(t.RevokedAt),
	}
}

// CreateAccessToken stores a new token.
func (s *Store) CreateAccessToken(ctx context.Context, t store.AccessToken) error {
	err := s.engine.Write(ctx, func(q db.Querier) error {
		return q.AccessTokenInsert(ctx, db.AccessTokenInsertParams(accessTokenRow(t)))
	})
	return s.wrap(err, "create", "access token %q", t.ID)
}

// PutAccessToken stores a token and replaces the one with the same id.
func (s *Store) PutAccessToken(ctx context.Context, t store.AccessToken) error {
	err := s.engine.Write(ctx, func(q db.Querier) error {
		return q.AccessTokenPut(ctx, db.AccessTokenPutParams(accessTokenRow(t)))
	})
	return s.wrap(err, "put", "access token %q", t.ID)
}

// AccessTokenByHash also gives tokens that are expired or revoked.
func (s *Store) AccessTokenByHash(ctx context.Context, hash []byte) (store.AccessToken, error) {
	row, err := s.queries().AccessTokenGetByHash(ctx, hash)
	if err != nil {
		return store.AccessToken{}, s.wrap(err, "read", "access token")
	}
	return accessTokenOf(row), nil
}

// ListAccessTokens gives all tokens in the order of their creation.
func (s *Store) ListAccessTokens(ctx context.Context) ([]store.AccessToken, error) {
	rows, err := s.queries().AccessTokenList(ctx)
	if err != nil {
		return nil, s.wrap(err, "list", "access tokens")
	}
	return convert(rows, accessTokenOf), nil
}

// RevokeAccessToken ends a token. If it is revoked several times, the first time stands.
func (s *Store) RevokeAccessToken(ctx context.Context, id string, at time.Time) error {
	err := s.engine.Write(ctx, func(q db.Querier) error {
		revoked, err := q.AccessTokenRevoke(ctx, db.AccessTokenRevokeParams{RevokedAt: microsOrNull(&at), ID: id})
		if err == nil && revoked == 0 {
			return store.ErrNotFound
		}
		return err
	})
	return s.wrap(err, "revoke", "access token %q", id)
}
