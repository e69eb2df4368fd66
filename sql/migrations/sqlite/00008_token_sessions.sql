-- Sessions that were begun with an access token. The previous release neither reads nor writes this table: the cookie of its
-- sessions holds the token itself.

-- +goose Up
CREATE TABLE token_sessions (
    hash       blob    NOT NULL PRIMARY KEY,
    token      text    NOT NULL,
    created_at integer NOT NULL,
    expires_at integer NOT NULL
);
