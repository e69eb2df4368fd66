-- name: ChangeInsert :exec
INSERT INTO changes (project, environment, revision, at, actor_kind, actor_name, kind, key, reason, before, after)
VALUES (@project, @environment, @revision, @at, @actor_kind, @actor_name, @kind, @key, @reason, @before, @after);

-- name: ChangeList :many
-- An empty kind means all.
SELECT * FROM changes
WHERE project = @project AND environment = @environment AND revision < @before_revision
    AND (CAST(@kind AS text) = '' OR kind = @kind)
ORDER BY revision DESC LIMIT CAST(@n AS bigint);

-- name: ChangeListByKey :many
-- The history of one flag, segment and so on. An empty kind means all.
SELECT * FROM changes
WHERE project = @project AND environment = @environment AND key = @key AND revision < @before_revision
    AND (CAST(@kind AS text) = '' OR kind = @kind)
ORDER BY revision DESC LIMIT CAST(@n AS bigint);

-- name: ChangeListSubjects :many
-- What has changed after a revision, oldest first, without the documents.
SELECT revision, kind, key FROM changes
WHERE project = @project AND environment = @environment AND revision > @after
ORDER BY revision LIMIT CAST(@n AS bigint);
