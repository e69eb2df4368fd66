-- name: ChangeInsert :exec
INSERT INTO changes (project, environment, revision, at, actor_kind, actor_name, kind, key, reason, before, after)
VALUES (@project, @environment, @revision, @at, @actor_kind, @actor_name, @kind, @key, @reason, @before, @after);

-- name: ChangeList :many
-- An empty kind or key means all.
SELECT * FROM changes
WHERE project = @project AND environment = @environment AND revision < @before_revision
    AND (CAST(@kind AS text) = '' OR kind = @kind) AND (CAST(@key AS text) = '' OR key = @key)
ORDER BY revision DESC LIMIT CAST(@n AS bigint);
