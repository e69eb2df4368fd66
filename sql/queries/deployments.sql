-- name: DeploymentInsert :exec
INSERT INTO deployments (project, environment, id, service, version, status, source, external_id, git_commit, strategy, description, url, started_at, finished_at, updated_at, traffic_weight)
VALUES (@project, @environment, @id, @service, @version, @status, @source, @external_id, @git_commit, @strategy, @description, @url, @started_at, @finished_at, @updated_at, @traffic_weight);

-- name: DeploymentUpdate :exec
UPDATE deployments SET service = @service, version = @version, status = @status, git_commit = @git_commit, strategy = @strategy,
    description = @description, url = @url, started_at = @started_at, finished_at = @finished_at, updated_at = @updated_at,
    traffic_weight = @traffic_weight
WHERE project = @project AND environment = @environment AND id = @id;

-- name: DeploymentGet :one
SELECT * FROM deployments WHERE project = @project AND environment = @environment AND id = @id;

-- name: DeploymentGetByExternalID :one
SELECT * FROM deployments WHERE project = @project AND environment = @environment AND source = @source AND external_id = @external_id;

-- name: DeploymentList :many
-- An empty service means all, and so does an empty strategy.
SELECT * FROM deployments
WHERE project = @project AND environment = @environment AND (CAST(@service AS text) = '' OR service = @service)
    AND (CAST(@strategy AS text) = '' OR strategy = @strategy)
    AND (started_at < @before_start OR started_at = @before_start AND id < @before_id)
ORDER BY started_at DESC, id DESC LIMIT CAST(@n AS bigint);
