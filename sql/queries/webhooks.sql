-- name: WebhookInsert :exec
INSERT INTO webhooks (project, id, name, kind, mapping, enabled, secret, version, created_at, updated_at)
VALUES (@project, @id, @name, @kind, @mapping, @enabled, @secret, @version, @created_at, @updated_at);

-- name: WebhookGet :one
SELECT * FROM webhooks WHERE id = @id;

-- name: WebhookList :many
SELECT * FROM webhooks WHERE project = @project ORDER BY created_at, id;

-- name: WebhookUpdate :exec
UPDATE webhooks SET name = @name, mapping = @mapping, enabled = @enabled, secret = @secret, version = @version, updated_at = @updated_at
WHERE id = @id;

-- name: WebhookDelete :exec
DELETE FROM webhooks WHERE id = @id;

-- name: WebhookDeliveryInsert :exec
INSERT INTO webhook_deliveries (webhook, id, event, payload, size, status, outcome, replay_of, received_at)
VALUES (@webhook, @id, @event, @payload, @size, @status, @outcome, @replay_of, @received_at);

-- name: WebhookDeliveryGet :one
SELECT * FROM webhook_deliveries WHERE webhook = @webhook AND id = @id;

-- name: WebhookDeliveryList :many
-- Newest first, without the payloads.
SELECT webhook, id, event, size, status, outcome, replay_of, received_at FROM webhook_deliveries
WHERE webhook = @webhook ORDER BY received_at DESC, id DESC;

-- name: WebhookDeliveryForget :exec
-- Keeps the newest, so many of them.
DELETE FROM webhook_deliveries WHERE webhook_deliveries.webhook = @webhook AND id NOT IN (
    SELECT kept.id FROM webhook_deliveries AS kept WHERE kept.webhook = @webhook ORDER BY kept.received_at DESC, kept.id DESC LIMIT CAST(@n AS bigint)
);

-- name: WebhookDeliveryDeleteAll :exec
DELETE FROM webhook_deliveries WHERE webhook = @webhook;
