-- name: MeasurementInsert :exec
-- A measurement that is written again, because nobody knew whether it was, stays as it is.
INSERT INTO measurements (project, environment, release_id, starts_at, step, observer, written_at, findings)
VALUES (@project, @environment, @release_id, @starts_at, @step, @observer, @written_at, @findings)
ON CONFLICT (project, environment, release_id, starts_at, step, observer) DO NOTHING;

-- name: MeasurementList :many
SELECT * FROM measurements WHERE project = @project AND environment = @environment AND release_id = @release_id
ORDER BY starts_at, step, observer;

-- name: MeasurementListWritten :many
SELECT * FROM measurements WHERE written_at >= @since
ORDER BY starts_at, step, observer;

-- name: MeasurementDeleteBefore :exec
DELETE FROM measurements WHERE written_at < @before;
