-- name: FlagInsert :exec
INSERT INTO flags (project, flag, name, description, type, purpose, variations, client_side, tags, owner, archived, version, created_at, updated_at)
VALUES (@project, @flag, @name, @description, @type, @purpose, @variations, @client_side, @tags, @owner, @archived, @version, @created_at, @updated_at);

-- name: FlagGet :one
SELECT * FROM flags WHERE project = @project AND flag = @flag;

-- name: FlagList :many
SELECT * FROM flags WHERE project = @project AND archived = @archived AND flag > @after
ORDER BY flag LIMIT CAST(@n AS bigint);

-- name: FlagUpdate :exec
-- The type of a flag never changes.
UPDATE flags SET name = @name, description = @description, purpose = @purpose, variations = @variations, client_side = @client_side,
    tags = @tags, owner = @owner, archived = @archived, version = @version, updated_at = @updated_at
WHERE project = @project AND flag = @flag;

-- name: FlagConfigInsert :exec
INSERT INTO flag_configs (project, environment, flag, config, fleet_open, version, revision, updated_at, updated_by)
VALUES (@project, @environment, @flag, @config, @fleet_open, @version, @revision, @updated_at, @updated_by);

-- name: FlagConfigGet :one
SELECT flag_configs.* FROM flag_configs JOIN flags ON flags.project = flag_configs.project AND flags.flag = flag_configs.flag
WHERE flag_configs.project = @project AND flag_configs.environment = @environment AND flag_configs.flag = @flag AND NOT flags.archived;

-- name: FlagConfigListByProject :many
SELECT flag_configs.* FROM flag_configs JOIN flags ON flags.project = flag_configs.project AND flags.flag = flag_configs.flag
WHERE flag_configs.project = @project AND NOT flags.archived
ORDER BY flag_configs.flag, flag_configs.environment;

-- name: FlagConfigListByEnvironment :many
SELECT flag_configs.* FROM flag_configs JOIN flags ON flags.project = flag_configs.project AND flags.flag = flag_configs.flag
WHERE flag_configs.project = @project AND flag_configs.environment = @environment AND NOT flags.archived
ORDER BY flag_configs.flag;

-- name: FlagConfigUpdate :exec
UPDATE flag_configs SET config = @config, fleet_open = @fleet_open, fleet_warning = @fleet_warning, version = @version, revision = @revision,
    updated_at = @updated_at, updated_by = @updated_by
WHERE project = @project AND environment = @environment AND flag = @flag;

-- name: FlagConfigKill :exec
UPDATE flag_configs SET kill = @kill, revision = @revision WHERE project = @project AND environment = @environment AND flag = @flag;

-- name: FlagConfigTouch :exec
-- Records that the flag itself changed.
UPDATE flag_configs SET revision = @revision WHERE project = @project AND environment = @environment AND flag = @flag;

-- name: FlagConfigListChanged :many
-- What a definition (after revision 0, without the archived) or a patch is made of.
SELECT flags.flag, flags.type, flags.variations, flags.client_side, flags.archived, flag_configs.config, flag_configs.fleet_open, flag_configs.kill, flag_configs.revision
FROM flag_configs JOIN flags ON flags.project = flag_configs.project AND flags.flag = flag_configs.flag
WHERE flag_configs.project = @project AND flag_configs.environment = @environment AND flag_configs.revision > @after
    AND flags.archived IN (false, @with_archived)
ORDER BY flags.flag;
