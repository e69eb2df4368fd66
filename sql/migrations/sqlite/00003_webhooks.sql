-- Webhooks, and what they received last. The previous release neither reads nor writes these tables; it reports no traffic
-- weights.

-- +goose Up
ALTER TABLE deployments ADD COLUMN traffic_weight bigint NOT NULL DEFAULT 0;

-- secret is what verifies the sender: the secret itself where it signs with it, else its SHA-256.
CREATE TABLE webhooks (
    project    text    NOT NULL REFERENCES projects (project),
    id         text    NOT NULL PRIMARY KEY,
    name       text    NOT NULL,
    kind       text    NOT NULL,
    mapping    blob    NOT NULL,
    enabled    boolean NOT NULL,
    secret     blob    NOT NULL,
    version    bigint  NOT NULL,
    created_at bigint  NOT NULL,
    updated_at bigint  NOT NULL
);
CREATE INDEX webhooks_by_project ON webhooks (project, created_at, id);

-- payload is null where it was too large to be kept.
CREATE TABLE webhook_deliveries (
    webhook     text   NOT NULL REFERENCES webhooks (id),
    id          text   NOT NULL,
    event       text   NOT NULL,
    payload     blob,
    size        bigint NOT NULL,
    status      bigint NOT NULL,
    outcome     blob   NOT NULL,
    replay_of   text   NOT NULL,
    received_at bigint NOT NULL,
    PRIMARY KEY (webhook, id)
);
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (webhook, received_at, id);
