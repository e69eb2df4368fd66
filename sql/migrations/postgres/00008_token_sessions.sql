-- Sessions that were begun with an access token. The previous release neither reads nor writes this table: the cookie of its
-- sessions holds the token itself.

-- +goose Up
CREATE TABLE token_sessions (
    hash       bytea            NOT NULL PRIMARY KEY,
    token      text COLLATE "C" NOT NULL,
    created_at bigint           NOT NULL,
    expires_at bigint           NOT NULL
);
