-- name: ReleasePolicyGet :one
SELECT * FROM release_policies WHERE project = @project AND policy = @policy;

-- name: ReleasePolicyList :many
-- The archived too: they hide standard policies.
SELECT * FROM release_policies WHERE project = @project ORDER BY policy;

-- name: ReleasePolicyPut :exec
INSERT INTO release_policies (project, policy, document, archived, version, created_at, updated_at)
VALUES (@project, @policy, @document, @archived, @version, @created_at, @updated_at)
ON CONFLICT (project, policy) DO UPDATE SET document = excluded.document, archived = excluded.archived,
    version = excluded.version, created_at = excluded.created_at, updated_at = excluded.updated_at;
