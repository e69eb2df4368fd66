-- The origins whose pages may evaluate in an environment, separated by spaces; none is every origin. The previous release
-- neither reads nor writes this column. See docs/migrations.md.

-- +goose Up
ALTER TABLE environments ADD COLUMN allowed_origins text NOT NULL DEFAULT '';
