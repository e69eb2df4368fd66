-- name: InstancePut :exec
-- A late report never takes a newer one's place.
INSERT INTO instances (project, environment, service, instance, version, started_at, seen_at, revision, shadow)
VALUES (@project, @environment, @service, @instance, @version, @started_at, @seen_at, @revision, @shadow)
ON CONFLICT (project, environment, service, instance) DO UPDATE SET version = excluded.version, started_at = excluded.started_at,
    seen_at = excluded.seen_at, revision = excluded.revision, shadow = excluded.shadow
WHERE instances.seen_at <= excluded.seen_at;

-- name: InstanceList :many
SELECT * FROM instances WHERE project = @project AND environment = @environment AND seen_at >= @since
ORDER BY service, version, instance;

-- name: InstanceDeleteBefore :exec
DELETE FROM instances WHERE seen_at < @before;
