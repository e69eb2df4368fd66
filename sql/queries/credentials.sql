-- name: SDKKeyInsert :exec
INSERT INTO sdk_keys (project, environment, id, name, kind, prefix, hash, created_at, revoked_at)
VALUES (@project, @environment, @id, @name, @kind, @prefix, @hash, @created_at, @revoked_at);

-- name: SDKKeyGet :one
SELECT * FROM sdk_keys WHERE project = @project AND environment = @environment AND id = @id;

-- name: SDKKeyListByEnvironment :many
SELECT * FROM sdk_keys WHERE project = @project AND environment = @environment ORDER BY created_at, id;

-- name: SDKKeyListWorking :many
SELECT * FROM sdk_keys WHERE revoked_at IS NULL ORDER BY project, environment, created_at, id;

-- name: SDKKeyRevoke :exec
UPDATE sdk_keys SET revoked_at = @revoked_at WHERE project = @project AND environment = @environment AND id = @id;

-- name: AccessTokenInsert :exec
INSERT INTO access_tokens (id, name, role, project, environment, prefix, hash, created_at, expires_at, revoked_at)
VALUES (@id, @name, @role, @project, @environment, @prefix, @hash, @created_at, @expires_at, @revoked_at);

-- name: AccessTokenPut :exec
INSERT INTO access_tokens (id, name, role, project, environment, prefix, hash, created_at, expires_at, revoked_at)
VALUES (@id, @name, @role, @project, @environment, @prefix, @hash, @created_at, @expires_at, @revoked_at)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, project = excluded.project, environment = excluded.environment,
    prefix = excluded.prefix, hash = excluded.hash, created_at = excluded.created_at, expires_at = excluded.expires_at, revoked_at = excluded.revoked_at;

-- name: AccessTokenGetByHash :one
SELECT * FROM access_tokens WHERE hash = @hash;

-- name: AccessTokenList :many
SELECT * FROM access_tokens ORDER BY created_at, id;

-- name: AccessTokenRevoke :execrows
-- The first revocation stands.
UPDATE access_tokens SET revoked_at = COALESCE(revoked_at, @revoked_at) WHERE id = @id;

-- name: UserInsert :exec
INSERT INTO users (id, name, role, created_at) VALUES (@id, @name, @role, @created_at);

-- name: UserGet :one
SELECT * FROM users WHERE id = @id;

-- name: UserList :many
SELECT * FROM users ORDER BY created_at, id;

-- name: SessionInsert :exec
INSERT INTO sessions (hash, user_id, one_time, created_at, expires_at)
VALUES (@hash, @user_id, @one_time, @created_at, @expires_at);

-- name: SessionGet :one
SELECT * FROM sessions WHERE hash = @hash AND NOT one_time AND expires_at > @now;

-- name: SessionCount :one
-- Sign-in links are no sessions.
SELECT COUNT(*) FROM sessions WHERE NOT one_time AND expires_at > @now;

-- name: SessionRedeem :one
DELETE FROM sessions WHERE hash = @hash AND one_time AND expires_at > @now RETURNING user_id;

-- name: SessionDelete :exec
DELETE FROM sessions WHERE hash = @hash;

-- name: SessionDeleteExpired :exec
DELETE FROM sessions WHERE expires_at <= @now;

-- name: AccessTokenGet :one
SELECT * FROM access_tokens WHERE id = @id;

-- name: TokenSessionInsert :exec
INSERT INTO token_sessions (hash, token, created_at, expires_at) VALUES (@hash, @token, @created_at, @expires_at);

-- name: TokenSessionGet :one
SELECT * FROM token_sessions WHERE hash = @hash AND expires_at > @now;

-- name: TokenSessionDelete :exec
DELETE FROM token_sessions WHERE hash = @hash;

-- name: TokenSessionDeleteExpired :exec
DELETE FROM token_sessions WHERE expires_at <= @now;
