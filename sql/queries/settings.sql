-- name: SettingInsert :exec
-- Keeps the value that is there, so that of several first starts one wins.
INSERT INTO settings (name, value) VALUES (@name, @value) ON CONFLICT (name) DO NOTHING;

-- name: SettingUpdate :execrows
UPDATE settings SET value = @value WHERE name = @name;
