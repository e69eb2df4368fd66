package postgres

import (
	"context"

	"github.com/tidegate-io/tidegate/store/internal/postgresdb"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

func (q querier) AccessTokenGet(ctx context.Context, id string) (db.AccessToken, error) {
	row, err := q.Queries.AccessTokenGet(ctx, id)
	return db.AccessToken(row), err
}

func (q querier) TokenSessionGet(ctx context.Context, arg db.TokenSessionGetParams) (db.TokenSession, error) {
	row, err := q.Queries.TokenSessionGet(ctx, postgresdb.TokenSessionGetParams(arg))
	return db.TokenSession(row), err
}

func (q querier) TokenSessionInsert(ctx context.Context, arg db.TokenSessionInsertParams) error {
	return q.Queries.TokenSessionInsert(ctx, postgresdb.TokenSessionInsertParams(arg))
}

func (q querier) AccessTokenGetByHash(ctx context.Context, hash []byte) (db.AccessToken, error) {
	row, err := q.Queries.AccessTokenGetByHash(ctx, hash)
	return db.AccessToken(row), err
}

func (q querier) AccessTokenInsert(ctx context.Context, arg db.AccessTokenInsertParams) error {
	return q.Queries.AccessTokenInsert(ctx, postgresdb.AccessTokenInsertParams(arg))
}

func (q querier) AccessTokenList(ctx context.Context) ([]db.AccessToken, error) {
	rows, err := q.Queries.AccessTokenList(ctx)
	return convert(rows, func(r postgresdb.AccessToken) db.AccessToken { return db.AccessToken(r) }), err
}

func (q querier) AccessTokenPut(ctx context.Context, arg db.AccessTokenPutParams) error {
	return q.Queries.AccessTokenPut(ctx, postgresdb.AccessTokenPutParams(arg))
}

func (q querier) AccessTokenRevoke(ctx context.Context, arg db.AccessTokenRevokeParams) (int64, error) {
	return q.Queries.AccessTokenRevoke(ctx, postgresdb.AccessTokenRevokeParams(arg))
}

func (q querier) SDKKeyGet(ctx context.Context, arg db.SDKKeyGetParams) (db.SDKKey, error) {
	row, err := q.Queries.SDKKeyGet(ctx, postgresdb.SDKKeyGetParams(arg))
	return db.SDKKey(row), err
}

func (q querier) SDKKeyInsert(ctx context.Context, arg db.SDKKeyInsertParams) error {
	return q.Queries.SDKKeyInsert(ctx, postgresdb.SDKKeyInsertParams(arg))
}

func (q querier) SDKKeyListByEnvironment(
	ctx context.Context,
	arg db.SDKKeyListByEnvironmentParams,
) ([]db.SDKKey, error) {
	rows, err := q.Queries.SDKKeyListByEnvironment(ctx, postgresdb.SDKKeyListByEnvironmentParams(arg))
	return convert(rows, func(r postgresdb.SDKKey) db.SDKKey { return db.SDKKey(r) }), err
}

func (q querier) SDKKeyListWorking(ctx context.Context) ([]db.SDKKey, error) {
	rows, err := q.Queries.SDKKeyListWorking(ctx)
	return convert(rows, func(r postgresdb.SDKKey) db.SDKKey { return db.SDKKey(r) }), err
}

func (q querier) SDKKeyRevoke(ctx context.Context, arg db.SDKKeyRevokeParams) error {
	return q.Queries.SDKKeyRevoke(ctx, postgresdb.SDKKeyRevokeParams(arg))
}

func (q querier) SessionGet(ctx context.Context, arg db.SessionGetParams) (db.Session, error) {
	row, err := q.Queries.SessionGet(ctx, postgresdb.SessionGetParams(arg))
	return db.Session(row), err
}

func (q querier) SessionInsert(ctx context.Context, arg db.SessionInsertParams) error {
	return q.Queries.SessionInsert(ctx, postgresdb.SessionInsertParams(arg))
}

func (q querier) SessionRedeem(ctx context.Context, arg db.SessionRedeemParams) (string, error) {
	return q.Queries.SessionRedeem(ctx, postgresdb.SessionRedeemParams(arg))
}

func (q querier) UserGet(ctx context.Context, id string) (db.User, error) {
	row, err := q.Queries.UserGet(ctx, id)
	return db.User(row), err
}

func (q querier) UserInsert(ctx context.Context, arg db.UserInsertParams) error {
	return q.Queries.UserInsert(ctx, postgresdb.UserInsertParams(arg))
}

func (q querier) UserList(ctx context.Context) ([]db.User, error) {
	rows, err := q.Queries.UserList(ctx)
	return convert(rows, func(r postgresdb.User) db.User { return db.User(r) }), err
}
