-- name: SegmentInsert :exec
INSERT INTO segments (project, segment, name, description, included, excluded, rules, archived, version, created_at, updated_at)
VALUES (@project, @segment, @name, @description, @included, @excluded, @rules, @archived, @version, @created_at, @updated_at);

-- name: SegmentGet :one
SELECT * FROM segments WHERE project = @project AND segment = @segment;

-- name: SegmentList :many
SELECT * FROM segments WHERE project = @project AND NOT archived ORDER BY segment;

-- name: SegmentUpdate :exec
UPDATE segments SET name = @name, description = @description, included = @included, excluded = @excluded, rules = @rules,
    archived = @archived, version = @version, updated_at = @updated_at
WHERE project = @project AND segment = @segment;

-- name: SegmentRevisionPut :exec
INSERT INTO segment_revisions (project, environment, segment, revision) VALUES (@project, @environment, @segment, @revision)
ON CONFLICT (project, environment, segment) DO UPDATE SET revision = excluded.revision;

-- name: SegmentListChanged :many
-- What a definition (after revision 0, without the archived) or a patch is made of.
SELECT segments.segment, segments.included, segments.excluded, segments.rules, segments.archived, segment_revisions.revision
FROM segment_revisions JOIN segments ON segments.project = segment_revisions.project AND segments.segment = segment_revisions.segment
WHERE segment_revisions.project = @project AND segment_revisions.environment = @environment AND segment_revisions.revision > @after
    AND segments.archived IN (false, @with_archived)
ORDER BY segments.segment;
