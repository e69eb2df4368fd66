-- name: ReleasePut :exec
INSERT INTO releases (project, environment, flag, id, version, phase, spec, state, updated_at)
VALUES (@project, @environment, @flag, @id, @version, @phase, @spec, @state, @updated_at)
ON CONFLICT (project, environment, flag) DO UPDATE SET id = excluded.id, version = excluded.version, phase = excluded.phase,
    spec = excluded.spec, state = excluded.state, updated_at = excluded.updated_at;

-- name: ReleaseGet :one
SELECT releases.* FROM releases JOIN flags ON flags.project = releases.project AND flags.flag = releases.flag
WHERE releases.project = @project AND releases.environment = @environment AND releases.flag = @flag AND NOT flags.archived;

-- name: ReleaseListByEnvironment :many
SELECT releases.* FROM releases JOIN flags ON flags.project = releases.project AND flags.flag = releases.flag
WHERE releases.project = @project AND releases.environment = @environment AND NOT flags.archived
ORDER BY releases.flag;

-- name: ReleaseListOpen :many
SELECT releases.* FROM releases JOIN flags ON flags.project = releases.project AND flags.flag = releases.flag
WHERE releases.phase IN ('pending', 'progressing', 'paused') AND NOT flags.archived
ORDER BY releases.project, releases.environment, releases.flag;
