-- Times are microseconds since 1970 in UTC. JSON documents are opaque to the database. Keys compare bytewise, as in SQLite,
-- whatever the collation of the database is. The type json, not jsonb, keeps documents as they were written.

-- +goose Up
CREATE TABLE settings (
    name  text COLLATE "C" NOT NULL PRIMARY KEY,
    value text             NOT NULL
);

CREATE TABLE projects (
    project    text COLLATE "C" NOT NULL PRIMARY KEY,
    name       text             NOT NULL,
    version    bigint           NOT NULL,
    created_at bigint           NOT NULL
);

CREATE TABLE environments (
    project     text COLLATE "C" NOT NULL REFERENCES projects (project),
    environment text COLLATE "C" NOT NULL,
    name        text             NOT NULL,
    production  boolean          NOT NULL,
    position    bigint           NOT NULL,
    version     bigint           NOT NULL,
    revision    bigint           NOT NULL,
    created_at  bigint           NOT NULL,
    PRIMARY KEY (project, environment)
);

CREATE TABLE flags (
    project     text COLLATE "C" NOT NULL REFERENCES projects (project),
    flag        text COLLATE "C" NOT NULL,
    name        text             NOT NULL,
    description text             NOT NULL,
    type        text             NOT NULL,
    purpose     text             NOT NULL,
    variations  json             NOT NULL,
    client_side boolean          NOT NULL,
    tags        json             NOT NULL,
    owner       text             NOT NULL,
    archived    boolean          NOT NULL,
    version     bigint           NOT NULL,
    created_at  bigint           NOT NULL,
    updated_at  bigint           NOT NULL,
    PRIMARY KEY (project, flag)
);

-- revision is that of the environment when the flag, or its configuration, last changed there.
CREATE TABLE flag_configs (
    project     text COLLATE "C" NOT NULL,
    environment text COLLATE "C" NOT NULL,
    flag        text COLLATE "C" NOT NULL,
    config      json             NOT NULL,
    fleet_open  boolean          NOT NULL,
    version     bigint           NOT NULL,
    revision    bigint           NOT NULL,
    updated_at  bigint           NOT NULL,
    updated_by  text             NOT NULL,
    PRIMARY KEY (project, environment, flag),
    FOREIGN KEY (project, environment) REFERENCES environments (project, environment),
    FOREIGN KEY (project, flag) REFERENCES flags (project, flag)
);
CREATE INDEX flag_configs_by_revision ON flag_configs (project, environment, revision);

CREATE TABLE segments (
    project     text COLLATE "C" NOT NULL REFERENCES projects (project),
    segment     text COLLATE "C" NOT NULL,
    name        text             NOT NULL,
    description text             NOT NULL,
    included    json             NOT NULL,
    excluded    json             NOT NULL,
    rules       json             NOT NULL,
    archived    boolean          NOT NULL,
    version     bigint           NOT NULL,
    created_at  bigint           NOT NULL,
    updated_at  bigint           NOT NULL,
    PRIMARY KEY (project, segment)
);

-- revision is that of each environment when the segment last changed.
CREATE TABLE segment_revisions (
    project     text COLLATE "C" NOT NULL,
    environment text COLLATE "C" NOT NULL,
    segment     text COLLATE "C" NOT NULL,
    revision    bigint           NOT NULL,
    PRIMARY KEY (project, environment, segment),
    FOREIGN KEY (project, environment) REFERENCES environments (project, environment),
    FOREIGN KEY (project, segment) REFERENCES segments (project, segment)
);
CREATE INDEX segment_revisions_by_revision ON segment_revisions (project, environment, revision);

