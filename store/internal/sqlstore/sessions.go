package sqlstore

import (
	"context"
	"errors"
	"time"

	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

func userOf(row db.User) store.User {
	return store.User{ID: row.ID, Name: row.Name, Role: store.Role(row.Role), CreatedAt: timeOf(row.CreatedAt)}
}

func sessionOf(row db.Session) store.Session {
	return store.Session{
		Hash:      row.Hash,
		UserID:    row.UserID,
		OneTime:   row.OneTime,
		CreatedAt: timeOf(row.CreatedAt),
		ExpiresAt: timeOf(row.ExpiresAt),
	}
}

func sessionRow(session store.Session) db.Session {
	return db.Session{
		Hash:      session.Hash,
		UserID:    session.UserID,
		OneTime:   session.OneTime,
		CreatedAt: micros(session.CreatedAt),
		ExpiresAt: micros(session.ExpiresAt),
	}
}

// CreateUser stores a new user.
func (s *Store) CreateUser(ctx context.Context, u store.User) error {
	err := s.engine.Write(ctx, func(q db.Querier) error {
		return q.UserInsert(
			ctx,
			db.UserInsertParams{ID: u.ID, Name: u.Name, Role: string(u.Role), CreatedAt: micros(u.CreatedAt)},
		)
	})
	return s.wrap(err, "create", "user %q", u.ID)
}

// User reads a user.
func (s *Store) User(ctx context.Context, id string) (store.User, error) {
	row, err := s.queries().UserGet(ctx, id)
	if err != nil {
		return store.User{}, s.wrap(err, "read", "user %q", id)
	}
	return userOf(row), nil
}

// ListUsers gives all users in the order of their creation.
func (s *Store) ListUsers(ctx context.Context) ([]store.User, error) {
	rows, err := s.queries().UserList(ctx)
	if err != nil {
		return nil, s.wrap(err, "list", "users")
	}
	return convert(rows, userOf), nil
}

// CreateSession stores a session or a sign-in link. It gives ErrNotFound where there is no such user.
func (s *Store) CreateSession(ctx context.Context, session store.Session) error {
	err := s.engine.Write(ctx, func(q db.Querier) error {
		return q.SessionInsert(ctx, db.SessionInsertParams(sessionRow(session)))
	})
	return s.wrap(err, "create", "session of user %q", session.UserID)
}

// Session reads a session that is valid at now.
func (s *Store) Session(ctx context.Context, hash []byte, now time.Time) (store.Session, error) {
	row, err := s.queries().SessionGet(ctx, db.SessionGetParams{Hash: hash, Now: micros(now)})
	if err != nil {
		return store.Session{}, s.wrap(err, "read", "session")
	}
	return sessionOf(row), nil
}

// CountSessions gives the number of sessions that are valid at now.
func (s *Store) CountSessions(ctx context.Context, now time.Time) (int64, error) {
	count, err := s.queries().SessionCount(ctx, micros(now))
	if err != nil {
		return 0, s.wrap(err, "count", "sessions")
	}
	return count, nil
}

// RedeemSession uses session.CreatedAt as the current time.
func (s *Store) RedeemSession(ctx context.Context, linkHash []byte, session store.Session) (store.Session, error) {
	row := sessionRow(session)
	row.OneTime = false
	err := s.engine.Write(ctx, func(q db.Querier) (err error) {
		row.UserID, err = q.SessionRedeem(ctx, db.SessionRedeemParams{Hash: linkHash, Now: row.CreatedAt})
		if err != nil {
			return err
		}
		return q.SessionInsert(ctx, db.SessionInsertParams(row))
	})
	if err != nil {
		return store.Session{}, s.wrap(err, "redeem", "sign-in link")
	}
	return sessionOf(row), nil
}

// DeleteSession ends a session, if it exists.
func (s *Store) DeleteSession(ctx context.Context, hash []byte) error {
	err := s.engine.Write(ctx, func(q db.Querier) error { return q.SessionDelete(ctx, hash) })
	return s.wrap(err, "delete", "session")
}

// DeleteExpiredSessions forgets sessions and sign-in links that have expired at now.
func (s *Store) DeleteExpiredSessions(ctx context.Context, now time.Time) error {
	err := s.engine.Write(ctx, func(q db.Querier) error {
		return errors.Join(q.SessionDeleteExpired(ctx, micros(now)), q.TokenSessionDeleteExpired(ctx, micros(now)))
	})
	return s.wrap(err, "delete", "expired sessions")
}
