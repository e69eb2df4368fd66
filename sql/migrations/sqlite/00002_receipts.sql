-- A receipt says that the write of a request with an Idempotency-Key was committed, and what it was answered. The previous
-- release neither reads nor writes this table. See docs/migrations.md.

-- +goose Up
CREATE TABLE receipts (
    id          blob  NOT NULL PRIMARY KEY,
    fingerprint blob  NOT NULL,
    subject     text   NOT NULL,
    answer      blob,
    created_at  integer NOT NULL
);
CREATE INDEX receipts_by_age ON receipts (created_at);
