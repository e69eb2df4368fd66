-- Freezes of environments, kills of flags, and the release policies of projects. The previous release knows none of them: it
-- serves a flag as if it was not killed, and goes on with releases in spite of a freeze, for as long as it runs.

-- +goose Up
ALTER TABLE environments ADD COLUMN freezes blob NOT NULL DEFAULT '[]';

-- Null unless the flag is killed.
ALTER TABLE flag_configs ADD COLUMN kill blob;

-- Standard policies have no row until they are edited or deleted. A deleted one is archived, so that it stays away.
CREATE TABLE release_policies (
    project    text NOT NULL REFERENCES projects (project),
    policy     text NOT NULL,
    document   blob NOT NULL,
    archived   boolean NOT NULL,
    version    integer NOT NULL,
    created_at integer NOT NULL,
    updated_at integer NOT NULL,
    PRIMARY KEY (project, policy)
);
