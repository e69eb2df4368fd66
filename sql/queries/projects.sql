-- name: ProjectInsert :exec
INSERT INTO projects (project, name, version, created_at) VALUES (@project, @name, @version, @created_at);

-- name: ProjectGet :one
SELECT * FROM projects WHERE project = @project;

-- name: ProjectList :many
SELECT * FROM projects ORDER BY project;

-- name: ProjectUpdate :exec
UPDATE projects SET name = @name, version = @version WHERE project = @project;

-- name: ProjectLock :one
-- Takes the row's lock: whatever writes to several environments, or adds one, comes one at a time.
UPDATE projects SET version = version WHERE project = @project RETURNING *;

-- name: EnvironmentInsert :exec
INSERT INTO environments (project, environment, name, production, position, version, revision, created_at, freezes, allowed_origins)
VALUES (@project, @environment, @name, @production, @position, @version, @revision, @created_at, @freezes, @allowed_origins);

-- name: EnvironmentGet :one
SELECT * FROM environments WHERE project = @project AND environment = @environment;

-- name: EnvironmentListByProject :many
SELECT * FROM environments WHERE project = @project ORDER BY position, environment;

-- name: EnvironmentListAll :many
SELECT * FROM environments ORDER BY project, position, environment;

-- name: EnvironmentUpdate :exec
UPDATE environments SET name = @name, production = @production, position = @position, freezes = @freezes,
    allowed_origins = @allowed_origins, version = @version
WHERE project = @project AND environment = @environment;

-- name: EnvironmentRaise :one
-- Takes the row's lock, so that revisions commit in order.
UPDATE environments SET revision = revision + 1 WHERE project = @project AND environment = @environment
RETURNING revision;

-- name: EnvironmentCursor :one
SELECT settings.value AS epoch, environments.revision FROM environments, settings
WHERE environments.project = @project AND environments.environment = @environment AND settings.name = 'epoch';
