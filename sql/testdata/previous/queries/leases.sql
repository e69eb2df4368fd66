-- name: LeaseRenew :execrows
-- A lease that ended before now may be taken by anyone.
UPDATE leases SET holder = @holder, expires_at = @until WHERE name = @name AND (holder = @holder OR expires_at < @now);

-- name: LeaseInsert :execrows
INSERT INTO leases (name, holder, expires_at) VALUES (@name, @holder, @until) ON CONFLICT (name) DO NOTHING;

-- name: LeaseRelease :exec
DELETE FROM leases WHERE name = @name AND holder = @holder;
