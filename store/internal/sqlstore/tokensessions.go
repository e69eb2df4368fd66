package sqlstore

import (
	"context"
	"time"

	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

// CreateTokenSession stores a session that was begun with an access token.
func (s *Store) CreateTokenSession(ctx context.Context, session store.TokenSession) error {
	err := s.engine.Write(ctx, func(q db.Querier) error {
		return q.TokenSessionInsert(ctx, db.TokenSessionInsertParams{
			Hash:      session.Hash,
			Token:     session.Token,
			CreatedAt: micros(session.CreatedAt),
			ExpiresAt: micros(session.ExpiresAt),
		})
	})
	return s.wrap(err, "create", "session of access token %q", session.Token)
}

// TokenSession reads a session that is valid at now, and its access token.
func (s *Store) TokenSession(
	ctx context.Context,
	hash []byte,
	now time.Time,
) (store.TokenSession, store.AccessToken, error) {
	row, err := s.queries().TokenSessionGet(ctx, db.TokenSessionGetParams{Hash: hash, Now: micros(now)})
	if err != nil {
		return store.TokenSession{}, store.AccessToken{}, s.wrap(err, "read", "session")
	}
	token, err := s.queries().AccessTokenGet(ctx, row.Token)
	if err != nil {
		return store.TokenSession{}, store.AccessToken{}, s.wrap(err, "read", "access token %q", row.Token)
	}
	return store.TokenSession{
		Hash: row.Hash, Token: row.Token, CreatedAt: timeOf(row.CreatedAt), ExpiresAt: timeOf(row.ExpiresAt),
	}, accessTokenOf(token), nil
}

// DeleteTokenSession ends a session, if it exists.
func (s *Store) DeleteTokenSession(ctx context.Context, hash []byte) error {
	err := s.engine.Write(ctx, func(q db.Querier) error { return q.TokenSessionDelete(ctx, hash) })
	return s.wrap(err, "delete", "session")
}