CREATE TABLE deployments (
    project     text COLLATE "C" NOT NULL,
    environment text COLLATE "C" NOT NULL,
    id          text COLLATE "C" NOT NULL,
    service     text COLLATE "C" NOT NULL,
    version     text             NOT NULL,
    status      text             NOT NULL,
    source      text COLLATE "C" NOT NULL,
    external_id text COLLATE "C" NOT NULL,
    git_commit  text             NOT NULL,
    strategy    text             NOT NULL,
    description text             NOT NULL,
    url         text             NOT NULL,
    started_at  bigint           NOT NULL,
    finished_at bigint,
    updated_at  bigint           NOT NULL,
    PRIMARY KEY (project, environment, id),
    UNIQUE (project, environment, source, external_id),
    FOREIGN KEY (project, environment) REFERENCES environments (project, environment)
);
CREATE INDEX deployments_by_start ON deployments (project, environment, started_at, id);

CREATE TABLE releases (
    project     text COLLATE "C" NOT NULL,
    environment text COLLATE "C" NOT NULL,
    flag        text COLLATE "C" NOT NULL,
    id          text COLLATE "C" NOT NULL,
    version     bigint           NOT NULL,
    phase       text             NOT NULL,
    spec        json             NOT NULL,
    state       json             NOT NULL,
    updated_at  bigint           NOT NULL,
    PRIMARY KEY (project, environment, flag),
    FOREIGN KEY (project, environment, flag) REFERENCES flag_configs (project, environment, flag)
);
CREATE INDEX releases_open ON releases (phase) WHERE phase IN ('pending', 'progressing', 'paused');

CREATE TABLE instances (
    project     text COLLATE "C" NOT NULL,
    environment text COLLATE "C" NOT NULL,
    service     text COLLATE "C" NOT NULL,
    instance    text COLLATE "C" NOT NULL,
    version     text COLLATE "C" NOT NULL,
    started_at  bigint           NOT NULL,
    seen_at     bigint           NOT NULL,
    PRIMARY KEY (project, environment, service, instance),
    FOREIGN KEY (project, environment) REFERENCES environments (project, environment)
);

CREATE TABLE sdk_keys (
    project     text COLLATE "C" NOT NULL,
    environment text COLLATE "C" NOT NULL,
    id          text COLLATE "C" NOT NULL,
    name        text             NOT NULL,
    kind        text             NOT NULL,
    prefix      text             NOT NULL,
    hash        bytea            NOT NULL UNIQUE,
    created_at  bigint           NOT NULL,
    revoked_at  bigint,
    PRIMARY KEY (project, environment, id),
    FOREIGN KEY (project, environment) REFERENCES environments (project, environment)
);

-- An empty project or environment means all.
CREATE TABLE access_tokens (
    id          text COLLATE "C" NOT NULL PRIMARY KEY,
    name        text             NOT NULL,
    role        text             NOT NULL,
    project     text COLLATE "C" NOT NULL,
    environment text COLLATE "C" NOT NULL,
    prefix      text             NOT NULL,
    hash        bytea            NOT NULL UNIQUE,
    created_at  bigint           NOT NULL,
    expires_at  bigint,
    revoked_at  bigint
);

CREATE TABLE users (
    id         text COLLATE "C" NOT NULL PRIMARY KEY,
    name       text             NOT NULL,
    role       text             NOT NULL,
    created_at bigint           NOT NULL
);

CREATE TABLE sessions (
    hash       bytea            NOT NULL PRIMARY KEY,
    user_id    text COLLATE "C" NOT NULL REFERENCES users (id),
    one_time   boolean          NOT NULL,
    created_at bigint           NOT NULL,
    expires_at bigint           NOT NULL
);

CREATE TABLE changes (
    project     text COLLATE "C" NOT NULL,
    environment text COLLATE "C" NOT NULL,
    revision    bigint           NOT NULL,
    at          bigint           NOT NULL,
    actor_kind  text             NOT NULL,
    actor_name  text             NOT NULL,
    kind        text             NOT NULL,
    key         text             NOT NULL,
    reason      text             NOT NULL,
    before      json,
    after       json,
    PRIMARY KEY (project, environment, revision),
    FOREIGN KEY (project, environment) REFERENCES environments (project, environment)
);
CREATE INDEX changes_by_key ON changes (project, environment, key, revision);

CREATE TABLE leases (
    name       text COLLATE "C" NOT NULL PRIMARY KEY,
    holder     text             NOT NULL,
    expires_at bigint           NOT NULL
);
