-- What replicas have measured of releases, one row for each span of time: what guards decide upon. A row is written once.
-- The previous release neither reads nor writes this table.

-- +goose Up
CREATE TABLE measurements (
    project     text NOT NULL,
    environment text NOT NULL,
    release_id  text NOT NULL,
    starts_at   bigint NOT NULL,
    step        bigint NOT NULL,
    observer    text NOT NULL,
    written_at  bigint NOT NULL,
    findings    blob NOT NULL,
    PRIMARY KEY (project, environment, release_id, starts_at, step, observer),
    FOREIGN KEY (project, environment) REFERENCES environments (project, environment)
);
CREATE INDEX measurements_by_age ON measurements (written_at);
