-- What an instance serves, whether it is a shadow, and what the fleet contradicts of a flag's availability. The previous
-- release neither reads nor writes these columns. See docs/migrations.md.

-- +goose Up
ALTER TABLE instances ADD COLUMN revision bigint NOT NULL DEFAULT 0;
ALTER TABLE instances ADD COLUMN shadow boolean NOT NULL DEFAULT FALSE;
ALTER TABLE flag_configs ADD COLUMN fleet_warning text NOT NULL DEFAULT '';
